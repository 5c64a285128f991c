"""The inbox as a page shows it: finished text, grouped by day."""

from dataclasses import dataclass

from portal.readmodels.cards import Choice, Menu, Status


@dataclass(frozen=True, slots=True)
class Later:
    """One way to put an item off: 'Tomorrow', 'Mon 23 Nov, 07:00', and where the form posts."""

    text: str
    when: str
    action: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item."""

    subject: str
    text: str
    href: str
    kind: str
    """'Status', 'Signal', 'Review'."""
    icon: str
    mark: Status
    """Whether it is good news, as colour, icon and word."""
    when: str
    unread: bool
    standing: str
    """'Acknowledged 22 Nov, 09:14', 'Back on Mon 23 Nov, 07:00'; empty while it waits."""
    acknowledge: str = ""
    """Where the form posts; empty where there is nothing to do."""
    later: tuple[Later, ...] = ()


@dataclass(frozen=True, slots=True)
class DayOfItems:
    """What came on one day."""

    name: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The page."""

    sub: str
    shows: tuple[Choice, ...]
    kinds: Menu
    days: tuple[DayOfItems, ...]
    read_all: str
    """Where the form posts that marks all as read; empty where nothing is unread."""
    csrf: str
    empty: str
    """Why there is nothing, and what comes here; empty where there is something."""
    more: str = ""
    """How much is older than what is shown."""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class DigestForm:
    """How a person wants to be told by mail, as a form."""

    sub: str
    """When the next mail is due at the earliest, or that none comes."""
    rhythms: tuple[Option, ...]
    weekdays: tuple[Option, ...]
    hours: tuple[Option, ...]
    quiet_from: tuple[Option, ...]
    quiet_until: tuple[Option, ...]
    timezone: str
    """As it was chosen; empty for the tenant's."""
    tenant_zone: str
