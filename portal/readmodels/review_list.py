"""What the pages around a review say: the list of reviews, their cycles, and the meeting."""

from dataclasses import dataclass

from portal.readmodels.actions import Option
from portal.readmodels.cards import Head, Status
from portal.readmodels.reviews import FrozenNumber


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review in the list."""

    name: str
    href: str
    kind: str
    sub: str
    state: Status
    done: int
    total: int
    due: str
    mine: str
    """What the reader still owes it."""


@dataclass(frozen=True, slots=True)
class CycleRow:
    """One cycle in the list."""

    id: str
    name: str
    kind: str
    scope: str
    window: str
    kpis: str
    signer: str
    version: int
    next: str
    opens: str
    """Where the form posts that opens the next review; empty where it cannot be opened."""
    ends: str
    plans: str = ""
    """Where the form posts that announces the next review; empty where it cannot be planned."""
    plan_period: str = ""
    """The label of the period that would be planned."""
    participants: str = ""
    """How many take part besides those who answer and sign."""


@dataclass(frozen=True, slots=True)
class ReviewList:
    """The page of all reviews."""

    head: Head
    open: tuple[ReviewRow, ...]
    past: tuple[ReviewRow, ...]
    cycles: tuple[CycleRow, ...]
    may_open: bool
    usual: str
    """Where the form posts that begins with the usual three cycles; empty where there are some."""
    csrf: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class MeetingNote:
    """A note of the meeting, as it is read."""

    name: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """One KPI on the screen of a meeting."""

    title: str
    review: str
    item: str
    place: int
    of: int
    number: FrozenNumber
    assessed: Status
    confidence: str
    words: str
    by: str
    disputed: tuple[tuple[str, str], ...]
    """Who said it, and what, of a disagreement and of what was said to it."""
    actions: tuple[tuple[str, str], ...]
    notes: tuple[MeetingNote, ...]
    readers: tuple[str, ...]
    before: str
    """The address of the KPI before; empty at the first."""
    after: str
    back: str
    may_note: bool
    longest: int


@dataclass(frozen=True, slots=True)
class CycleForm:
    """The form of a cycle."""

    title: str
    sends: str
    csrf: str
    version: int
    name: str
    kinds: tuple[Option, ...]
    scopes: tuple[Option, ...]
    signers: tuple[Option, ...]
    kpis: tuple[Option, ...]
    participants: tuple[Option, ...]
    """Everybody with an open account; chosen: who takes part though they answer for nothing."""
    open_after: str
    answer_days: str
    sign_days: str
    instructions: str
    why: str
    """Why it was not taken; empty at first."""
    ends: str
    """Where the form posts that ends the cycle; empty for a new one."""
