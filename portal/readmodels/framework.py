"""The framework's pages: goals as trees of KPIs, who owns what, the catalogue and comparisons."""

from dataclasses import dataclass

from portal.readmodels.cards import Choice, Head, Menu, OwnerShare, Spark, Status


@dataclass(frozen=True, slots=True)
class Node:
    """A KPI in a goal's tree, with what drives it or is a part of it."""

    key: str
    name: str
    href: str
    about: str
    """'Outcome, sales, lagging'."""
    owners: tuple[OwnerShare, ...]
    """Empty where nobody owns it."""
    life: Status | None
    """None where it is simply in use."""
    weight: str
    """How much it counts in the goal's score; empty where it does not."""
    how: str
    """How it bears on what stands before it: 'drives', 'part of'; empty for the first ones."""
    inner: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class GoalTree:
    """A goal with the KPIs that tell whether it is reached, and what drives those."""

    key: str
    name: str
    question: str
    owners: tuple[OwnerShare, ...]
    period: str
    told: str
    """How many KPIs it has, of which timing."""
    edit: str
    """The form that changes it; empty for who may not, and for a goal of the default framework."""
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class PastGoal:
    """A goal that is none any more, or not yet."""

    name: str
    period: str
    edit: str


@dataclass(frozen=True, slots=True)
class FrameworkPage:
    """The page of goals."""

    head: Head
    tabs: tuple[Choice, ...]
    said: str
    csrf: str
    source: str
    add: str
    """The form of a new goal; empty for who may not change the framework."""
    take: str
    """Where to send that the default goals are to be one's own; empty where that is no question."""
    goals: tuple[GoalTree, ...]
    past: tuple[PastGoal, ...]


@dataclass(frozen=True, slots=True)
class Mend:
    """Something about owners that somebody has to look at."""

    title: str
    why: str
    links: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A co-owner's part of a shared KPI."""

    component: str
    name: str
    percent: str
    responsibility: str
    input: str
    """The component KPI by name; empty where the share names none."""
    input_href: str
    said: str
    """'Acknowledged 3 Aug 2026', 'Not acknowledged yet'."""
    waiting: bool
    acknowledge: str
    """Where the reader sends their own word; empty unless the share is theirs and waits."""


@dataclass(frozen=True, slots=True)
class SharedKpi:
    """A shared KPI with its shares."""

    key: str
    name: str
    href: str
    scope: str
    accountable: str
    rounds: tuple[OwnerShare, ...]
    shares: tuple[ShareRow, ...]
    edit: str


@dataclass(frozen=True, slots=True)
class HelpRow:
    """Somebody who updates or covers; `end` takes it back, for who may."""

    text: str
    end: str


@dataclass(frozen=True, slots=True)
class OwnedRow:
    """One KPI and scope that somebody is accountable for."""

    key: str
    name: str
    href: str
    scope: str
    shared: str
    """'60 %' of a shared one; empty where it is not shared."""
    helps: tuple[HelpRow, ...]
    since: str
    edit: str
    share: str
    """The form of its shares; empty for who may not."""


@dataclass(frozen=True, slots=True)
class PersonOwns:
    """Somebody and the KPIs that they are accountable for."""

    name: str
    told: str
    """'8 KPIs; account shut'."""
    active: bool
    rows: tuple[OwnedRow, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class OwnersPage:
    """Who owns what, and what is to be mended."""

    head: Head
    tabs: tuple[Choice, ...]
    said: str
    csrf: str
    hand_over: str
    mends: tuple[Mend, ...]
    shared: tuple[SharedKpi, ...]
    people: tuple[PersonOwns, ...]


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One KPI of the catalogue."""

    key: str
    name: str
    question: str
    href: str
    about: str
    cadence: str
    owners: tuple[OwnerShare, ...]
    life: Status
    note: str
    """Why it stands so, and what follows it."""
    beside: str
    """It and its successor side by side; empty where it has none."""
    change: Choice | None
    """The form of its life, and what is done there; None for who may not."""
    owner: str
    """The form of its owner, likewise."""
    compare: Choice
    """Takes it into the comparison, or out of it."""


@dataclass(frozen=True, slots=True)
class CatalogueGroup:
    """A stage of the journey with its KPIs."""

    title: str
    rows: tuple[CatalogueRow, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One KPI in a comparison; `facts` are the values of the rows, in their order."""

    name: str
    href: str
    value: str
    spark: Spark | None
    facts: tuple[str, ...]
    drop: str
    """The comparison without it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two or three KPIs side by side."""

    title: str
    rows: tuple[str, ...]
    """What is told of each."""
    kpis: tuple[Compared, ...]
    clear: str
    hint: str


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """The catalogue, as far as it was asked for."""

    head: Head
    tabs: tuple[Choice, ...]
    said: str
    menus: tuple[Menu, ...]
    search: str
    keep: tuple[tuple[str, str], ...]
    """What the search form carries along."""
    found: str
    comparison: Comparison | None
    groups: tuple[CatalogueGroup, ...]
    clear: str
    """The whole catalogue; empty where nothing narrows it."""
