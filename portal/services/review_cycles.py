"""Cycles of reviews: how a tenant reviews, and which period is due next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, spoken, tr
from kpi_engine.periods import Period
from portal.errors import BadInputError
from portal.models import people as people_questions
from portal.models import reviews as questions
from portal.models.observations import ScopeKind
from portal.models.reviews import ReviewCycle
from portal.readmodels.formats import Formats
from portal.security.permissions import GRANTS, Permission
from portal.security.roles import Role
from portal.services import auditing, lifecycles, numbers, typed_words
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.granted import require
from portal.services.review_cards import ReviewKind
from portal.services.score_views import fits
from portal.tenancy.session import TenantSession

_MOST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class NewCycle:
    """How to review: as somebody writes it down."""

    kind: ReviewKind
    name: str
    kpis: tuple[KpiKey, ...] = ()
    """Empty: every KPI that the tenant has adopted when a review opens."""
    scope: ScopeKind = ScopeKind.TENANT
    open_after: int = 4
    answer_days: int = 10
    sign_days: int = 4
    participants: tuple[UUID, ...] = ()
    """Who takes part besides those who answer for a KPI or sign, who always do."""
    instructions: str = ""
    signer: UUID | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle as it is kept."""

    id: UUID
    version: int
    ended: bool
    said: NewCycle
    changed_by: str


USUAL = (
    NewCycle(
        ReviewKind.MONTHLY,
        mark("Monthly review"),
        instructions=mark("How did the month go, and what do we do about it? Exceptions first."),
    ),
    NewCycle(
        ReviewKind.QUARTERLY,
        mark("Quarterly review"),
        open_after=8,
        answer_days=14,
        sign_days=5,
        instructions=mark(
            "Where is each KPI heading, and are its targets of the next quarter right?"
        ),
    ),
    NewCycle(
        ReviewKind.ANNUAL,
        mark("Annual review"),
        open_after=15,
        answer_days=21,
        sign_days=7,
        instructions=mark(
            "Does the framework still serve the goals? Keep, change or retire each KPI."
        ),
    ),
)
"""What a tenant begins with: one cycle of each kind."""


def cycles(session: TenantSession) -> tuple[Cycle, ...]:
    """Return every cycle that has not ended, the shortest period first."""
    order = list(ReviewKind)
    running = [one for one in every(session) if not one.ended]
    return tuple(sorted(running, key=lambda one: (order.index(one.said.kind), one.said.name)))


def every(session: TenantSession) -> tuple[Cycle, ...]:
    """Return every cycle, those that ended too."""
    return tuple(_cycle(row) for row in session.scalars(questions.cycles()))


def cycle(session: TenantSession, cycle_id: UUID) -> Cycle:
    """Return one cycle.

    Raises:
        BadInputError: if there is none of that id.
    """
    row = session.scalars(questions.cycle(cycle_id)).one_or_none()
    if row is None:
        raise BadInputError(tr(_NO_CYCLE))
    return _cycle(row)


_NO_CYCLE = mark("There is no such cycle of reviews. Reload the page to see those there are.")


def add(desk: Desk, new: NewCycle, trace: Trace) -> UUID:
    """Begin a cycle and return its id.

    Raises:
        DeniedError: if the person opens no reviews.
        BadInputError: if something of it cannot be used.
    """
    require(desk.actor, Permission.REVIEW_OPEN)
    _check(desk, new)
    row = ReviewCycle(id=uuid4(), version=1, ended_at=None)
    _write(row, new, desk, trace)
    desk.session.add(row)
    desk.session.flush()
    _note(desk, row, trace)
    return row.id


def change(desk: Desk, cycle_id: UUID, seen: int, new: NewCycle, trace: Trace) -> None:
    """Change a cycle; reviews that are open already keep what they were opened with.

    Raises:
        DeniedError: if the person opens no reviews.
        BadInputError: if something of it cannot be used, or somebody else changed it since.
    """
    require(desk.actor, Permission.REVIEW_OPEN)
    _check(desk, new)
    row = desk.session.scalars(questions.cycle(cycle_id).with_for_update()).one_or_none()
    if row is None:
        raise BadInputError(tr(_NO_CYCLE))
    if row.version != seen:
        raise BadInputError(tr(typed_words.OVERTAKEN))
    row.version = seen + 1
    _write(row, new, desk, trace)
    _note(desk, row, trace)


def end(desk: Desk, cycle_id: UUID, trace: Trace) -> None:
    """End a cycle: no further review of it opens. Those that were stay.

    Raises:
        DeniedError: if the person opens no reviews.
        BadInputError: if there is no such cycle.
    """
    require(desk.actor, Permission.REVIEW_OPEN)
    row = desk.session.scalars(questions.cycle(cycle_id).with_for_update()).one_or_none()
    if row is None:
        raise BadInputError(tr(_NO_CYCLE))
    row.ended_at, row.version = trace.at, row.version + 1
    _note(desk, row, trace)


def due_period(desk: Desk, cycle: Cycle) -> Period:
    """Return the last closed period that has numbers: the one that is reviewed next."""
    return numbers.latest(desk.session, desk.calendar, cycle.said.kind.grain, desk.today)


def opens_on(cycle: Cycle, period: Period) -> date:
    """Return the day on which the review of a period is due to open."""
    return period.end + timedelta(days=cycle.said.open_after)


def kpis_of(desk: Desk, cycle: Cycle) -> tuple[Kpi, ...]:
    """Return the KPIs that a review of a cycle looks at now, in the order of the catalogue.

    What is told more coarsely than the review's period is left to the coarser review.
    """
    named = set(cycle.said.kpis)
    wanted = named or lifecycles.adopted(desk.session, desk.catalogue, desk.today)
    grain = cycle.said.kind.grain
    return tuple(kpi for kpi in desk.catalogue.values() if kpi.key in wanted and fits(kpi, grain))


def signers(desk: Desk, kind: ReviewKind | None = None) -> Sequence[tuple[UUID, str]]:
    """Return who may be named to sign, by name; an annual review moves KPIs of the framework."""
    wanted = {Permission.REVIEW_SIGN}
    wanted |= {Permission.FRAMEWORK_EDIT} if kind is ReviewKind.ANNUAL else set()
    rows = desk.session.scalars(people_questions.everybody())
    found = [
        (row.id, row.name or row.email)
        for row in rows
        if row.disabled_at is None
        and wanted <= {granted for one in row.roles for granted in GRANTS[Role(one)]}
    ]
    return sorted(found, key=lambda one: one[1])


def people(desk: Desk) -> Sequence[tuple[UUID, str]]:
    """Return who may be named to take part: everybody with an open account, by name."""
    rows = desk.session.scalars(people_questions.everybody())
    found = [(row.id, row.name or row.email) for row in rows if row.disabled_at is None]
    return sorted(found, key=lambda one: (one[1], one[0]))


def _check(desk: Desk, new: NewCycle) -> None:
    typed_words.text(tr("The name"), new.name)
    limits = (
        (tr("Days until it opens"), new.open_after, 0, 90),
        (tr("Days to answer"), new.answer_days, 1, 120),
        (tr("Days to sign"), new.sign_days, 0, 120),
    )
    for what, days, least, most in limits:
        if not least <= days <= most:
            raise BadInputError(
                tr("{what} are {least} to {most}.", what=what, least=least, most=most)
            )
    unknown = [kpi for kpi in new.kpis if kpi not in desk.catalogue]
    if unknown:
        raise BadInputError(tr("There is no KPI called '{kpi}'.", kpi=unknown[0]))
    if len(new.instructions) > _MOST_WORDS:
        most_words = Formats(spoken()).number(_MOST_WORDS)
        raise BadInputError(
            tr("The instructions are longer than {most} characters.", most=most_words)
        )
    if new.signer is not None and new.signer not in {one for one, _ in signers(desk)}:
        raise BadInputError(tr("Whoever signs is a leader or an executive with an open account."))
    if new.signer is not None and new.signer not in {one for one, _ in signers(desk, new.kind)}:
        raise BadInputError(tr("An annual review may retire KPIs, so an executive signs it."))
    if not set(new.participants) <= {one for one, _ in people(desk)}:
        raise BadInputError(tr("Whoever takes part has an open account. Choose among those shown."))


def _write(row: ReviewCycle, new: NewCycle, desk: Desk, trace: Trace) -> None:
    row.kind, row.name = new.kind.value, typed_words.text(tr("The name"), new.name)
    row.kpis, row.scope_kind = list(new.kpis), new.scope.value
    row.open_after, row.answer_days, row.sign_days = new.open_after, new.answer_days, new.sign_days
    row.participants, row.signer = list(new.participants), new.signer
    row.instructions = new.instructions.strip()
    row.changed_by_name, row.changed_at = desk.actor.name or desk.actor.email, trace.at


def _note(desk: Desk, row: ReviewCycle, trace: Trace) -> None:
    detail = {"version": row.version, "ended": row.ended_at is not None}
    auditing.note(
        desk.session, desk.actor, Event.REVIEW_CYCLE_CHANGED, row.name, detail, trace=trace
    )


def _cycle(row: ReviewCycle) -> Cycle:
    said = NewCycle(
        ReviewKind(row.kind),
        row.name,
        tuple(KpiKey(kpi) for kpi in row.kpis),
        ScopeKind(row.scope_kind),
        row.open_after,
        row.answer_days,
        row.sign_days,
        tuple(row.participants),
        row.instructions,
        row.signer,
    )
    return Cycle(row.id, row.version, row.ended_at is not None, said, row.changed_by_name)
