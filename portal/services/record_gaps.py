"""What the records behind each KPI lack, counted at each refresh for the periods of the homes.

It is done where numbers are made, so that no page waits for it; a page of another period looks
through the records of its one KPI itself (`confidence_evidence`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kpi_engine.compiler.gaps import Could
from kpi_engine.compiler.relations import key_of
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.gaps import Looked, Tally, gaps_of, together
from kpi_engine.engine.swings import Swayed
from kpi_engine.errors import KpiError
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Question
from portal.models import record_gaps as questions
from portal.models.record_gaps import RecordGaps
from portal.services import faults, loads, record_sways
from portal.services.engines import Opened, Workshop
from portal.services.freshness import overtaken
from portal.services.numbers import still_runs
from portal.tenancy.session import TenantSession

_BACK = {Grain.MONTH: 4, Grain.QUARTER: 2}
"""So many closed periods a home may show: a cohort's last number is a few months old."""
_FINENESS = tuple(Grain)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record behind a KPI: what is read of it, and what of that it lacks."""

    entity: str
    columns: tuple[str, ...]
    """What is read of each; `filled` of a tally counts these, in this order."""
    placed: tuple[str, ...]
    """The columns that place it in a period; empty where nothing does."""
    filtered: tuple[str, ...]
    """The columns that its filter reads."""
    stands: bool
    """Whether it counts while it stands open, so that a close date in the past is amiss."""
    own: bool
    """Whether it is these records whose owner the number is told by."""
    loaded: bool
    """Whether any such record was ever loaded."""
    sources: frozenset[str]
    every: Tally
    nobodys: Tally
    by_owner: Mapping[str, Tally]
    """By the key that the roster has of a person."""
    sway: Swayed | None = None
    """Of the first kind: how far the KPI could move; None where no range can be told."""

    def of(self, owners: Collection[str] | None) -> Tally:
        """Return the counts of some owners' records; None for those of everybody and nobody."""
        if owners is None:
            return self.every
        return together(self.by_owner[one] for one in owners if one in self.by_owner)


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """What was found of some KPIs, ready to be kept."""

    kpis: tuple[KpiKey, ...]
    rows: tuple[dict[str, Any], ...]


def count_anew(
    workshop: Workshop,
    opened: Opened,
    kpis: Collection[KpiKey],
    days: tuple[date, date | None],
    waits: Callable[[], None] | None = None,
) -> None:
    """Count what the records of some KPIs lack, and keep it in the place of what was kept.

    It is done once the numbers are told, which wait for nothing. What was forgotten then and is not
    counted, because the process died, the next refresh makes up for (`unlooked`).

    Args:
        workshop: Of the portal.
        opened: An engine at the version of the numbers.
        kpis: Whose records.
        days: Today, and the last day of the facts.
        waits: Called when somebody else who writes goes first.
    """
    if not kpis:
        return
    found, tenant = look_through(opened, kpis, *days), opened.tenant.key
    with (
        loads.writing(workshop.database, tenant, waits),
        workshop.database.session(tenant) as session,
    ):
        if not overtaken(session, opened.engine.version):
            keep(session, found, opened.engine.catalogue)


def look_through(
    opened: Opened, kpis: Iterable[KpiKey], today: date, last_on: date | None
) -> LookedThrough:
    """Count what the records of some KPIs lack in the open and the last months and quarters.

    What cannot be looked through is left out: a page then says that nobody can tell.
    """
    asked = tuple(kpis)
    periods = tuple(_periods(opened, today, last_on))
    rows = [
        {
            "grain": period.grain.value,
            "period_start": period.start,
            "kpi": kpi,
            "definition": opened.fingerprints[kpi],
            "version": opened.engine.version,
            "kinds": [_told(kind) for kind in kinds],
        }
        for kpi, told in _lenient(opened, asked, periods, today)
        for period, kinds in told.items()
        if _fits(opened, kpi, period.grain)
    ]
    return LookedThrough(asked, tuple(rows))


def kinds_of(
    opened: Opened, kpis: Collection[KpiKey], period: Period, today: date
) -> Mapping[KpiKey, tuple[Kind, ...]]:
    """Look through the records of some KPIs in one period.

    Raises:
        KpiError: if the records of one of them cannot be asked so.
    """
    told = _kinds(opened, kpis, (period,), today)
    return {key: kinds[period] for key, kinds in told.items()}


def _kinds(
    opened: Opened, kpis: Collection[KpiKey], periods: Sequence[Period], today: date
) -> Mapping[KpiKey, Mapping[Period, tuple[Kind, ...]]]:
    """Look through the records of some KPIs in some periods, each record once for all of them."""
    grains = tuple(dict.fromkeys(period.grain for period in periods))
    start, end = min(one.start for one in periods), max(one.end for one in periods)
    question = Question(tuple(kpis), grains, start, end, today, opened.calendar)
    sources = opened.engine.runner.sources(opened.engine.facts)
    only = sources[0] if len(sources) == 1 else ""
    found = gaps_of(opened.engine, question, periods)
    sways = record_sways.counted(opened, question, periods, only)
    return {
        key: {one: _swaying(only, found[one][key], sways.get(key, {}).get(one)) for one in periods}
        for key in kpis
    }


def _swaying(only: str, looked: Sequence[Looked], sway: Swayed | None) -> tuple[Kind, ...]:
    kinds = tuple(kind_of(one, only) for one in looked)
    return (replace(kinds[0], sway=sway), *kinds[1:]) if kinds else ()


def unlooked(session: TenantSession, known: Iterable[KpiKey]) -> frozenset[KpiKey]:
    """Return the KPIs whose records nobody has looked through yet."""
    return frozenset(known) - frozenset(map(KpiKey, session.scalars(questions.looked_through())))


def forget(session: TenantSession, kpis: Iterable[KpiKey], known: Iterable[KpiKey]) -> None:
    """Drop what was kept of some KPIs, and of those that are not known any more."""
    session.execute(questions.forget_gaps(tuple(kpis)))
    session.execute(questions.forget_other_gaps(tuple(known)))


def keep(session: TenantSession, found: LookedThrough, known: Iterable[KpiKey]) -> None:
    """Put what was found in the place of what was kept; KPIs no longer known lose theirs."""
    forget(session, found.kpis, known)
    session.add_rows(RecordGaps, found.rows)


def kept(
    session: TenantSession, kpis: Collection[KpiKey], period: Period
) -> Mapping[KpiKey, tuple[str, tuple[Kind, ...]]]:
    """Return what is kept of some KPIs in a period, each with its definition's fingerprint."""
    rows = session.scalars(questions.of_period(kpis, period.grain.value, period.start))
    return {KpiKey(row.kpi): (row.definition, tuple(map(_read, row.kinds))) for row in rows}


def _periods(opened: Opened, today: date, last_on: date | None) -> Iterator[Period]:
    """Yield the periods that homes show: the last closed ones with facts, and what runs."""
    if last_on is None:
        return
    calendar = opened.calendar
    for grain, back in _BACK.items():
        running = calendar.holding(today, grain)
        last = min(calendar.previous(running), calendar.holding(last_on, grain))
        first = calendar.shift(last.start, grain, 1 - back)
        yield from calendar.periods(grain, first, last.end)
        if still_runs(last_on, running, today):
            yield running


def _fits(opened: Opened, kpi: KpiKey, grain: Grain) -> bool:
    """Say whether a KPI is told by a grain: its cadence, or what is coarser."""
    return _FINENESS.index(opened.engine.catalogue[kpi].cadence) <= _FINENESS.index(grain)


def _lenient(
    opened: Opened, kpis: tuple[KpiKey, ...], periods: Sequence[Period], today: date
) -> Iterator[tuple[KpiKey, Mapping[Period, tuple[Kind, ...]]]]:
    """Yield what all can be asked; where one cannot, the others still are."""
    if not kpis or not periods:
        return
    try:
        yield from _kinds(opened, kpis, periods, today).items()
    except KpiError as error:
        if len(kpis) == 1:
            faults.told("records that could not be looked through", error, kpi=kpis[0])
            return
        half = len(kpis) // 2
        yield from _lenient(opened, kpis[:half], periods, today)
        yield from _lenient(opened, kpis[half:], periods, today)


def kind_of(looked: Looked, only: str = "") -> Kind:
    """Return what was looked at with its owners as the roster names them.

    With one source, `only`, the engine tells owners by their bare ids; the roster names both.
    """
    could = looked.could
    named = {key_of(only, owner): tally for owner, tally in looked.by_owner.items()}
    return Kind(
        could.entity,
        could.columns,
        could.placed.columns if could.placed is not None else (),
        could.where.columns if could.where is not None else (),
        _stands(could),
        could.own,
        looked.loaded,
        looked.sources,
        looked.every,
        looked.nobodys,
        named,
    )


def _stands(could: Could) -> bool:
    asks = could.where is not None and "'open'" in could.where.text
    return could.entity == "opportunity" and (could.closed is not None or asks)


def _told(kind: Kind) -> dict[str, Any]:
    return {
        "entity": kind.entity,
        "columns": kind.columns,
        "placed": kind.placed,
        "filtered": kind.filtered,
        "stands": kind.stands,
        "own": kind.own,
        "loaded": kind.loaded,
        "sources": sorted(kind.sources),
        "every": counts_of(kind.every),
        "nobodys": counts_of(kind.nobodys),
        "owners": {owner: counts_of(tally) for owner, tally in kind.by_owner.items()},
        "sway": record_sways.kept(kind.sway),
    }


def _read(told: Mapping[str, Any]) -> Kind:
    return Kind(
        told["entity"],
        tuple(told["columns"]),
        tuple(told["placed"]),
        tuple(told["filtered"]),
        told["stands"],
        told["own"],
        told["loaded"],
        frozenset(told["sources"]),
        tally_of(told["every"]),
        tally_of(told["nobodys"]),
        {owner: tally_of(counts) for owner, counts in told["owners"].items()},
        record_sways.read(told.get("sway")),
    )


def counts_of(tally: Tally) -> list[int]:
    """Return a tally in few signs: there is one of each person and kind."""
    moments = (tally.dated, tally.undated, tally.ahead)
    return [tally.n, *moments, tally.late, tally.unmapped, tally.twice, *tally.filled]


def tally_of(counts: list[int]) -> Tally:
    """Return a tally as it was counted."""
    n, dated, undated, ahead, late, unmapped, twice, *filled = counts
    return Tally(n, tuple(filled), dated, undated, ahead, late, unmapped, twice)
