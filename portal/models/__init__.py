"""The tables, a family a file, and the named questions that services ask of them.

SQLAlchemy stops here: services call these questions through a `TenantSession`.
"""

from portal.models.actions import Action, ActionEvent, ActionVerdict
from portal.models.annotations import Annotation
from portal.models.audit import AuditEvent
from portal.models.brands import Brand, BrandLogo
from portal.models.bridges import KpiBridge, KpiBridgePoint
from portal.models.definitions import KpiDefinition
from portal.models.digests import Digest, DigestSetting
from portal.models.framework_scores import FrameworkScore
from portal.models.goals import GoalStatement, GoalSupport
from portal.models.inbox import InboxItem
from portal.models.job_runs import JobRun
from portal.models.kept_forms import KeptForm
from portal.models.kpi_views import KpiView
from portal.models.lifecycles import KpiLife
from portal.models.loads import Load, LoadState
from portal.models.observations import Observation, ObservationKind, ScopeKind
from portal.models.open_readings import OpenReading, Refreshed
from portal.models.ownership import (
    KpiHelp,
    KpiOwner,
    KpiShare,
    KpiSplit,
    ShareAcknowledgement,
)
from portal.models.password_links import PasswordLink
from portal.models.people import Person
from portal.models.proposals import KpiDraft, KpiProposal
from portal.models.record_gaps import RecordGaps
from portal.models.review_items import ReviewAnswer, ReviewItem
from portal.models.review_papers import ReviewPaper, ReviewPaperCopy
from portal.models.review_records import ReviewEvent, ReviewNote, ReviewReader, ReviewWord
from portal.models.reviews import Review, ReviewCycle
from portal.models.rosters import RosterMember, RosterTeam
from portal.models.second_factors import RecoveryCode, SecondFactor
from portal.models.sign_in_rules import ProviderLink, SignInRule
from portal.models.sign_ins import SignIn
from portal.models.targets import Target
from portal.models.task_marks import TaskMark
from portal.models.tenants import Tenant
from portal.models.throttles import Throttle
from portal.models.waivers import Waiver
from portal.tenancy.owned import Base

METADATA = Base.metadata
"""Every table of the portal."""

__all__ = [
    "METADATA",
    "Action",
    "ActionEvent",
    "ActionVerdict",
    "Annotation",
    "AuditEvent",
    "Brand",
    "BrandLogo",
    "Digest",
    "DigestSetting",
    "FrameworkScore",
    "GoalStatement",
    "GoalSupport",
    "InboxItem",
    "JobRun",
    "KeptForm",
    "KpiBridge",
    "KpiBridgePoint",
    "KpiDefinition",
    "KpiDraft",
    "KpiHelp",
    "KpiLife",
    "KpiOwner",
    "KpiProposal",
    "KpiShare",
    "KpiSplit",
    "KpiView",
    "Load",
    "LoadState",
    "Observation",
    "ObservationKind",
    "OpenReading",
    "PasswordLink",
    "Person",
    "ProviderLink",
    "RecordGaps",
    "RecoveryCode",
    "Refreshed",
    "Review",
    "ReviewAnswer",
    "ReviewCycle",
    "ReviewEvent",
    "ReviewItem",
    "ReviewNote",
    "ReviewPaper",
    "ReviewPaperCopy",
    "ReviewReader",
    "ReviewWord",
    "RosterMember",
    "RosterTeam",
    "ScopeKind",
    "SecondFactor",
    "ShareAcknowledgement",
    "SignIn",
    "SignInRule",
    "Target",
    "TaskMark",
    "Tenant",
    "Throttle",
    "Waiver",
]
