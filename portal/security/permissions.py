"""What may be done, and which role may do it. A refusal has a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from kpi_engine.language import mark, tr
from portal.security.actor import Actor
from portal.security.roles import Role, named


class Permission(StrEnum):
    """What may be done, as resource:action, in alphabetical order."""

    ACTION_EDIT = "action:edit"
    ACTION_READ = "action:read"
    AUDIT_READ = "audit:read"
    DEFINITION_EDIT = "definition:edit"
    DEFINITION_PROPOSE = "definition:propose"
    EXPORT_MAKE = "export:make"
    FRAMEWORK_EDIT = "framework:edit"
    FRAMEWORK_READ = "framework:read"
    HOME_READ = "home:read"
    IMPORT_READ = "import:read"
    INBOX_READ = "inbox:read"
    JOURNEY_READ = "journey:read"
    KPI_READ = "kpi:read"
    NOTE_ADD = "note:add"
    PEOPLE_EDIT = "people:edit"
    RECORDS_READ = "records:read"
    REVIEW_OPEN = "review:open"
    REVIEW_READ = "review:read"
    REVIEW_SIGN = "review:sign"
    REVIEW_WRITE = "review:write"
    SCORECARD_READ = "scorecard:read"
    SELF_EDIT = "self:edit"
    SETTINGS_EDIT = "settings:edit"
    TARGET_EDIT = "target:edit"
    TASK_COMPLETE = "task:complete"
    VIEW_AS = "view:as"


class Gate(StrEnum):
    """Doors that no permission guards."""

    EVERYBODY = "everybody"
    """Open to who has not signed in: the sign-in form, its styles, the health of the process."""
    OPERATOR = "operator"
    """Whoever may run the command on the host; row-level security still binds it."""
    SIGNED_IN = "signed in"
    """Anybody who has signed in, whatever their roles."""


Access = Permission | Gate
"""What a route, a callback, a command, a job or an export asks for."""

_P = Permission
_EVERY_ROLE = frozenset({_P.HOME_READ, _P.INBOX_READ, _P.SELF_EDIT})
_NUMBERS = _EVERY_ROLE | {
    *(_P.ACTION_EDIT, _P.ACTION_READ, _P.EXPORT_MAKE, _P.FRAMEWORK_READ, _P.JOURNEY_READ),
    *(_P.KPI_READ, _P.NOTE_ADD, _P.RECORDS_READ, _P.REVIEW_READ, _P.SCORECARD_READ),
    *(_P.TASK_COMPLETE,),
}
"""Which numbers and records these are about, the person's reach says."""

GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.REP: _NUMBERS,
        Role.LEADER: _NUMBERS
        | {_P.DEFINITION_PROPOSE, _P.REVIEW_SIGN, _P.REVIEW_WRITE, _P.TARGET_EDIT},
        Role.EXECUTIVE: _NUMBERS
        | {_P.DEFINITION_PROPOSE, _P.FRAMEWORK_EDIT, _P.IMPORT_READ, _P.REVIEW_OPEN}
        | {_P.REVIEW_SIGN, _P.REVIEW_WRITE, _P.TARGET_EDIT},
        Role.OWNER: _NUMBERS | {_P.DEFINITION_PROPOSE, _P.REVIEW_WRITE, _P.TARGET_EDIT},
        Role.ANALYST: _NUMBERS
        | {_P.DEFINITION_EDIT, _P.DEFINITION_PROPOSE, _P.FRAMEWORK_EDIT, _P.IMPORT_READ}
        | {_P.REVIEW_OPEN, _P.TARGET_EDIT},
        Role.ADMIN: _EVERY_ROLE
        | {_P.AUDIT_READ, _P.IMPORT_READ, _P.PEOPLE_EDIT, _P.SETTINGS_EDIT, _P.VIEW_AS},
    }
)
"""What each role may do; a person may do what any of theirs may."""

CHANGES = frozenset(
    {
        *(_P.ACTION_EDIT, _P.DEFINITION_EDIT, _P.DEFINITION_PROPOSE, _P.FRAMEWORK_EDIT),
        *(_P.NOTE_ADD, _P.PEOPLE_EDIT, _P.REVIEW_OPEN, _P.REVIEW_SIGN, _P.REVIEW_WRITE),
        *(_P.SELF_EDIT, _P.SETTINGS_EDIT, _P.TARGET_EDIT, _P.TASK_COMPLETE, _P.VIEW_AS),
    }
)
"""What changes something: refused to an admin who looks at the portal as somebody else."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be done."""


@dataclass(frozen=True, slots=True)
class Denied:
    """It may not be done; the reason is a sentence for the person."""

    reason: str


def may(actor: Actor, access: Access) -> Allowed | Denied:
    """Say whether the actor may do what asks for `access`, and if not, why and whom to ask."""
    if isinstance(access, Gate):
        return Denied(tr(_BY_COMMAND)) if access is Gate.OPERATOR else Allowed()
    if actor.viewed_by is not None and access in CHANGES:
        return Denied(tr("While you look at the portal as somebody else, nothing can be changed."))
    if any(access in GRANTS[role] for role in actor.roles):
        return Allowed()
    *most, last = (named(role) for role in Role if access in GRANTS[role])
    holders = tr("{head} or {last}", head=", ".join(most), last=last) if most else last
    return Denied(
        tr(
            "This is for the role {roles}. Ask an administrator of your company for it.",
            roles=holders,
        )
    )


_BY_COMMAND = mark("This is done on the portal's own machine, with the command `portal`.")
