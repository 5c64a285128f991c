"""Reviews as they are kept, made into what is told of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from kpi_engine.reading import Reading, State
from kpi_engine.units import Unit
from portal.models.observations import ScopeKind
from portal.models.review_items import ReviewAnswer, ReviewItem
from portal.models.review_records import ReviewNote, ReviewWord
from portal.models.reviews import Review
from portal.readmodels.cards import Status, Tone
from portal.services import review_quality
from portal.services.numbers import Who
from portal.services.review_cards import (
    QUESTIONS,
    Answer,
    Frozen,
    Item,
    Moment,
    Note,
    ReviewCard,
    ReviewKind,
    ShareHeld,
    UsualRange,
    Word,
)
from portal.services.targets import Target
from portal.workflow.review import ItemState, ReviewState


def card_of(row: Review, calendar: Calendar) -> ReviewCard:
    """Return a review's row as it is told."""
    return ReviewCard(
        id=row.id,
        cycle=row.cycle_id,
        kind=ReviewKind(row.kind),
        name=row.name,
        period=calendar.holding(row.period_start, Grain(row.grain)),
        state=ReviewState(row.state),
        version=row.version,
        due=row.due_on,
        sign_off_by=row.sign_by,
        instructions=row.instructions,
        signer=row.signer,
        participants=tuple(row.participants),
        opened_by=row.opened_by_name,
        opened_at=row.opened_at,
        signed_by=row.signed_by_name,
        signed_at=row.signed_at,
        sources=tuple(row.sources),
    )


def item_of(row: ReviewItem, answer: ReviewAnswer, said: Sequence[Word] = ()) -> Item:
    """Return the rows of one KPI as they are told."""
    return Item(frozen_of(row), answer_of(answer), tuple(said))


def frozen_of(row: ReviewItem) -> Frozen:
    """Return what was frozen."""
    has_target = row.target is not None or row.low is not None
    usual = None
    if row.usual_low is not None and row.usual_mean is not None and row.usual_high is not None:
        usual = UsualRange(row.usual_low, row.usual_mean, row.usual_high)
    return Frozen(
        id=row.id,
        review=row.review_id,
        place=row.place,
        kpi=KpiKey(row.kpi),
        kpi_name=row.kpi_name,
        question=row.question,
        unit=Unit(row.unit),
        better=Better(row.better),
        who=Who(ScopeKind(row.scope_kind), row.scope_id),
        scope_name=row.scope_name,
        reading=Reading(
            row.value, State(row.reading_state), row.reason, row.n, row.over_value, row.under_value
        ),
        target=Target(row.target, row.low, row.high, row.red, row.amber) if has_target else None,
        status=Status(Tone(row.tone), row.status),
        score=row.score,
        attained=row.attained,
        definition=row.definition,
        definition_version=row.definition_version,
        known_at=row.known_at,
        store_version=row.store_version,
        before=row.before,
        last_year=row.last_year,
        usual=usual,
        series=tuple(moment(point) for point in row.series),
        moved=tuple((part["name"], part["amount"]) for part in row.moved),
        finding=row.finding,
        quality=review_quality.read(row.quality),
        accountable=row.accountable,
        accountable_name=row.accountable_name,
        writers=tuple(row.writers),
        shares=tuple(_share(share) for share in row.shares),
    )


def moment(point: Mapping[str, Any]) -> Moment:
    """Return a point of the series as it was kept."""
    return Moment(
        date.fromisoformat(point["start"]),
        point.get("value"),
        point.get("reason", ""),
        point.get("signal", ""),
        (point["low"], point["high"]) if "low" in point else None,
        date.fromisoformat(point["begins"]) if point.get("begins") else None,
    )


def _share(share: Mapping[str, Any]) -> ShareHeld:
    return ShareHeld(
        share["component"],
        UUID(share["person"]),
        share["name"],
        share["percent"],
        share["responsibility"],
        KpiKey(share["input"]) if share.get("input") else None,
    )


def answer_of(row: ReviewAnswer) -> Answer:
    """Return what was answered."""
    return Answer(
        state=ItemState(row.state),
        version=row.version,
        assessment=row.assessment or "",
        confidence=row.confidence or "",
        words=row.words,
        replies={name: getattr(row, name) for name in QUESTIONS if getattr(row, name)},
        reply_words={name: getattr(row, f"{name}_words") for name in QUESTIONS},
        decision=row.decision or "",
        decision_words=row.decision_words,
        read_at=row.read_at,
        asked_at=row.asked_at,
        saved_by=row.saved_by_name,
        saved_at=row.saved_at,
        submitted_by=row.submitted_by,
        submitted_by_name=row.submitted_by_name,
        submitted_at=row.submitted_at,
        approved_by_name=row.approved_by_name,
        approved_at=row.approved_at,
        sent_back=row.sent_back,
    )


def word_of(row: ReviewWord) -> Word:
    """Return what somebody said."""
    return Word(
        row.id,
        row.item_id,
        row.person,
        row.person_name,
        row.kind,
        tuple(row.about),
        row.body,
        row.of_word,
        row.to_version,
        row.said_at,
    )


def note_of(row: ReviewNote) -> Note:
    """Return a note of the meeting."""
    return Note(row.id, row.item_id, row.person_name, row.body, row.written_at)
