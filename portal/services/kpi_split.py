"""A KPI by one dimension as ranked bars: how sure each is, and its part of the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.questions import Dimension
from kpi_engine.reading import Reading
from kpi_engine.units import Unit
from portal.readmodels.cards import Choice
from portal.readmodels.figures import scale_of
from portal.readmodels.kpi_page import Split, SplitRow
from portal.security.permissions import Permission
from portal.services import loads, splits, statuses
from portal.services.engines import Workshop
from portal.services.kpi_sights import Sight
from portal.services.split_figures import (
    NAMELESS,
    Figures,
    apart,
    figures,
    interval_of,
    ranked,
    top_of,
)
from portal.services.splits import Group, SplitAnswer, SplitAsked

NOBODY = "none"
"""How the address names the records that say nothing; a key stands after `is:`."""
_KEY = "is:"
_MOST = 14
_TITLES = {
    "source": "Lead source",
    "team": "Team",
    "rep": "Rep",
    "product": "Product",
    "region": "Region",
    "campaign": "Campaign",
    "segment": "Segment",
    "industry": "Industry",
    "priority": "Priority",
    "kind": "Kind",
}
_SHORT = {"source": "Source"}
_MEANS = {Unit.RATIO, Unit.DAYS, Unit.HOURS, Unit.MINUTES, Unit.SCORE}


@dataclass(frozen=True, slots=True)
class Shown:
    """A split as it is shown: which one, and its figures; `top` is the end of the bars' scale."""

    sight: Sight
    name: str
    answer: SplitAnswer
    figures: Figures
    top: float


def split(workshop: Workshop, sight: Sight, fingerprint: str) -> Split:
    """Return the split that the address asks for, or the first that fits the KPI."""
    offered = splits.offered(sight.desk.catalogue, sight.kpi.key, sight.view.who)
    asked = sight.query.get("split", "")
    name = asked if asked in offered else next(iter(offered), "")
    if not name:
        return _nothing(sight, "Its records have nothing by which they could be told apart.")
    version = (loads.current_pin(sight.desk.session).seq, fingerprint)
    answer = splits.split(workshop, sight.desk.card.key, version, _question(sight, name))
    choices = tuple(
        Choice(_SHORT.get(one, _TITLES[one]), sight.address(split=one, group=None), one == name)
        for one in offered
    )
    told = "" if not asked or asked == name else f" There is no split by '{asked}' for this KPI."
    return _drawn(_shown(sight, name, answer), choices, told)


def group_of(word: str, name: str) -> Mapping[Dimension, str | None] | None:
    """Return the group that the address names, or None."""
    if name not in splits.NAMES:
        return None
    if word == NOBODY:
        return {splits.NAMES[name]: None}
    return {splits.NAMES[name]: word.removeprefix(_KEY)} if word.startswith(_KEY) else None


def title_of(name: str) -> str:
    """Return what a dimension is called."""
    return _TITLES[name]


def _question(sight: Sight, name: str) -> SplitAsked:
    return SplitAsked(
        sight.kpi.key,
        sight.period,
        sight.before,
        sight.view.scope,
        splits.NAMES[name],
        sight.desk.today,
    )


def _nothing(sight: Sight, why: str) -> Split:
    title = f"Split of {sight.desk.formats.period(sight.period)}"
    return Split(title, "", (), "", "", "", "", "", (), None, None, "", why)


def _shown(sight: Sight, name: str, answer: SplitAnswer) -> Shown:
    values = [group.pair.now.value for group in answer.groups]
    everything = [*values, answer.whole.now.value, answer.whole.before.value]
    desk, kpi = sight.desk, sight.kpi
    scale = scale_of(everything, kpi.unit, desk.formats)
    return Shown(sight, name, answer, figures(kpi, answer, scale), top_of(kpi, answer))


def _drawn(shown: Shown, choices: tuple[Choice, ...], told: str) -> Split:
    sight, formats = shown.sight, shown.sight.desk.formats
    groups = ranked(sight.kpi, shown.answer.groups)
    rows = [_row(shown, group) for group in groups[:_MOST]]
    if len(groups) > _MOST:
        rows.append(_rest(shown, groups[_MOST:]))
    if shown.figures.others:
        rows.append(SplitRow("In no group", "", None, None, "", "", shown.figures.others))
    whole = shown.answer.whole
    change = shown.figures.moved(whole)
    unit = "pp" if sight.kpi.unit is Unit.RATIO else shown.figures.scale.unit
    tick = whole.now.value / shown.top if whole.now.value is not None and shown.top else None
    return Split(
        f"Split by {_TITLES[shown.name].lower()}",
        f"{formats.period(sight.period)}. {_legend(shown)}{told}",
        choices,
        _TITLES[shown.name],
        "n",
        f"Value, {shown.figures.scale.unit}" if shown.figures.scale.unit else "Value",
        f"vs {formats.period_least(sight.before)}{f', {unit}' if unit else ''}",
        f"Part of {change}" if shown.figures.parts and change else "",
        tuple(rows),
        _total(shown, change),
        _at(tick) if tick is not None and sight.kpi.unit in _MEANS else None,
        apart(sight.kpi, shown.answer),
        "" if groups else f"{sight.view.name} has no records in this period.",
    )


def _legend(shown: Shown) -> str:
    kpi, told = shown.sight.kpi, ""
    if any(interval_of(kpi, group.pair.now) for group in shown.answer.groups):
        told = "Whisker: 95 % Wilson interval; "
    if kpi.unit not in _MEANS:
        return "Ranked by value."
    return f"{told}dashed: the whole." if told else "Dashed: the whole."


def _row(shown: Shown, group: Group) -> SplitRow:
    sight, now, top = shown.sight, group.pair.now, shown.top
    few = statuses.too_few(sight.kpi, now)
    value = now.value
    interval = interval_of(sight.kpi, now)
    drawn = value is not None and not few and top > 0 and value >= 0
    return SplitRow(
        group.label or NAMELESS,
        sight.desk.formats.number(now.n),
        _at((value or 0.0) / top) if drawn else None,
        (_at(interval.low / top), _at(interval.high / top)) if interval and top else None,
        "" if value is None or few else shown.figures.scale.text(value),
        "" if few else shown.figures.moved(group.pair),
        shown.figures.part([group]),
        _records(sight, shown.name, group),
        _note(now, few=few),
        ""
        if interval is None
        else f"95 % between {sight.desk.formats.range(interval.low, interval.high, Unit.RATIO)}",
        few,
    )


def _records(sight: Sight, name: str, group: Group) -> str:
    if not sight.desk.may(Permission.RECORDS_READ):
        return ""
    word = NOBODY if group.key is None else f"{_KEY}{group.key}"
    return sight.address(split=name, group=word, records="all", part=None)


def _note(reading: Reading, *, few: bool) -> str:
    if reading.value is None:
        return reading.reason or "no number"
    if not few:
        return ""
    if reading.over is not None and reading.under is not None:
        return f"{reading.over:g} of {reading.under:g}; n too small"
    return f"n {reading.n}; too small"


def _rest(shown: Shown, groups: Sequence[Group]) -> SplitRow:
    n = sum(group.pair.now.n for group in groups)
    counted = shown.sight.desk.formats.number(n)
    part = shown.figures.part(groups)
    return SplitRow(f"{len(groups)} more", counted, None, None, "", "", part)


def _total(shown: Shown, change: str) -> SplitRow | None:
    now = shown.answer.whole.now
    if now.value is None:
        return None
    return SplitRow(
        "All",
        shown.sight.desk.formats.number(now.n),
        None,
        None,
        shown.figures.scale.text(now.value),
        change,
        change if shown.figures.parts else "",
    )


def _at(part: float) -> float:
    return min(max(part, 0.0), 1.0)
