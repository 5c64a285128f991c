"""A KPI's last periods as first known and as now known, and in words why the two differ."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.units import Unit
from portal.models.observations import Observation, series
from portal.readmodels.formats import Formats
from portal.readmodels.kpi_page import Past, PastRow
from portal.services import catalogue_words, listed, why_none
from portal.services.kpi_sights import Sight

_SHOWN = 8
_FEW = 2


def past(sight: Sight) -> Past:
    """Return the last observed periods, the newest first."""
    sub = tr("As seen at the close, and as known today.")
    if sight.forward:
        return Past(
            sub, (), "", "", tr("It tells what is still to come, so no close has any of it.")
        )
    desk, who = sight.desk, sight.view.who
    rows = desk.session.scalars(series(sight.kpi.key, sight.grain.value, who.kind, who.id)).all()
    told = [tuple(each) for _, each in groupby(rows, lambda row: row.period_start)]
    told = [each for each in told if each[0].period_start <= sight.period.start][-_SHOWN:]
    drawn = tuple(_row(sight, each) for each in reversed(told))
    restated = sum(row.restated for row in drawn)
    unit = tr("pp") if sight.kpi.unit is Unit.RATIO else trc("difference of two values", "Change")
    foot = _foot(restated, len(drawn))
    empty = tr("No snapshot of a closed period was taken for these numbers yet.")
    return Past(sub, drawn, unit, foot, "" if drawn else empty)


def _foot(restated: int, periods: int) -> str:
    if not periods:
        return ""
    if not restated:
        return trn(
            "The last period was not restated.",
            "None of the last {count} periods was restated.",
            periods,
        )
    return trn(
        "{count} of the last {periods} periods was restated.",
        "{count} of the last {periods} periods were restated.",
        restated,
        periods=periods,
    )


def _row(sight: Sight, observed: Sequence[Observation]) -> PastRow:
    desk, first, last = sight.desk, observed[0], observed[-1]
    period = desk.calendar.holding(first.period_start, sight.grain)
    later = observed[1:]
    told = (cause_in_words(row.cause or {}, desk.formats) for row in later[-_FEW:])
    causes = "; ".join(dict.fromkeys(told))
    return PastRow(
        desk.formats.period_short(period),
        _text(sight, first),
        _text(sight, last),
        _moved(sight, first, last) if later else "",
        causes if later else tr("Not restated"),
        bool(later),
        (first.value is None, last.value is None),
    )


def _text(sight: Sight, row: Observation) -> str:
    if row.value is None:
        return why_none.told(row.reason)
    return sight.desk.formats.short(row.value, sight.kpi.unit)


def _moved(sight: Sight, first: Observation, last: Observation) -> str:
    if first.value is None or last.value is None:
        return ""
    unit, formats = sight.kpi.unit, sight.desk.formats
    return formats.change(last.value, first.value, unit) or formats.difference(
        last.value, first.value, unit
    )


def cause_in_words(cause: Mapping[str, Any], formats: Formats) -> str:
    """Return why a value was restated: late data, another definition, a window that passed."""
    told = []
    if cause.get("matured"):
        told.append(tr("The cohort's window has passed"))
    if "definition" in cause:
        told.append(_definition(cause["definition"]))
    moved = _moved_records(cause.get("loads", ()), formats)
    if moved:
        told.append(tr("Late data: {records}", records=moved))
    elif cause.get("loads") and not told:
        told.append(tr("A later load"))
    return ". ".join(told) or tr("Stages mapped anew, or a release of the portal")


def _definition(found: Mapping[str, Any]) -> str:
    applied = found.get("applied") or []
    if not applied:
        return tr("A setting or a shipped definition changed")
    named = ", ".join(f"{one['kpi']} v{one['version']}" for one in applied[:_FEW])
    return tr("Definition {versions}", versions=named)


def _moved_records(loads: Sequence[Mapping[str, Any]], formats: Formats) -> str:
    counts: dict[str, dict[str, int]] = {}
    for load in loads:
        for entity, moved in load.get("records", {}).items():
            kept = counts.setdefault(entity, {})
            for how, count in moved.items():
                kept[how] = kept.get(how, 0) + count
    told = [
        _records(formats.number(count), catalogue_words.records(entity, count), how)
        for entity, moved in counts.items()
        for how, count in moved.items()
        if count
    ]
    return listed.with_more(told, _FEW)


def _records(count: str, records: str, how: str) -> str:
    if how not in _HOW:
        return f"{count} {records} {how}"
    return tr(_HOW[how], count=count, records=records)


_HOW = {
    "inserted": mark("{count} {records} added"),
    "changed": mark("{count} {records} changed"),
    "deleted": mark("{count} {records} deleted"),
}
