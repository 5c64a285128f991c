"""A KPI by one dimension as ranked bars: how sure each is, and its part of the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.language import mark, tr, trc
from kpi_engine.questions import Dimension
from kpi_engine.reading import Absence, Reading, State
from kpi_engine.statistics.intervals import Interval
from kpi_engine.units import MEANS, Unit
from portal.readmodels.cards import Choice
from portal.readmodels.figures import scale_of
from portal.readmodels.formats import Formats
from portal.readmodels.kpi_page import Split, SplitRow
from portal.security.permissions import Permission
from portal.services import loads, splits, statuses, why_none
from portal.services.engines import Workshop
from portal.services.kpi_sights import Sight
from portal.services.quotients import both_parts, makes_it
from portal.services.split_figures import (
    NAMELESS,
    Figures,
    alone,
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
    "source": mark("Lead source"),
    "team": mark("Team"),
    "rep": mark("Rep"),
    "product": mark("Product"),
    "region": mark("Region"),
    "campaign": mark("Campaign"),
    "segment": mark("Segment"),
    "industry": mark("Industry"),
    "priority": mark("Priority"),
    "kind": mark("Kind"),
}
_INSIDE = {
    "source": mark("lead source"),
    "team": mark("team"),
    "rep": mark("rep"),
    "product": mark("product"),
    "region": mark("region"),
    "campaign": mark("campaign"),
    "segment": mark("segment"),
    "industry": mark("industry"),
    "priority": mark("priority"),
    "kind": mark("kind"),
}
"""The same within a sentence."""
_SHORT = {"source": mark("Source")}


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
    offered, name = _offered(sight), _chosen(sight)
    if sight.company_only:
        return _nothing(sight, tr("This KPI is told for the whole company only."))
    if sight.forward and not sight.runs:
        return _nothing(sight, tr("The period is over, and nothing of it is still to come."))
    if not name:
        return _nothing(sight, tr("Its records have nothing by which they could be told apart."))
    version = (loads.current_pin(sight.desk.session).seq, fingerprint)
    answer = splits.split(workshop, sight.desk.card.key, version, _question(sight, name))
    choices = tuple(
        Choice(tr(_SHORT.get(one, _TITLES[one])), sight.address(split=one, group=None), one == name)
        for one in offered
    )
    asked, told = sight.query.get("split", ""), ""
    if asked and asked != name:
        told = " " + tr("There is no split by '{dimension}' for this KPI.", dimension=asked)
    return _drawn(_shown(sight, name, answer), choices, told)


def _offered(sight: Sight) -> tuple[str, ...]:
    return tuple(splits.offered(sight.desk.catalogue, sight.kpi.key, sight.view.who))


def _chosen(sight: Sight) -> str:
    """Return by what the number is split; empty where there is nothing to split it by."""
    offered, asked = _offered(sight), sight.query.get("split", "")
    return asked if asked in offered else next(iter(offered), "")


def inside(sight: Sight) -> str:
    """Return what the dimension of the split is called within a sentence."""
    name = _chosen(sight)
    return tr(_INSIDE[name]) if name else ""


def sheet_title(sight: Sight) -> str:
    """Return what the split is called as a file."""
    by, kpi = inside(sight), sight.kpi.name
    if by:
        return tr("{kpi}, split by {dimension}", kpi=kpi, dimension=by)
    period = sight.desk.formats.period(sight.period)
    return tr("{kpi}, split of {period}", kpi=kpi, period=period)


def group_of(word: str, name: str) -> Mapping[Dimension, str | None] | None:
    """Return the group that the address names, or None."""
    if name not in splits.NAMES:
        return None
    if word == NOBODY:
        return {splits.NAMES[name]: None}
    return {splits.NAMES[name]: word.removeprefix(_KEY)} if word.startswith(_KEY) else None


def title_of(name: str) -> str:
    """Return what a dimension is called."""
    return tr(_TITLES[name])


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
    title = tr("Split of {period}", period=sight.desk.formats.period(sight.period))
    return Split(title, "", (), "", "", "", "", "", (), None, None, "", why)


def _shown(sight: Sight, name: str, answer: SplitAnswer) -> Shown:
    if sight.runs:
        answer = alone(answer)
    values = [group.pair.now.value for group in answer.groups]
    desk, kpi, whole = sight.desk, sight.kpi, answer.whole.now.value
    # In thousands for its largest group, a cost of 566 would read 1, beside 566 above.
    everything = [whole] if whole else [*values, answer.whole.before.value]
    scale = scale_of(everything, kpi.unit, desk.formats)
    return Shown(sight, name, answer, figures(kpi, answer, scale), top_of(kpi, answer))


def _drawn(shown: Shown, choices: tuple[Choice, ...], told: str) -> Split:
    sight, formats = shown.sight, shown.sight.desk.formats
    groups = ranked(sight.kpi, shown.answer.groups)
    rows = [_row(shown, group) for group in groups[:_MOST]]
    if len(groups) > _MOST:
        rows.append(_rest(shown, groups[_MOST:]))
    if shown.figures.others:
        rows.append(SplitRow(tr("In no group"), "", None, None, "", "", shown.figures.others))
    whole = shown.answer.whole
    change = shown.figures.moved(whole)
    unit = tr("pp") if sight.kpi.unit is Unit.RATIO else shown.figures.scale.unit
    tick = whole.now.value / shown.top if whole.now.value is not None and shown.top else None
    return Split(
        tr("Split by {dimension}", dimension=tr(_INSIDE[shown.name])),
        f"{formats.period(sight.period)}. {_legend(shown)}{told}",
        choices,
        tr(_TITLES[shown.name]),
        "n",
        measured(shown.figures.scale.unit),
        "" if sight.runs else _against(formats.period_least(sight.before), unit),
        tr("Part of {change}", change=change) if shown.figures.parts and change else "",
        tuple(rows),
        _total(shown, change),
        _at(tick) if tick is not None and sight.kpi.unit in MEANS else None,
        apart(sight.kpi, shown.answer),
        _untold(sight, groups),
        unit,
    )


def _untold(sight: Sight, groups: Sequence[Group]) -> str:
    """Return why there is nothing to compare; empty where a group has a number."""
    if not groups:
        return tr("{name} has no records in this period.", name=sight.view.name)
    whys = {group.pair.now.reason for group in groups}
    if len(whys) == 1 and all(group.pair.now.value is None for group in groups):
        return tr("None of the groups has a number: {reason}.", reason=why_none.told(*whys))
    return ""


def measured(unit: str) -> str:
    """Return the head of a column of values: 'Value, %'."""
    return tr("Value, {unit}", unit=unit) if unit else tr("Value")


def _against(period: str, unit: str) -> str:
    if unit:
        return tr("vs {period}, {unit}", period=period, unit=unit)
    return tr("vs {period}", period=period)


def _legend(shown: Shown) -> str:
    kpi = shown.sight.kpi
    if kpi.unit not in MEANS:
        return tr("Ranked by value.")
    if any(interval_of(kpi, group.pair.now) for group in shown.answer.groups):
        return tr("Whisker: 95 % Wilson interval; dashed: the whole.")
    return tr("Dashed: the whole.")


def _row(shown: Shown, group: Group) -> SplitRow:
    sight, now, top = shown.sight, group.pair.now, shown.top
    few = statuses.too_few(sight.kpi, now)
    value = now.value
    interval = interval_of(sight.kpi, now)
    drawn = value is not None and not few and top > 0 and value >= 0
    return SplitRow(
        group.label or tr(NAMELESS),
        sight.desk.formats.number(now.n),
        _at((value or 0.0) / top) if drawn else None,
        (_at(interval.low / top), _at(interval.high / top)) if interval and top else None,
        "" if value is None or few else shown.figures.scale.text(value),
        "" if few else shown.figures.moved(group.pair),
        shown.figures.part([group]),
        _records(sight, shown.name, group),
        _note(now, sight.desk.formats, few=few),
        "" if interval is None else _between(shown, interval),
        few,
    )


def _between(shown: Shown, interval: Interval) -> str:
    ends = shown.sight.desk.formats.range(interval.low, interval.high, Unit.RATIO)
    return tr("95 % between {range}", range=ends)


def _records(sight: Sight, name: str, group: Group) -> str:
    if not sight.desk.may(Permission.RECORDS_READ):
        return ""
    word = NOBODY if group.key is None else f"{_KEY}{group.key}"
    return sight.address(split=name, group=word, records="all", part=None)


def _note(reading: Reading, formats: Formats, *, few: bool) -> str:
    if reading.state is State.IMMATURE:
        # What the strip says in full above, once, and not in every row.
        return statuses.within(statuses.IMMATURE)
    if reading.value is None:
        # The group had records in the period before: what it has none of now needs no more words.
        none = reading.reason in {Absence.NO_ROWS, Absence.ZERO_DENOMINATOR}
        return tr("none in this period") if none else why_none.told(reading.reason)
    if not few:
        return ""
    if makes_it(reading) and reading.over is not None and reading.under is not None:
        over, under = both_parts(reading, formats)
        return tr("{over} of {under}; n too small", over=over, under=under)
    return tr("n {count}; too small", count=reading.n)


def _rest(shown: Shown, groups: Sequence[Group]) -> SplitRow:
    n = sum(group.pair.now.n for group in groups)
    counted = shown.sight.desk.formats.number(n)
    part = shown.figures.part(groups)
    return SplitRow(tr("{count} more", count=len(groups)), counted, None, None, "", "", part)


def _total(shown: Shown, change: str) -> SplitRow | None:
    now = shown.answer.whole.now
    if now.value is None:
        return None
    return SplitRow(
        trc("sum of a split", "All"),
        shown.sight.desk.formats.number(now.n),
        None,
        None,
        shown.figures.scale.text(now.value),
        change,
        change if shown.figures.parts else "",
    )


def _at(part: float) -> float:
    return min(max(part, 0.0), 1.0)
