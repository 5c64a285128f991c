"""Opens a review: its scorecard is frozen in the same transaction, and everybody's part is set."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from kpi_engine.language import mark, tr
from kpi_engine.periods import Period
from portal.errors import BadInputError
from portal.models import reviews as questions
from portal.models.review_items import ReviewAnswer, ReviewItem
from portal.models.reviews import Review
from portal.security.permissions import Permission
from portal.services import (
    auditing,
    review_cycles,
    review_freezing,
    review_names,
    source_ages,
)
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.granted import require
from portal.services.periods import period_of
from portal.services.review_cards import ReviewKind
from portal.services.review_cycles import Cycle
from portal.services.review_freezing import Freezing
from portal.services.review_records import Done, record
from portal.workflow.review import (
    ItemState,
    Part,
    ReviewMove,
    ReviewState,
    next_review_state,
)


def open_review(
    desk: Desk,
    workshop: Workshop | None,
    cycle_id: UUID,
    label: str,
    trace: Trace,
    due: date | None = None,
) -> UUID:
    """Open the review of a cycle and period, freeze its scorecard, and return its id.

    Args:
        desk: Whose opening it is.
        workshop: Asked who moved the numbers that several own; None tells it of none.
        cycle_id: Of which cycle.
        label: The period; empty for the one that is due.
        trace: In which request.
        due: The day on which answers are due; None for the cycle's own.

    Raises:
        DeniedError: if the person opens no reviews.
        BadInputError: if the period has no final numbers, or it is reviewed already.
    """
    require(desk.actor, Permission.REVIEW_OPEN)
    cycle = review_cycles.cycle(desk.session, cycle_id)
    period = _closed(desk, cycle, label)
    row = _held(desk, cycle, period) or _added(desk, cycle, period, due)
    sources = _sources(desk, trace)
    row.state, row.version = ReviewState.OPEN.value, row.version + 1
    row.due_on = due or max(row.due_on, desk.today + timedelta(days=cycle.said.answer_days))
    row.sign_by = row.due_on + timedelta(days=cycle.said.sign_days)
    row.opened_by, row.opened_by_name = desk.actor.person, desk.actor.name or desk.actor.email
    row.opened_at, row.sources = trace.at, sources
    desk.session.flush()
    kpis = review_cycles.kpis_of(desk, cycle)
    rows = review_freezing.rows(desk, Freezing(kpis, period, cycle.said.scope), row.id, workshop)
    if not rows:
        raise BadInputError(tr("There is nothing to review: no KPI is adopted that has a number."))
    desk.session.add_rows(ReviewItem, rows)
    desk.session.add_rows(
        ReviewAnswer,
        [
            {"id": one["id"], "review_id": row.id, "state": ItemState.TO_ANSWER.value, "version": 1}
            for one in rows
        ],
    )
    done = Done(
        ReviewMove.OPEN.value, ReviewState.PLANNED.value, ReviewState.OPEN.value, row.version
    )
    record(desk.session, desk.actor, row.id, None, done, trace)
    detail = {"move": "open", "items": len(rows), "period": period.label}
    auditing.note(desk.session, desk.actor, Event.REVIEW_MOVED, str(row.id), detail, trace=trace)
    return row.id


def plan_review(desk: Desk, cycle_id: UUID, label: str, trace: Trace) -> UUID:
    """Announce the review of a period that may still run; opening it will freeze its numbers.

    Raises:
        DeniedError: if the person opens no reviews.
        BadInputError: if the period does not fit the cycle, or it is reviewed already.
    """
    require(desk.actor, Permission.REVIEW_OPEN)
    cycle = review_cycles.cycle(desk.session, cycle_id)
    row = _added(desk, cycle, _fitting(desk, cycle, label), None)
    detail = {"move": "plan", "period": label}
    auditing.note(desk.session, desk.actor, Event.REVIEW_MOVED, str(row.id), detail, trace=trace)
    return row.id


def _fitting(desk: Desk, cycle: Cycle, label: str) -> Period:
    period, grain = period_of(label, desk.calendar), cycle.said.kind.grain
    if period.grain is not grain:
        raise BadInputError(tr(_LOOKS_AT[cycle.said.kind]))
    return period


def _closed(desk: Desk, cycle: Cycle, label: str) -> Period:
    latest = review_cycles.due_period(desk, cycle)
    period = _fitting(desk, cycle, label) if label else latest
    if period.start > latest.start:
        raise BadInputError(
            tr(
                "{period} has no final numbers. The last that has is {last}.",
                period=desk.formats.period(period),
                last=desk.formats.period(latest),
            )
        )
    return period


def _held(desk: Desk, cycle: Cycle, period: Period) -> Review | None:
    """Return the review of the period where it is planned, held for this transaction.

    Raises:
        BadInputError: if it was opened already.
    """
    asked = questions.of_period(cycle.id, period.start).with_for_update()
    row = desk.session.scalars(asked).one_or_none()
    if (
        row is not None
        and next_review_state(ReviewState(row.state), ReviewMove.OPEN, _OPENER) is None
    ):
        raise BadInputError(_taken(desk, period, row))
    return row


_OPENER = frozenset({Part.OPENER})


def _taken(desk: Desk, period: Period, row: Review | None) -> str:
    told = tr("{period} is reviewed already.", period=desk.formats.period(period))
    return told if row is None else f"{told} {tr(_STANDS[ReviewState(row.state)])}"


_LOOKS_AT = {
    ReviewKind.MONTHLY: mark("A monthly review looks at a month."),
    ReviewKind.QUARTERLY: mark("A quarterly review looks at a quarter."),
    ReviewKind.ANNUAL: mark("An annual review looks at a year."),
}
_STANDS = {
    ReviewState.PLANNED: mark("It is planned."),
    ReviewState.OPEN: mark("It is open."),
    ReviewState.SIGNED_OFF: mark("It is signed off."),
    ReviewState.CALLED_OFF: mark("It is called off."),
}


def _added(desk: Desk, cycle: Cycle, period: Period, due: date | None) -> Review:
    said = cycle.said
    opens = max(review_cycles.opens_on(cycle, period), desk.today)
    answers = due or opens + timedelta(days=said.answer_days)
    row = Review(
        id=uuid4(),
        cycle_id=cycle.id,
        kind=said.kind.value,
        name=review_names.kept(period),
        grain=period.grain.value,
        period_start=period.start,
        period_end=period.end,
        state=ReviewState.PLANNED.value,
        version=1,
        due_on=answers,
        sign_by=answers + timedelta(days=said.sign_days),
        instructions=said.instructions,
        signer=said.signer,
        participants=list(said.participants),
        sources=[],
    )
    if not desk.session.insert_new(row):
        asked = questions.of_period(cycle.id, period.start)
        raise BadInputError(_taken(desk, period, desk.session.scalars(asked).one_or_none()))
    return row


def _sources(desk: Desk, trace: Trace) -> list[dict[str, Any]]:
    return [
        {
            "source": one.source,
            "loaded_at": one.loaded_at.isoformat(),
            "stale": one.stale,
            "failed": one.failed,
        }
        for one in source_ages.sources(desk.session, trace.at)
    ]
