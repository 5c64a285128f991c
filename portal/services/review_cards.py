"""What is known of reviews: cards, frozen items, answers, words of co-owners, notes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Grain, Period
from kpi_engine.reading import Reading
from kpi_engine.units import Unit
from portal.readmodels.cards import Status, Tone
from portal.services.confidence_rules import Trust
from portal.services.numbers import Who
from portal.services.targets import Target
from portal.workflow.review import Facts, ItemState, ReviewState

PATH = "/reviews"
QUESTIONS = ("relevant", "used", "acting", "unhealthy")
"""The four questions, as the columns of an answer name them."""


class ReviewKind(StrEnum):
    """How often a review comes, and so what it asks."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"

    @property
    def grain(self) -> Grain:
        """The period that one such review looks at."""
        return _GRAINS[self]


_GRAINS = {
    ReviewKind.MONTHLY: Grain.MONTH,
    ReviewKind.QUARTERLY: Grain.QUARTER,
    ReviewKind.ANNUAL: Grain.YEAR,
}


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """One review, and how far it is."""

    id: UUID
    cycle: UUID
    kind: ReviewKind
    name: str
    period: Period
    state: ReviewState
    version: int
    due: date
    """The day on which answers are due."""
    sign_off_by: date
    instructions: str
    signer: UUID | None
    """Who signs; None: any leader or executive, within their reach."""
    participants: tuple[UUID, ...]
    opened_by: str
    opened_at: datetime | None
    signed_by: str
    signed_at: datetime | None
    sources: tuple[Mapping[str, Any], ...]
    """Name, moment of its last load and whether it was stale, of each source at the opening."""

    @property
    def href(self) -> str:
        """Where it is read."""
        return f"{PATH}/{self.id}"


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of the frozen series."""

    start: date
    value: float | None
    reason: str
    signal: str
    """What it signals: 'above', 'below', 'run_above', 'run_below'; empty for the usual."""
    usual: tuple[float, float] | None = None
    """The limits of this point, where they move along with the series."""
    begins: date | None = None
    """The month from which there are records, where the period is covered in part only."""


@dataclass(frozen=True, slots=True)
class UsualRange:
    """The limits of the usual as they were when the review opened."""

    low: float
    mean: float
    high: float


@dataclass(frozen=True, slots=True)
class ShareHeld:
    """What one co-owner answered for when the review opened."""

    component: str
    person: UUID
    name: str
    percent: float
    responsibility: str
    input: KpiKey | None


_LEAST = 4


@dataclass(frozen=True, slots=True)
class Frozen:
    """One KPI of one scope as it was when the review opened; never changed since."""

    id: UUID
    review: UUID
    place: int
    kpi: KpiKey
    kpi_name: str
    question: str
    unit: Unit
    better: Better
    who: Who
    scope_name: str
    """Empty for the whole tenant."""
    reading: Reading
    target: Target | None
    status: Status
    score: float | None
    attained: float | None
    definition: str
    """The definition's fingerprint."""
    definition_version: int | None
    known_at: datetime | None
    store_version: int | None
    before: float | None
    last_year: float | None
    usual: UsualRange | None
    series: tuple[Moment, ...]
    moved: tuple[tuple[str, float], ...]
    """Name and amount of each part of a shared number's change; they add up to it."""
    finding: str
    quality: Trust | None
    """How far its data was to be trusted; None where nobody looked."""
    accountable: UUID | None
    accountable_name: str
    writers: tuple[UUID, ...]
    shares: tuple[ShareHeld, ...]

    def begins(self, start: date) -> date | None:
        """Return from when there are records in the period that starts then; None for all of it."""
        return next((one.begins for one in self.series if one.start == start), None)

    def of_nothing(self, value: float | None) -> bool:
        """Say whether a value is a cost of 0 for each of something, as `quotients` has it."""
        costs = self.unit is Unit.MONEY and self.better is Better.LOWER
        return costs and self.reading.under is not None and value == 0

    @property
    def trend(self) -> tuple[Moment, ...]:
        """The series from its first number on; no years of nothing before it, but four points."""
        points = self.series
        first = next((at for at, one in enumerate(points) if one.value is not None), 0)
        return points[max(min(first, len(points) - _LEAST), 0) :]

    @property
    def moving(self) -> bool:
        """Whether what is usual is told of the moves, and so is another of each period."""
        return any(one.usual for one in self.series)

    @property
    def red(self) -> bool:
        """Whether the number is off target."""
        return self.status.tone is Tone.BAD

    @property
    def shared(self) -> bool:
        """Whether several own it."""
        return len({one.person for one in self.shares}) > 1

    @property
    def co_owners(self) -> tuple[ShareHeld, ...]:
        """Those who own a part of it and do not answer for the whole."""
        found = {one.person: one for one in self.shares if one.person != self.accountable}
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and where it stands."""

    state: ItemState
    version: int
    assessment: str = ""
    """'on_track', 'at_risk' or 'off_track'."""
    confidence: str = ""
    words: str = ""
    replies: Mapping[str, str] = field(default_factory=dict)
    """Yes, partly or no to each of the four questions that was answered."""
    reply_words: Mapping[str, str] = field(default_factory=dict)
    decision: str = ""
    """Of an annual review: 'keep', 'change' or 'retire'."""
    decision_words: str = ""
    read_at: datetime | None = None
    asked_at: datetime | None = None
    saved_by: str = ""
    saved_at: datetime | None = None
    submitted_by: UUID | None = None
    submitted_by_name: str = ""
    submitted_at: datetime | None = None
    approved_by_name: str = ""
    approved_at: datetime | None = None
    sent_back: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """What a co-owner said, a reply to it, or how it was settled."""

    id: UUID
    item: UUID
    person: UUID
    name: str
    kind: str
    """'agrees', 'disagrees', 'reply' or 'settled'."""
    about: tuple[str, ...]
    text: str
    of_word: UUID | None
    to_version: int
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the meeting."""

    id: UUID
    item: UUID | None
    name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One KPI of a review: the frozen number, what was answered, and what the co-owners said."""

    frozen: Frozen
    answer: Answer
    said: tuple[Word, ...] = ()

    @property
    def words(self) -> Mapping[UUID, Word]:
        """The last word of each co-owner."""
        mine = {one.person for one in self.frozen.co_owners}
        told = [one for one in self.said if one.kind in {"agrees", "disagrees"}]
        return {one.person: one for one in told if one.person in mine}

    @property
    def missing(self) -> tuple[ShareHeld, ...]:
        """The co-owners who have not said their word."""
        return tuple(one for one in self.frozen.co_owners if one.person not in self.words)

    @property
    def disputes(self) -> tuple[Word, ...]:
        """The disagreements that stand and were not settled."""
        settled = {one.of_word for one in self.said if one.kind == "settled"}
        return tuple(
            one for one in self.words.values() if one.kind == "disagrees" and one.id not in settled
        )

    def facts(self, person: UUID, kind: ReviewKind) -> Facts:
        """Return what the rules beyond the table look at."""
        answer, frozen = self.answer, self.frozen
        return Facts(
            red=frozen.red,
            assessed=bool(answer.assessment and answer.confidence),
            # What the portal wrote for them is no note of theirs.
            noted=answer.words.strip() not in {"", frozen.finding.strip()},
            questions_left=sum(not answer.replies.get(name) for name in QUESTIONS),
            decision_missing=kind is ReviewKind.ANNUAL and not answer.decision,
            words_missing=len(self.missing),
            disputed=bool(self.disputes),
            own=person in {frozen.accountable, answer.submitted_by},
        )
