"""What the framework's forms show: what stands, or what was typed where it was refused."""

from dataclasses import dataclass

from portal.readmodels.cards import Choice


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list to choose from."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class GoalForm:
    """A goal to be made or changed."""

    title: str
    name: str
    question: str
    owner: str
    start: str
    end: str
    """The last day, if it has one."""
    revision: str
    """What the change is made from; empty for a new goal."""
    rows: tuple[tuple[str, str], ...]
    """Pairs of a KPI's key and its weight; empty ones are left for more."""
    people: tuple[Option, ...]
    kpis: tuple[Option, ...]
    end_action: str
    """Where to end it now; empty for a new goal and for one that has ended."""
    told: str
    """Who stated it when, newest first; empty for a new goal."""


@dataclass(frozen=True, slots=True)
class PersonSearch:
    """The people of the CRM whose own number may have an owner, found by their names."""

    typed: str
    found: tuple[Choice, ...]
    """Those who were found, or stand there already; each an address."""
    told: str
    """That there are none, or more than are shown; empty where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class OwnerForm:
    """Who is accountable for a KPI and scope, who updates it, who covers."""

    title: str
    question: str
    scope: str
    owner: str
    from_day: str
    people: tuple[Option, ...]
    history: tuple[str, ...]
    owned: bool
    """Whether somebody owns it, so that it can be updated and covered."""
    help_action: str
    scopes: tuple[Choice, ...]
    """Whose number is owned: the whole company's or a team's, each an address."""
    search: PersonSearch | None
    """None where the KPI has no number of one person, or the CRM has no people."""
    reason: str
    back: str


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One share as the form has it."""

    component: str = ""
    person: str = ""
    percent: str = ""
    responsibility: str = ""
    input: str = ""


@dataclass(frozen=True, slots=True)
class SharesForm:
    """How a KPI is shared."""

    title: str
    question: str
    scope: str
    owned: bool
    lines: tuple[ShareLine, ...]
    people: tuple[Option, ...]
    kpis: tuple[Option, ...]
    back: str


@dataclass(frozen=True, slots=True)
class LifeForm:
    """Where a KPI is moved in its life."""

    title: str
    question: str
    stands: str
    """Where it stands, and why."""
    moves: tuple[Option, ...]
    kpis: tuple[Option, ...]
    """What may follow it, where it may be retired."""
    history: tuple[str, ...]
    back: str


@dataclass(frozen=True, slots=True)
class HandoverForm:
    """Who hands everything to whom."""

    leaving: tuple[Option, ...]
    taking: tuple[Option, ...]
    back: str
