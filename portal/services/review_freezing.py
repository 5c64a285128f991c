"""Freezes the scorecard of a review: each KPI's number with all that it is read against.

Everything is read in a handful of questions for all KPIs and scopes at once, whatever their number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import SOURCE, speaking
from kpi_engine.periods import Period
from kpi_engine.reading import Reading, State
from kpi_engine.statistics.xmr import Xmr
from portal.models import series as series_questions
from portal.models.definitions import DefinitionState, newest_in
from portal.models.observations import ScopeKind
from portal.services import (
    attributions,
    beginnings,
    movers,
    numbers,
    ownership,
    statuses,
    stories,
    targets,
    usual_ranges,
)
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.numbers import TENANT, Point, Who
from portal.services.ownership import Ownership
from portal.services.review_quality import qualities
from portal.services.stories import Told, Usual
from portal.services.targets import Target

SHOWN = 13
"""So many points are frozen with the number."""
READ = 25
"""So many are read: what is usual is told of the 24 before the last, as on the page of a KPI."""


@dataclass(frozen=True, slots=True)
class Freezing:
    """What is frozen: which KPIs, in which period, for each scope of a kind."""

    kpis: Sequence[Kpi]
    period: Period
    kind: ScopeKind


@dataclass(frozen=True, slots=True)
class _Known:
    """All that the rows are made of, by KPI and scope."""

    histories: Mapping[KpiKey, Mapping[str, tuple[Point, ...]]]
    goals: Mapping[KpiKey, Mapping[str, Target]]
    known_at: Mapping[tuple[str, str], datetime]
    owners: Mapping[tuple[KpiKey, Who], Ownership]
    versions: Mapping[str, int]
    moved: movers.Movers
    periods: tuple[Period, ...]


def rows(
    desk: Desk, freezing: Freezing, review: UUID, workshop: Workshop | None
) -> list[dict[str, Any]]:
    """Return the rows of the items, in the order of the KPIs.

    A KPI without any number of the whole tenant is frozen as what it is: absent, with its reason.
    A team or person without a number in any of the periods has no item.
    """
    known = _known(desk, freezing)
    keys = [kpi.key for kpi in freezing.kpis]
    first = beginnings.across(desk, keys, freezing.kind, freezing.period.grain)
    quality = qualities(desk, freezing.kpis, freezing.period, workshop)
    found = [
        {
            "id": uuid4(),
            "review_id": review,
            "place": place,
            "quality": quality.of(kpi, who, points),
            **_row(desk, known, kpi, who, points),
        }
        for place, kpi in enumerate(freezing.kpis)
        for who, told in _scopes(desk, freezing, known, kpi)
        for points in (beginnings.marked_by(told, first.get((kpi.key, who.id))),)
    ]
    for row in found:
        row.update(_moved(desk, freezing, row, workshop))
    return found


def _moved(
    desk: Desk, freezing: Freezing, row: Mapping[str, Any], workshop: Workshop | None
) -> dict[str, Any]:
    """Return who moved a number that several own: the parts that add up to its change."""
    if workshop is None or not row["shares"]:
        return {"moved": []}
    kpi, who = desk.catalogue[row["kpi"]], Who(ScopeKind(row["scope_kind"]), row["scope_id"])
    before = desk.calendar.previous(freezing.period)
    with speaking(SOURCE):
        found = attributions.attribution(workshop, desk, kpi, who, before, freezing.period)
        sentence = "" if isinstance(found, attributions.NotTold) else found.sentence
    if isinstance(found, attributions.NotTold):
        return {"moved": []}
    shown = found.shown
    names, steps = [one.name for one in found.parts], list(shown.parts)
    if found.whose_mix is not None and shown.mix is not None:
        names, steps = [*names, found.whose_mix.name], [*steps, shown.mix]
    # As they are shown: rounded each by itself they would not add up to the change beside them.
    size = shown.scale.factor * 10.0**shown.scale.places
    parts = [{"name": name, "amount": many / size} for name, many in zip(names, steps, strict=True)]
    return {"moved": parts, "finding": f"{row['finding']} {sentence}".strip()}


def _scopes(
    desk: Desk, freezing: Freezing, known: _Known, kpi: Kpi
) -> Iterator[tuple[Who, tuple[Point, ...]]]:
    told = known.histories[kpi.key]
    if freezing.kind is ScopeKind.TENANT:
        yield TENANT, told.get("") or tuple(_absent(period) for period in known.periods)
        return
    listed = desk.roster.teams if freezing.kind is ScopeKind.TEAM else _active(desk)
    for key in sorted(listed, key=desk.roster.name):
        if key in told:
            yield Who(freezing.kind, key), told[key]


def _active(desk: Desk) -> list[str]:
    return [one.key for one in desk.roster.people.values() if one.active]


def _absent(period: Period) -> Point:
    reading = Reading(None, State.ABSENT, numbers.NEVER_TAKEN, 0)
    return Point(period, reading, "", 0, restated=False, first=None)


def _known(desk: Desk, freezing: Freezing) -> _Known:
    session, period, kind = desk.session, freezing.period, freezing.kind
    keys = [kpi.key for kpi in freezing.kpis]
    first = desk.calendar.shift(period.start, period.grain, 1 - READ)
    periods = desk.calendar.periods(period.grain, first, period.end)[-READ:]
    known_at = session.execute(
        series_questions.known_across(keys, period.grain, kind, period.start)
    )
    before = desk.calendar.previous(period)
    whole = kind is ScopeKind.TENANT
    return _Known(
        numbers.histories(session, keys, kind, periods),
        targets.across(session, keys, period, kind),
        {(kpi, scope): moment for kpi, scope, moment in known_at},
        {(one.kpi, one.who): one for one in ownership.everything(session, desk.today)},
        {row.key: row.version for row in session.scalars(newest_in(DefinitionState.PUBLISHED))},
        movers.movers(desk, keys, TENANT, period, before) if whole else movers.Movers({}, {}),
        periods,
    )


def _row(
    desk: Desk, known: _Known, kpi: Kpi, who: Who, points: tuple[Point, ...]
) -> dict[str, Any]:
    now, target = points[-1], known.goals[kpi.key].get(who.id)
    judged = statuses.judge(kpi, now.reading, target)
    limits = usual_ranges.of_points(kpi, points)
    return {
        "kpi": kpi.key,
        "kpi_name": kpi.name,
        "question": kpi.question,
        "unit": kpi.unit.value,
        "better": kpi.better.value,
        "scope_kind": who.kind.value,
        "scope_id": who.id,
        "scope_name": desk.roster.name(who.id) if who.id else "",
        "value": now.reading.value,
        "over_value": now.reading.over,
        "under_value": now.reading.under,
        "n": now.reading.n,
        "reading_state": now.reading.state.value,
        "reason": now.reading.reason,
        **_aim(target),
        "tone": judged.status.tone.value,
        "status": judged.status.word,
        "score": judged.score,
        "attained": judged.attained,
        "definition": now.definition,
        "definition_version": known.versions.get(kpi.key),
        "known_at": known.known_at.get((kpi.key, who.id)),
        "store_version": now.version or None,
        "before": points[-2].reading.value,
        "last_year": _last_year(desk, points),
        "usual_low": limits.lower if limits else None,
        "usual_mean": limits.mean if limits else None,
        "usual_high": limits.upper if limits else None,
        "series": kept_series(points, limits),
        "finding": _finding(desk, known, kpi, points, limits),
        **_owners(known, kpi.key, who),
    }


def _aim(target: Target | None) -> dict[str, float | None]:
    names = {"target": "value", "low": "low", "high": "high", "amber": "amber", "red": "red"}
    return {name: getattr(target, field, None) for name, field in names.items()}


def _last_year(desk: Desk, points: Sequence[Point]) -> float | None:
    start = desk.calendar.last_year(points[-1].period).start
    return next((one.reading.value for one in points if one.period.start == start), None)


def kept_series(points: Sequence[Point], limits: Xmr | None) -> list[dict[str, Any]]:
    """Return the points as a review keeps them: value or reason, signal, where records begin."""
    first = len(points) - SHOWN
    found = []
    for at in range(max(first, 0), len(points)):
        reading = points[at].reading
        point: dict[str, Any] = {"start": points[at].period.start.isoformat()}
        if reading.value is None:
            point["reason"] = reading.reason or ""
        else:
            point["value"] = reading.value
        signal = limits.at(at) if limits is not None else None
        if limits is not None and limits.moving and (usual := limits.along[at]) is not None:
            point |= {"low": usual.lower, "high": usual.upper}
        if signal:
            point["signal"] = signal.value
        if begins := points[at].begins:
            point["begins"] = begins.isoformat()
        found.append(point)
    return found


def _finding(
    desk: Desk, known: _Known, kpi: Kpi, points: Sequence[Point], limits: Xmr | None
) -> str:
    """Tell what changed and why, as a draft for the note: nothing where there is no number.

    What is frozen is kept in one language, for readers of any.
    """
    if points[-1].reading.value is None:
        return ""
    told = Told(
        kpi,
        points[-1].reading,
        points[-2].reading,
        beginnings.named(points[-2], desk.formats),
        usual=Usual(limits.lower, limits.upper, moving=limits.moving) if limits else None,
        groups=known.moved.of(kpi.key),
        names=known.moved.names,
    )
    with speaking(SOURCE):
        return stories.story(told, desk.formats).text


def _owners(known: _Known, kpi: KpiKey, who: Who) -> dict[str, Any]:
    held = known.owners.get((kpi, who)) or known.owners.get((kpi, TENANT))
    if held is None:
        return {"accountable": None, "accountable_name": "", "writers": [], "shares": []}
    cover = [held.cover] if held.cover else []
    return {
        "accountable": held.accountable.id,
        "accountable_name": held.accountable.name,
        "writers": [one.id for one in (*cover, *held.updaters)],
        "shares": [
            asdict(_Share(str(one.person.id), one.person.name, one.component, float(one.percent),
                          one.responsibility, one.input))
            for one in held.shares
        ],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Share:
    person: str
    name: str
    component: str
    percent: float
    responsibility: str
    input: str | None
