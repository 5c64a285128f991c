"""The five cells on top of a KPI's page: closed value, two comparisons, usual range, so far."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import tr
from kpi_engine.periods import Period
from kpi_engine.reading import Reading, State
from kpi_engine.statistics.xmr import Xmr
from kpi_engine.units import Unit
from portal.readmodels.cards import Bullet, Change, RangeBar, Tone
from portal.readmodels.charts import Level
from portal.readmodels.formats import Formats
from portal.readmodels.kpi_page import Cell
from portal.services import beginnings, kpi_forward, kpi_pace, kpi_so_far, numbers, statuses
from portal.services.empty_tops import Tops
from portal.services.kpi_sights import Sight
from portal.services.numbers import Point
from portal.services.quotients import comparable, parts_text
from portal.services.statuses import Judged
from portal.services.stories import goodness
from portal.services.targets import Target

_SCALE_END = 1.3
"""How far beyond the target a bullet reaches."""


def cells(
    tops: Tops,
    points: Sequence[Point],
    target: Target | None,
    limits: Xmr | None,
    *,
    by_day: bool = False,
) -> tuple[Cell, ...]:
    """Return the cells. `points` end with the period that is looked at.

    With `by_day` those before it are told by its same day, so that it may be held against them.
    """
    sight, now = tops.sight, points[-1].reading
    judged = statuses.judge(sight.kpi, now, target)
    value, usual = _value(tops, points[-1], target, judged), _usual(sight, now, limits)
    if by_day:
        return (value, *kpi_forward.against(sight, points, change), usual)
    if sight.runs:
        return (value, *kpi_so_far.against(tops, change), usual)
    found = [
        value,
        _against(tops, now, points),
        *([] if sight.last_year == sight.before else [_last_year(tops, now, points)]),
        usual,
    ]
    open_cell = kpi_so_far.cell(tops, change)
    return (*found, open_cell) if open_cell else tuple(found)


def target_text(kpi: Kpi, target: Target, formats: Formats) -> str:
    """Return a target as it is read: '28.0 %', '≤ 66 days', '20-45 %'."""
    if target.low is not None and target.high is not None:
        return formats.range(target.low, target.high, kpi.unit)
    lower = kpi.better is Better.LOWER
    return formats.target(target.value or 0.0, kpi.unit, lower_is_better=lower)


def goal_levels(target: Target | None, unit: Unit, formats: Formats) -> dict[str, Level]:
    """Return where a chart draws a target: one level, or both ends of a range."""
    if target is None:
        return {}
    ends = {"target": target.value if target.high is None else target.high, "floor": target.low}
    return {
        name: Level(end, tr("Target {value}", value=formats.short(end, unit)))
        for name, end in ends.items()
        if end is not None
    }


def _value(tops: Tops, point: Point, target: Target | None, judged: Judged) -> Cell:
    sight, now = tops.sight, point.reading
    formats, kpi = sight.desk.formats, sight.kpi
    period = formats.period(sight.period)
    notes = [] if target is not None else [tr("No target is set for this period.")]
    if statuses.too_few(kpi, now):
        notes.append(tr("n {count}: too small to judge.", count=now.n))
    if lacks := tops.missing(now, sight.period):
        notes.insert(0, tr("There were no {records} in {period}.", records=lacks, period=period))
    if now.state is State.SO_FAR:
        notes += filter(None, [kpi_pace.said(sight)])
    if point.begins is not None:
        notes.append(tr("Records from {month} on.", month=formats.month(point.begins)))
    return Cell(
        _titled(now.state, period),
        value="" if now.value is None else formats.short(now.value, kpi.unit),
        absence=sight.absence(now, sight.period),
        status=judged.status,
        beside=parts_text(kpi, now, formats),
        notes=tuple(notes),
        target=""
        if target is None
        else tr("Target {value}", value=target_text(kpi, target, formats)),
        attained=""
        if judged.attained is None
        else tr("{share} attained", share=formats.per_cent(judged.attained)),
        bullet=_bullet(now, target, judged),
        hatched=now.state is State.SO_FAR,
    )


def _titled(state: State, period: str) -> str:
    """Return a period with how far its number can be relied on; without a number it is bare."""
    if state is State.SO_FAR:
        return tr("{period}, so far", period=period)
    return tr("{period}, final", period=period) if state is State.FINAL else period


def _bullet(now: Reading, target: Target | None, judged: Judged) -> Bullet | None:
    if now.value is None or target is None or judged.attained is None:
        return None
    filled = min(max(judged.attained, 0.0) / _SCALE_END, 1.0)
    told = tr("Attained against the target")
    return Bullet(filled, 1 / _SCALE_END, judged.status.tone, told)


def _against(tops: Tops, now: Reading, points: Sequence[Point]) -> Cell:
    sight, formats = tops.sight, tops.sight.desk.formats
    title = tr("Against {period}", period=formats.period(sight.before))
    if len(points) == 1:
        return Cell(title, absence=tr("nothing earlier to compare with"))
    before = points[-2].reading
    note = _missing(sight, before, sight.before)
    if before.value is not None:
        value = formats.short(before.value, sight.kpi.unit)
        note = tr("{value} in {period}", value=value, period=formats.period_short(sight.before))
        note = _from(points[-2], note, formats)
    moved = _extreme(points)
    if moved and not tops.fact(points):
        note = f"{note}. {moved}"
    return _change_cell(tops, title, now, points[-2], note)


def _extreme(points: Sequence[Point]) -> str:
    """Say that the last step was the largest of its direction, where there are steps enough."""
    values = [point.reading.value for point in points]
    steps = [
        later - earlier
        for earlier, later in pairwise(values)
        if earlier is not None and later is not None
    ]
    if values[-1] is None or values[-2] is None or len(steps) < _STEPS or not steps[-1]:
        return ""
    same = [abs(step) for step in steps[:-1] if step * steps[-1] > 0]
    if same and abs(steps[-1]) <= max(same):
        return ""
    if steps[-1] > 0:
        return tr("The largest rise in {count} periods", count=len(points))
    return tr("The largest fall in {count} periods", count=len(points))


_STEPS = 6


def _last_year(tops: Tops, now: Reading, points: Sequence[Point]) -> Cell:
    sight = tops.sight
    formats, year = sight.desk.formats, sight.last_year
    title = tr("Against {period}", period=formats.period(year))
    found = next((point for point in points if point.period == year), None)
    if found is None:
        (found,) = numbers.series(
            sight.desk.session,
            sight.desk.calendar,
            (sight.kpi.key,),
            sight.grain,
            sight.view.who,
            year,
            1,
        )[sight.kpi.key]
        (found,) = beginnings.marked(sight.desk, sight.view.who, (found,), sight.kpi.key)
    note = _missing(sight, found.reading, year)
    if found.reading.value is not None:
        value = formats.short(found.reading.value, sight.kpi.unit)
        note = tr("{value} in the same period last year", value=value)
        note = _from(found, note, formats)
    return _change_cell(tops, title, now, found, note)


def _from(point: Point, note: str, formats: Formats) -> str:
    """Say so where a period is told from the month on in which its records begin."""
    if point.begins is None:
        return note
    first = formats.month(point.begins)
    return tr("{note}, whose records begin in {month}", note=note, month=first)


def _missing(sight: Sight, before: Reading, period: Period) -> str:
    if before.value is not None:
        return ""
    return tr("No number: {reason}", reason=sight.absence(before, period))


def _change_cell(tops: Tops, title: str, now: Reading, other: Point, note: str) -> Cell:
    sight = tops.sight
    lacks = tops.missing(other.reading, other.period)
    if lacks:
        note = tr("{note}, when there were no {records}", note=note, records=lacks)
    made = change(sight.kpi, now, other.reading, sight.desk.formats)
    if made is None or lacks or tops.missing(now, sight.period):
        return Cell(title, absence=tr("nothing to compare"), notes=(note,))
    few = any(statuses.too_few(sight.kpi, one) for one in (now, other.reading))
    if few or other.begins is not None:
        made = replace(made, tone=Tone.NEUTRAL)
    return Cell(title, change=made, notes=(note,))


def change(kpi: Kpi, now: Reading, before: Reading, formats: Formats) -> Change | None:
    """Return how a number moved, coloured by what is good; None where one of them is missing."""
    if now.value is None or before.value is None or not comparable(kpi, now, before):
        return None
    text = formats.change(now.value, before.value, kpi.unit)
    text = text or formats.difference(now.value, before.value, kpi.unit)
    same = formats.short(now.value, kpi.unit) == formats.short(before.value, kpi.unit)
    tone = Tone.NEUTRAL if same else goodness(kpi.better, now.value - before.value)
    return Change(text, "", tone, None if same else now.value > before.value)


def _usual(sight: Sight, now: Reading, limits: Xmr | None) -> Cell:
    formats, unit = sight.desk.formats, sight.kpi.unit
    if limits is None:
        return Cell(tr("Usual range"), absence=tr("too few periods to tell"))
    text = formats.range(limits.lower, limits.upper, unit)
    bar, note = None, ""
    if now.value is not None and not sight.runs:
        bar = _range_bar(sight, now.value, limits)
        note = _beyond(sight, now.value, limits)
    return Cell(tr("Usual range"), value=text, notes=(note,) if note else (), range=bar)


def _range_bar(sight: Sight, value: float, limits: Xmr) -> RangeBar:
    low, high = min(limits.lower, value), max(limits.upper, value)
    room = (high - low) * 0.15 or 1.0
    first, width = low - room, high - low + 2 * room
    outside = not limits.lower <= value <= limits.upper
    tone = goodness(sight.kpi.better, value - limits.mean) if outside else Tone.NEUTRAL
    return RangeBar(
        (limits.lower - first) / width,
        (limits.upper - first) / width,
        (limits.mean - first) / width,
        (value - first) / width,
        tone,
        tr("The value against its usual range"),
    )


def _beyond(sight: Sight, value: float, limits: Xmr) -> str:
    formats, unit = sight.desk.formats, sight.kpi.unit
    if limits.lower <= value <= limits.upper:
        return tr("Within the usual range")
    below = value < limits.lower
    edge = limits.lower if below else limits.upper
    far = formats.difference(value, edge, unit).lstrip("+\N{MINUS SIGN}")
    if below:
        return tr("{difference} below the range", difference=far)
    return tr("{difference} above the range", difference=far)


def period_choices(sight: Sight, count: int) -> tuple[Period, ...]:
    """Return the periods that may be looked at, the latest first."""
    found = [sight.latest]
    while len(found) < count:
        found.append(sight.desk.calendar.previous(found[-1]))
    return tuple(found)
