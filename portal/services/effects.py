"""Did it work? Judges actions that are done by the numbers of their KPI, and keeps the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.reading import State
from kpi_engine.statistics.effect import (
    LEAST_BEFORE,
    Course,
    Detectable,
    Effect,
    Verdict,
    Why,
    detectable,
    effect,
)
from portal.models import actions as questions
from portal.models.actions import ActionVerdict
from portal.services import action_cards, effect_windows, moments, numbers, tenants
from portal.services.action_cards import ActionCard
from portal.services.effect_windows import BEFORE, Window
from portal.services.engines import calendar_of, catalogue_of
from portal.services.numbers import Point, Who
from portal.services.rosters import Roster, roster
from portal.tenancy.session import TenantSession
from portal.workflow.action import ActionState

_NONE_YET = "not_known"
"""Said of a guardrail without a number."""
_YEARS = {Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1}
"""After so many periods a season comes round."""
LEAST_CONTROLS = 2
"""One group alone adds its own chance to what is compared."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What actions are judged on: a tenant's calendar, KPIs, groups and actions."""

    session: TenantSession
    calendar: Calendar
    catalogue: Catalogue
    roster: Roster
    cards: tuple[ActionCard, ...]
    today: date

    def grain(self, kpi: KpiKey) -> Grain:
        """Return by which periods a KPI is judged; one that is gone, by months."""
        return effect_windows.grain_of(self.catalogue.get(kpi))

    def last(self, grain: Grain) -> Period:
        """Return the last period that has closed and has numbers."""
        return numbers.latest(self.session, self.calendar, grain, self.today)


def ground(session: TenantSession, now: datetime) -> Ground:
    """Return what the session's tenant is judged on as of a moment."""
    card = tenants.get(session)
    calendar = calendar_of(card)
    return Ground(
        session,
        calendar,
        catalogue_of(session, card),
        roster(session),
        action_cards.read(session, session.scalars(questions.every())),
        calendar.local_date(moments.naive(now)),
    )


def due(on: Ground) -> tuple[ActionCard, ...]:
    """Return the actions whose next look has come."""
    return tuple(card for card in on.cards if card.state is ActionState.DONE and _is_due(on, card))


def _is_due(on: Ground, card: ActionCard) -> bool:
    found = _window(on, card)
    if not found.after:
        return False
    before = card.judgement
    if before is None or before.until < found.after[-1].end:
        return True
    # What was not ripe, or a guardrail without a number yet, is looked at again once it is.
    if before.guardrail == _NONE_YET and _guarded(on, card, found)[0] != _NONE_YET:
        return True
    return before.why is Why.IMMATURE and bool(_judged(on, card, found).effect.n_after)


def judge(on: Ground, card: ActionCard, now: datetime) -> ActionVerdict | None:
    """Judge one action by what is known now and keep the verdict; None if it is too early."""
    found = _window(on, card)
    if card.done_on is None or not found.after:
        return None
    taken = _judged(on, card, found)
    held, worst = _guarded(on, card, found)
    before = on.session.scalars(questions.verdicts_of(card.id).limit(1)).one_or_none()
    row = ActionVerdict(
        id=uuid4(),
        action_id=card.id,
        seq=1 if before is None else before.seq + 1,
        done_on=card.done_on,
        until=found.after[-1].end,
        verdict=taken.effect.verdict.value,
        why=None if taken.effect.why is None else taken.effect.why.value,
        estimate=taken.effect.estimate,
        low=taken.effect.low,
        high=taken.effect.high,
        n_before=taken.effect.n_before,
        n_after=taken.effect.n_after,
        method="" if taken.effect.form is None else taken.effect.form.value,
        confounders=[_named(one) for one in taken.rivals],
        controls=[{"id": one.id, "name": on.roster.name(one.id)} for one in taken.controls],
        points=_points(found, taken),
        guardrail=held,
        guardrail_value=worst,
        definition=taken.definition,
        store_version=max((point.version for point in taken.told), default=0),
        judged_at=now,
    )
    # Of two who judge at once, one writes it down.
    return row if on.session.insert_new(row) else None


def shows(on: Ground, kpi: KpiKey, who: Who, size: float | None) -> Detectable | None:
    """Say what the last years of a number let be seen; None where they are too few."""
    periods = _past(on, kpi)
    values = [_value(point) for point in _series(on, kpi, who, periods)]
    controls = tuple(_controls(on, kpi, who, periods, ()).values())
    course = Course(values, len(values), len(values), controls, _YEARS[periods[-1].grain])
    return detectable(size, course)


def judged_from(on: Ground, kpi: KpiKey, who: Who) -> date | None:
    """Return the day from which on an action has enough numbers before it; None for already."""
    periods = _past(on, kpi)
    known = sum(_value(point) is not None for point in _series(on, kpi, who, periods))
    if known >= LEAST_BEFORE:
        return None
    return on.calendar.shift(periods[-1].end, periods[-1].grain, LEAST_BEFORE - known)


def _past(on: Ground, kpi: KpiKey) -> Sequence[Period]:
    """Return the periods that would be before an action that is done now."""
    grain = on.grain(kpi)
    last = on.last(grain)
    first = on.calendar.shift(last.start, grain, 1 - BEFORE[grain])
    return on.calendar.periods(grain, first, last.end)


@dataclass(frozen=True, slots=True)
class _Judged:
    effect: Effect
    told: Sequence[Point]
    definition: str
    rivals: tuple[ActionCard, ...]
    controls: tuple[Who, ...]


def _window(on: Ground, card: ActionCard) -> Window:
    """Return the periods of the look that is open now; without any after if none is."""
    grain = on.grain(card.kpi)
    whole = effect_windows.window(on.calendar, card, on.last(grain))
    rivals = effect_windows.others(on.cards, card, card.who, on.roster)
    found = effect_windows.cut(whole, rivals)
    many = effect_windows.checked(grain, len(found.after))
    return Window(found.before, found.between, found.after[:many])


def _judged(on: Ground, card: ActionCard, found: Window) -> _Judged:
    told = _series(on, card.kpi, card.who, found.periods)
    shown = told[len(found.before) + len(found.between) :]
    definition = next((one.definition for one in reversed(shown) if _value(one) is not None), "")
    rivals = effect_windows.in_the_way(
        found, effect_windows.others(on.cards, card, card.who, on.roster)
    )
    controls = _controls(on, card.kpi, card.who, found.periods, _busy(on, card, found))
    values = [_value(point) if point.definition == definition else None for point in told]
    before, after = len(found.before), len(found.before) + len(found.between)
    measured = effect(
        Course(values, before, after, tuple(controls.values()), _YEARS[told[-1].period.grain]),
        card.expected.direction,
    )
    why = _why(told, values, measured, rivals, before)
    if why is not None:
        measured = Effect(Verdict.CANNOT_TELL, measured.n_before, measured.n_after, why)
    used = tuple(controls) if measured.controls else ()
    return _Judged(measured, told, definition or told[-1].definition, rivals, used)


def _why(
    told: Sequence[Point],
    values: Sequence[float | None],
    measured: Effect,
    rivals: Sequence[ActionCard],
    before: int,
) -> Why | None:
    """Return why nothing can be told whatever the figures say, if so; the weightiest first."""
    if rivals:
        return Why.OTHER_ACTIONS
    if not measured.n_after and any(one.reading.state is State.IMMATURE for one in told[before:]):
        return Why.IMMATURE
    dropped = [at for at, one in enumerate(told) if _value(one) is not None and values[at] is None]
    few = measured.n_before < LEAST_BEFORE
    if any(at >= before for at in dropped) or (few and dropped):
        return Why.DEFINITION
    return measured.why


def _busy(on: Ground, card: ActionCard, found: Window) -> tuple[Who, ...]:
    """Return the sibling scopes in which something of their own was done meanwhile."""
    end, since = found.after[-1].end, effect_windows.unsettled(found)
    return tuple(
        one
        for one in effect_windows.siblings(card.who, on.roster)
        if any(
            effect_windows.done(other) < end and other.shows_from >= since
            for other in effect_windows.others(on.cards, card, one, on.roster)
            if not effect_windows.touches(other.who, card.who, on.roster)
        )
    )


def _controls(
    on: Ground, kpi: KpiKey, who: Who, periods: Sequence[Period], busy: Sequence[Who]
) -> Mapping[Who, Sequence[float | None]]:
    """Return the series of the groups to compare with; empty where there are too few."""
    found: dict[Who, Sequence[float | None]] = {}
    own = [_value(point) for point in _series(on, kpi, who, periods)]
    for one in effect_windows.siblings(who, on.roster):
        if one in busy:
            continue
        values = [_value(point) for point in _series(on, kpi, one, periods)]
        whole = all(v is not None for v, mine in zip(values, own, strict=True) if mine is not None)
        # A group whose number never moves does nothing that this number measures.
        if whole and len({value for value in values if value is not None}) > 1:
            found[one] = values
    return found if len(found) >= LEAST_CONTROLS else {}


def _guarded(on: Ground, card: ActionCard, found: Window) -> tuple[str | None, float | None]:
    """Return whether the guardrail held in every period after of its own, and its worst value."""
    limit = card.limit
    if limit is None:
        return None, None
    last = on.last(on.grain(limit.kpi))
    periods = effect_windows.guarded(on.calendar, card, last, found)
    told = _series(on, limit.kpi, card.who, periods) if periods else ()
    values = [value for point in told if (value := _value(point)) is not None]
    if not values:
        return _NONE_YET, None
    worst = min(values) if limit.least else max(values)
    broken = worst < limit.limit if limit.least else worst > limit.limit
    return ("broken" if broken else "held"), worst


def _series(on: Ground, kpi: KpiKey, who: Who, periods: Sequence[Period]) -> Sequence[Point]:
    grain, last = periods[-1].grain, periods[-1]
    return numbers.series(on.session, on.calendar, (kpi,), grain, who, last, len(periods))[kpi]


def _value(point: Point) -> float | None:
    return point.reading.value if point.reading.state is State.FINAL else None


def _points(found: Window, taken: _Judged) -> list[dict[str, Any]]:
    path = taken.effect.path or (None,) * len(taken.told)
    parts = (
        *("before" for _ in found.before),
        *("between" for _ in found.between),
        *("after" for _ in found.after),
    )
    return [
        {
            "start": point.period.start.isoformat(),
            "value": _value(point),
            "expected": None if way is None else way.value,
            "low": None if way is None else way.low,
            "high": None if way is None else way.high,
            "part": part,
            "grain": point.period.grain.value,
        }
        for point, way, part in zip(taken.told, path, parts, strict=True)
    ]


def _named(card: ActionCard) -> dict[str, str]:
    return {
        "id": str(card.id),
        "title": card.title,
        "done_on": (card.done_on or card.due).isoformat(),
        "scope_kind": card.who.kind.value,
        "scope_id": card.who.id,
    }
