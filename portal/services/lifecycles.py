"""The life of a tenant's KPI: proposed, active, under review, retired. One table says what may be.

A KPI that nobody moved is active where a goal or a target speaks of it.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import uuid4

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from portal.errors import BadInputError
from portal.models import lifecycles as questions
from portal.models import targets as target_questions
from portal.models.lifecycles import KpiLife
from portal.security.permissions import Permission
from portal.services import auditing, goals, typed_words
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.granted import require
from portal.tenancy.session import TenantSession


class LifeState(StrEnum):
    """Where a KPI stands in its life."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    UNDER_REVIEW = "under_review"
    RETIRED = "retired"

    @property
    def word(self) -> str:
        """What a page calls it."""
        return tr(_WORDS[self])

    @property
    def inside(self) -> str:
        """What a sentence calls it."""
        return tr(_INSIDE[self])


_WORDS: Mapping[LifeState, str] = {
    LifeState.PROPOSED: mark("Proposed"),
    LifeState.ACTIVE: mark("Active"),
    LifeState.UNDER_REVIEW: mark("Under review"),
    LifeState.RETIRED: mark("Retired"),
}
_INSIDE: Mapping[LifeState, str] = {
    LifeState.PROPOSED: mark("proposed"),
    LifeState.ACTIVE: mark("active"),
    LifeState.UNDER_REVIEW: mark("under review"),
    LifeState.RETIRED: mark("retired"),
}


MOVES: Mapping[LifeState | None, tuple[LifeState, ...]] = {
    None: (LifeState.ACTIVE, LifeState.PROPOSED),
    LifeState.PROPOSED: (LifeState.ACTIVE, LifeState.RETIRED),
    LifeState.ACTIVE: (LifeState.UNDER_REVIEW, LifeState.RETIRED),
    LifeState.UNDER_REVIEW: (LifeState.ACTIVE, LifeState.RETIRED),
    LifeState.RETIRED: (LifeState.ACTIVE,),
}
"""Where a KPI may go from where it stands; None: nobody adopted it yet. Buttons read it too."""
_USED = (LifeState.ACTIVE, LifeState.UNDER_REVIEW)


@dataclass(frozen=True, slots=True)
class Life:
    """Where one KPI stands, since when and why."""

    state: LifeState
    since: date
    reason: str
    successor: KpiKey | None
    parallel_until: date | None
    """The last day on which a retired one is still told beside its successor."""
    by: str = ""
    """Who said so, by name."""
    revision: int = 0

    def runs(self, day: date) -> bool:
        """Say whether the KPI is told on a day: in use, or retired and beside its successor."""
        if self.state is LifeState.RETIRED:
            return self.parallel_until is not None and day <= self.parallel_until
        return self.state in _USED


@dataclass(frozen=True, slots=True)
class LifeMove:
    """A KPI's next state, as somebody asks for it."""

    kpi: KpiKey
    to: LifeState
    reason: str
    successor: KpiKey | None = None
    parallel_until: date | None = None


def lives(session: TenantSession) -> Mapping[KpiKey, Life]:
    """Return where every KPI stands that anybody ever moved."""
    return {KpiKey(row.kpi): _life(row) for row in session.scalars(questions.now())}


def past(session: TenantSession, kpi: KpiKey) -> tuple[Life, ...]:
    """Return every move of one KPI, the newest first."""
    return tuple(_life(row) for row in session.scalars(questions.past_of(kpi)))


def adopted(
    session: TenantSession, catalogue: Container[KpiKey], today: date | None = None
) -> frozenset[KpiKey]:
    """Return the KPIs in use: those that were moved to it, and those of goals and targets.

    Left out: what is proposed, and what is retired, unless it runs beside its successor on `today`.
    """
    moved = lives(session)
    told = {one.kpi for goal in goals.goals(session, catalogue, today) for one in goal.supports} | {
        KpiKey(kpi) for kpi in session.scalars(target_questions.aimed())
    }
    used = {kpi for kpi in told if kpi not in moved}
    for kpi, life in moved.items():
        if life.state in _USED or (today is not None and life.runs(today)):
            used.add(kpi)
    return frozenset(kpi for kpi in used if kpi in catalogue)


def move(desk: Desk, asked: LifeMove, trace: Trace) -> Life:
    """Move a KPI on and write it down.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if the KPI cannot go there, or its successor cannot follow it.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    if asked.kpi not in desk.catalogue:
        raise BadInputError(tr("There is no such KPI. Reload the page to see those there are."))
    known = lives(desk.session)
    before = known.get(asked.kpi)
    stands = stand(desk, asked.kpi, before)
    if asked.to not in MOVES[stands]:
        word = tr("not adopted") if stands is None else stands.inside
        raise BadInputError(
            tr("The KPI is {state}, so it can't become {to}.", state=word, to=asked.to.inside)
        )
    _check(asked, desk, known)
    row = KpiLife(
        id=uuid4(),
        kpi=asked.kpi,
        revision=1 if before is None else before.revision + 1,
        state=asked.to.value,
        since=desk.today,
        reason=typed_words.text(tr("The reason"), asked.reason),
        successor=asked.successor,
        parallel_until=asked.parallel_until,
        set_by=desk.actor.person,
        set_by_name=desk.actor.name or desk.actor.email,
        set_at=trace.at,
    )
    if not desk.session.insert_new(row):
        raise BadInputError(tr(typed_words.OVERTAKEN))
    detail = {"to": asked.to.value, "from": stands.value if stands else "nothing"}
    if asked.successor:
        detail["successor"] = asked.successor
    auditing.note(desk.session, desk.actor, Event.LIFE_CHANGED, asked.kpi, detail, trace=trace)
    return _life(row)


def stand(desk: Desk, kpi: KpiKey, life: Life | None) -> LifeState | None:
    """Return where a KPI stands; None where nobody adopted it."""
    if life is not None:
        return life.state
    used = kpi in adopted(desk.session, desk.catalogue, desk.today)
    return LifeState.ACTIVE if used else None


def _check(asked: LifeMove, desk: Desk, known: Mapping[KpiKey, Life]) -> None:
    if asked.successor is None:
        if asked.parallel_until is not None:
            raise BadInputError(tr("Choose the successor that the KPI is to run beside."))
        return
    if asked.to is not LifeState.RETIRED:
        raise BadInputError(tr("Only a KPI that is retired has a successor."))
    if asked.successor not in desk.catalogue:
        raise BadInputError(tr("There is no KPI of the successor's name."))
    if asked.parallel_until is not None and asked.parallel_until < desk.today:
        raise BadInputError(tr("Old and new can't run side by side until a day that is past."))
    _refuse_circle(asked.kpi, asked.successor, known)
    after = known.get(asked.successor)
    if after is not None and after.state is LifeState.RETIRED:
        name = desk.catalogue[asked.successor].name
        raise BadInputError(tr("'{kpi}' is retired itself.", kpi=name))


def _refuse_circle(kpi: KpiKey, successor: KpiKey, known: Mapping[KpiKey, Life]) -> None:
    """Refuse a successor that leads back to the KPI, by however many steps."""
    at: KpiKey | None = successor
    seen: set[KpiKey] = set()
    while at is not None and at not in seen:
        if at == kpi:
            raise BadInputError(tr("A KPI can't follow itself. Choose another successor."))
        seen.add(at)
        at = known[at].successor if at in known else None


def _life(row: KpiLife) -> Life:
    return Life(
        LifeState(row.state),
        row.since,
        row.reason,
        None if row.successor is None else KpiKey(row.successor),
        row.parallel_until,
        row.set_by_name,
        row.revision,
    )
