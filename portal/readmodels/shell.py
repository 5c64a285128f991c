"""What stands around every page: who is signed in, where they may go, how fresh the data is."""

from dataclasses import dataclass, field

from portal.readmodels.brand import Brand
from portal.readmodels.cards import Choice


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation. `short` is what the bar of a phone says."""

    text: str
    href: str
    icon: str
    chosen: bool = False
    count: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of data in the foot of the sidebar: 'Salesforce', '8 min ago'."""

    name: str
    age: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything around a page, in finished text."""

    tenant: str
    role: str
    person: str
    initials: str
    email: str
    csrf: str
    """The token that the form for signing out carries."""
    places: tuple[Place, ...]
    """By permission; the first five are a phone's bar."""
    sync: str = ""
    """'2 of 3 sources fresh'."""
    sources: tuple[Source, ...] = ()
    fresh: str = ""
    """'24 of 24 KPIs fresh'."""
    homes: tuple[Choice, ...] = ()
    """The homes of a person of several roles."""
    account: tuple[Choice, ...] = ()
    """Links of the person's menu: password, second factor."""
    unread: int = 0
    """How many items of the inbox wait unread."""
    version: str = ""
    """Which numbers the page was drawn from, in a word that changes with them."""
    viewing_as: str = ""
    """The name that an administrator looks as; empty when nobody is looked as."""
    stop_viewing: str = ""
    """Where the form posts that ends looking as somebody."""
    brand: Brand = field(default_factory=Brand)
    """What the company shows of itself in place of Meridian's name, mark and accent."""
