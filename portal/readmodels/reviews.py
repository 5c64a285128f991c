"""What the page of a review says: rail, frozen number, last review, answers, words, bar."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.readmodels.actions import EditorForm
from portal.readmodels.cards import Bullet, Head, OwnerShare, Status, Tone
from portal.readmodels.charts import XmrChart
from portal.readmodels.review_together import Together


@dataclass(frozen=True, slots=True)
class RailRow:
    """One KPI of the rail."""

    name: str
    value: str
    sub: str
    icon: str
    tone: Tone
    href: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class RailGroup:
    """KPIs of which the same is needed next."""

    title: str
    rows: tuple[RailRow, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    """The KPIs of a person, grouped by what is needed next, and how far the whole review is."""

    title: str
    groups: tuple[RailGroup, ...]
    done: int
    total: int
    whole_done: int
    whole_total: int
    foot: str


@dataclass(frozen=True, slots=True)
class Check:
    """One line of what a KPI still needs: done, warned of, or open."""

    text: str
    tone: Tone
    side: str = ""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A name and a figure beside the chart, coloured by goodness."""

    name: str
    text: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class FrozenNumber:
    """The number as it was frozen, with all that it is read against."""

    title: str
    question: str
    status: Status
    href: str
    value: str
    absence: str
    beside: str
    target: str
    attained: str
    bullet: Bullet | None
    owners: tuple[OwnerShare, ...]
    chart: XmrChart | None
    chart_sub: str
    summary: str
    facts: tuple[FactLine, ...]
    stamp: str
    """Definition, version and when the facts became known."""
    confidence: tuple[int, str] | None = None
    """How far its data was to be trusted when it was frozen: bars 0-3 and their word."""
    doubt: str = ""
    """The worst that spoke against it then, in a sentence."""


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action of a review, as a row says it."""

    title: str
    href: str
    owner: str
    when: str
    state: Status
    verdict: str
    expected: str
    carry: str = ""
    """Where the form posts that carries it over; empty where it cannot be."""
    version: int = 0


@dataclass(frozen=True, slots=True)
class LastReview:
    """What the last review said of the KPI, and what became of its actions."""

    title: str
    sub: str
    pill: str
    actions: tuple[ActionLine, ...]
    disputed: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """One of a few answers."""

    value: str
    text: str
    icon: str = ""
    tone: Tone = Tone.NEUTRAL
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of what the portal knows: pairs of text and whether it is strong."""

    words: tuple[tuple[str, bool], ...]
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One of the four questions with its evidence and the owner's answer."""

    key: str
    title: str
    picks: tuple[Pick, ...]
    words: str
    evidence: tuple[Evidence, ...]
    seen_by: tuple[tuple[str, int, int], ...] = ()
    """Role, how many of it looked, of how many."""
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where the KPI is heading, how sure one is, and what happened and why."""

    title: str
    sub: str
    headings: tuple[Pick, ...]
    sure: tuple[Pick, ...]
    words: str
    started: str
    """Whether the note began with the finding, and who edited it."""
    decisions: tuple[Pick, ...] = ()
    """Of an annual review: keep, change, retire."""
    decision_words: str = ""
    decision_note: str = ""


@dataclass(frozen=True, slots=True)
class NextTarget:
    """What a quarterly review says of the next quarter's target and of the goals."""

    target: str
    who: str
    href: str
    """Where the target is set; empty for who sets none."""
    goals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordCard:
    """What one owner said to the whole number."""

    name: str
    percent: str
    sub: str
    text: str
    foot: str
    pill: Status
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Every owner's word, and what was said to a disagreement."""

    title: str
    sub: str
    pill: str
    cards: tuple[WordCard, ...]
    replies: tuple[tuple[str, str], ...]
    """Who said it and when, and what."""
    speaks: bool = False
    replying: bool = False
    settling: bool = False


@dataclass(frozen=True, slots=True)
class StepMark:
    """One step of the bar: what it says, and whether it is done, the one now, or ahead."""

    text: str
    stands: str
    """'done', 'now' or 'ahead'."""


@dataclass(frozen=True, slots=True)
class MoveButton:
    """A button of the bar. `asks` is what must be typed before it is pressed.

    `tells` is what it does, read before the button that `confirms` it; empty where one press is
    enough.
    One that is `off` says what comes next; the bar tells what is missing until then.
    """

    move: str
    text: str
    icon: str
    primary: bool = False
    asks: str = ""
    off: bool = False
    tells: tuple[str, ...] = ()
    confirms: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar at the foot: where the KPI stands, what was saved, and what can be done."""

    steps: tuple[StepMark, ...]
    saved: str
    buttons: tuple[MoveButton, ...]
    reasons: tuple[str, ...] = ()
    """What stands against the primary button."""
    next: str = ""
    """What the next step is and whose, where it is no button of the reader's."""


@dataclass(frozen=True, slots=True)
class ClashText:
    """A field that two people wrote: what stands, and what was not taken."""

    field: str
    name: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The page of one KPI of a review."""

    head: Head
    review: str
    item: str
    version: int
    base: Mapping[str, str]
    """What stands in each field that may be answered."""
    may_write: bool
    rail: Rail
    checks_sub: str
    checks: tuple[Check, ...]
    readers: tuple[str, ...]
    number: FrozenNumber
    last: LastReview | None
    assessment: Assessment
    questions: tuple[Question, ...]
    next_target: NextTarget | None
    actions: tuple[ActionLine, ...]
    form: EditorForm | None
    words: Words | None
    bar: Bar
    notice: str = ""
    csrf: str = ""
    call_off: str = ""
    """The version to call the review off from; empty where the reader may not."""
    together: Together | None = None
    reader: str = ""
    """Who reads it: what a browser could not save is given back to nobody else."""
