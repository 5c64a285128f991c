"""What the administrator's pages say: the people of a company, and what was done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoleSwitch:
    """One role of one person: whether they have it, and where the button that changes it goes."""

    word: str
    held: bool
    action: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person: who, in which roles, where in the CRM, and what may be done about it."""

    name: str
    email: str
    roles: str
    crm: str
    """The CRM user and team; 'not in the CRM' where there is neither."""
    standing: str
    """'Active', 'No password yet', 'Shut since 3 Nov 2026'."""
    switches: tuple[RoleSwitch, ...]
    edit: str
    """Where their name and who they are in the CRM is changed."""
    disable: str
    """Where the button that shuts the account, or opens it again, goes; empty for oneself."""
    disabled: bool
    view: str = ""
    """Where the button that looks as this person goes; empty where that may not be."""
    invite: str = ""
    """Where the button that sends a link goes; empty where the account is shut."""
    reset: str = ""
    """Where the button that forgets the second factor goes; empty where there is none."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Everybody of a company, and the form for one more."""

    rows: tuple[PersonRow, ...]
    csrf: str
    said: str = ""
    """What came of the last change."""


@dataclass(frozen=True, slots=True)
class SignInPage:
    """How a company's people sign in: the roles that need a second factor, and the provider."""

    roles: tuple[RoleSwitch, ...]
    """Each role, whether it needs one, and where the button that changes it goes."""
    held: str
    """How many people have one, in words."""
    issuer: str
    """The provider's; empty where there is none."""
    key: str
    """The company's key, which its people type to get to the provider."""
    csrf: str
    said: str = ""
    """What came of the last change."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event: when, who, what, about what, from where."""

    at: str
    who: str
    event: str
    about: str
    detail: str
    origin: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of events, newest first; `older` leads to those before."""

    rows: tuple[AuditRow, ...]
    older: str = ""
