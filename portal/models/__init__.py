"""The tables, a family a file, and the named questions that services ask of them.

SQLAlchemy stops here: services call these questions through a `TenantSession`.
"""

from portal.models.annotations import Annotation
from portal.models.audit import AuditEvent
from portal.models.definitions import KpiDefinition
from portal.models.job_runs import JobRun
from portal.models.loads import Load, LoadState
from portal.models.observations import Observation, ObservationKind, ScopeKind
from portal.models.open_readings import OpenReading, Refreshed
from portal.models.password_links import PasswordLink
from portal.models.people import Person
from portal.models.rosters import RosterMember, RosterTeam
from portal.models.sign_ins import SignIn
from portal.models.targets import Target
from portal.models.task_marks import TaskMark
from portal.models.tenants import Tenant
from portal.models.throttles import Throttle
from portal.tenancy.owned import Base

METADATA = Base.metadata
"""Every table of the portal."""

__all__ = [
    "METADATA",
    "Annotation",
    "AuditEvent",
    "JobRun",
    "KpiDefinition",
    "Load",
    "LoadState",
    "Observation",
    "ObservationKind",
    "OpenReading",
    "PasswordLink",
    "Person",
    "Refreshed",
    "RosterMember",
    "RosterTeam",
    "ScopeKind",
    "SignIn",
    "Target",
    "TaskMark",
    "Tenant",
    "Throttle",
]
