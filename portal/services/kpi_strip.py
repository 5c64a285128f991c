"""The five cells on top of a KPI's page: closed value, two comparisons, usual range, so far."""

from collections.abc import Sequence
from itertools import pairwise

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import tr
from kpi_engine.periods import Period
from kpi_engine.reading import Reading, State
from kpi_engine.statistics.xmr import Xmr
from kpi_engine.units import Unit
from portal.readmodels.cards import Bullet, Change, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.kpi_page import Cell, RangeBar
from portal.services import numbers, statuses
from portal.services.kpi_sights import Sight
from portal.services.numbers import Point, ToDate
from portal.services.statuses import Judged
from portal.services.stories import goodness
from portal.services.targets import Target

_SCALE_END = 1.3
"""How far beyond the target a bullet reaches."""


def cells(
    sight: Sight, points: Sequence[Point], target: Target | None, limits: Xmr | None
) -> tuple[Cell, ...]:
    """Return the cells. `points` end with the period that is looked at."""
    now = points[-1].reading
    judged = statuses.judge(sight.kpi, now, target)
    found = [
        _value(sight, now, target, judged),
        _against(sight, now, points),
        _last_year(sight, now, points),
        _usual(sight, now, limits),
    ]
    open_cell = _so_far(sight)
    return (*found, open_cell) if open_cell else tuple(found)


def parts_text(kpi: Kpi, reading: Reading, formats: Formats) -> str:
    """Return what a number stands on: '315 of 1,240', or how many records."""
    if kpi.unit is Unit.RATIO and reading.over is not None and reading.under is not None:
        over, under = _bare(reading.over, formats), _bare(reading.under, formats)
        return tr("{over} of {under}", over=over, under=under)
    if kpi.unit is Unit.COUNT and reading.value == reading.n:
        return ""
    return f"n {formats.number(reading.n)}" if reading.n else ""


def _bare(amount: float, formats: Formats) -> str:
    return formats.number(amount) if float(amount).is_integer() else formats.number(amount, 1)


def target_text(kpi: Kpi, target: Target, formats: Formats) -> str:
    """Return a target as it is read: '28.0 %', '≤ 66 days', '20-45 %'."""
    if target.low is not None and target.high is not None:
        return formats.range(target.low, target.high, kpi.unit)
    lower = kpi.better is Better.LOWER
    return formats.target(target.value or 0.0, kpi.unit, lower_is_better=lower)


def goal_of(target: Target | None) -> float | None:
    """Return the one number that a target is drawn at; the middle of a range."""
    if target is None:
        return None
    if target.low is not None and target.high is not None:
        return (target.low + target.high) / 2
    return target.value


def _value(sight: Sight, now: Reading, target: Target | None, judged: Judged) -> Cell:
    formats, kpi = sight.desk.formats, sight.kpi
    period = formats.period(sight.period)
    notes = [] if target is not None else [tr("No target is set for this period.")]
    if statuses.too_few(kpi, now):
        notes.append(tr("n {count}: too small to judge.", count=now.n))
    return Cell(
        tr("{period}, so far", period=period)
        if now.state is State.SO_FAR
        else tr("{period}, final", period=period),
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


def _bullet(now: Reading, target: Target | None, judged: Judged) -> Bullet | None:
    if now.value is None or target is None or judged.attained is None:
        return None
    filled = min(max(judged.attained, 0.0) / _SCALE_END, 1.0)
    told = tr("Attained against the target")
    return Bullet(filled, 1 / _SCALE_END, judged.status.tone, told)


def _against(sight: Sight, now: Reading, points: Sequence[Point]) -> Cell:
    formats = sight.desk.formats
    title = tr("Against {period}", period=formats.period(sight.before))
    if len(points) == 1:
        return Cell(title, absence=tr("nothing earlier to compare with"))
    before = points[-2].reading
    note = _missing(sight, before, sight.before)
    if before.value is not None:
        value = formats.short(before.value, sight.kpi.unit)
        note = tr("{value} in {period}", value=value, period=formats.period_short(sight.before))
    moved = _extreme(points)
    if moved:
        note = f"{note}. {moved}"
    return _change_cell(sight, title, now, before, note)


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


def _last_year(sight: Sight, now: Reading, points: Sequence[Point]) -> Cell:
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
    note = _missing(sight, found.reading, year)
    if found.reading.value is not None:
        value = formats.short(found.reading.value, sight.kpi.unit)
        note = tr("{value} in the same period last year", value=value)
    return _change_cell(sight, title, now, found.reading, note)


def _missing(sight: Sight, before: Reading, period: Period) -> str:
    if before.value is not None:
        return ""
    return tr("No number: {reason}", reason=sight.absence(before, period))


def _change_cell(sight: Sight, title: str, now: Reading, before: Reading, note: str) -> Cell:
    made = change(sight.kpi, now, before, sight.desk.formats)
    if made is None:
        return Cell(title, absence=tr("nothing to compare"), notes=(note,))
    return Cell(title, change=made, notes=(note,))


def change(kpi: Kpi, now: Reading, before: Reading, formats: Formats) -> Change | None:
    """Return how a number moved, coloured by what is good; None where one of them is missing."""
    if now.value is None or before.value is None:
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
    if now.value is not None:
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


def _so_far(sight: Sight) -> Cell | None:
    """Return the open period beside as many days of the one before; it gets no status."""
    desk, kpi = sight.desk, sight.kpi
    told = numbers.to_date(
        desk.session, desk.calendar, (kpi.key,), sight.grain, sight.view.who, desk.today
    )[kpi.key]
    if told.read_on is None or sight.period == told.period:
        return None
    period = desk.formats.period_short(told.period)
    title = tr("{period} so far, to {day}", period=period, day=_day(told, desk.formats))
    if told.so_far.value is None:
        return Cell(title, absence=sight.absence(told.so_far, told.period), hatched=True)
    notes = [_elapsed(sight, told), tr("Its status is told when the period has ended.")]
    return Cell(
        title,
        value=desk.formats.short(told.so_far.value, kpi.unit),
        beside=parts_text(kpi, told.so_far, desk.formats),
        notes=tuple(notes),
        hatched=True,
    )


def _day(told: ToDate, formats: Formats) -> str:
    return formats.day(told.read_on, year=False) if told.read_on else ""


def _elapsed(sight: Sight, told: ToDate) -> str:
    formats, kpi = sight.desk.formats, sight.kpi
    first, end = told.previous_days
    until = end.fromordinal(end.toordinal() - 1)
    days = f"{formats.day(first, year=False)}\N{EN DASH}{formats.day(until, year=False)}"
    made = change(kpi, told.so_far, told.previous, formats)
    if made is None or told.previous.value is None:
        why = sight.absence(told.previous, sight.desk.calendar.previous(told.period))
        if not why:
            return tr("No number to compare")
        return tr("{days} has no number to compare: {reason}", days=days, reason=why)
    value = formats.short(told.previous.value, kpi.unit)
    return tr("{change} against {days} ({value})", change=made.text, days=days, value=value)


def period_choices(sight: Sight, count: int) -> tuple[Period, ...]:
    """Return the periods that may be looked at, the latest first."""
    found = [sight.latest]
    while len(found) < count:
        found.append(sight.desk.calendar.previous(found[-1]))
    return tuple(found)
