"""The five cells on top of a KPI's page: closed value, two comparisons, usual range, so far."""

from collections.abc import Sequence
from itertools import pairwise

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi
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
        return f"{_bare(reading.over, formats)} of {_bare(reading.under, formats)}"
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
    ended = "so far" if now.state is State.SO_FAR else "final"
    notes = [] if target is not None else ["No target is set for this period."]
    if statuses.too_few(kpi, now):
        notes.append(f"n {now.n}: too small to judge.")
    return Cell(
        f"{formats.period(sight.period)}, {ended}",
        value="" if now.value is None else formats.short(now.value, kpi.unit),
        absence=sight.absence(now, sight.period),
        status=judged.status,
        beside=parts_text(kpi, now, formats),
        notes=tuple(notes),
        target="" if target is None else f"Target {target_text(kpi, target, formats)}",
        attained="" if judged.attained is None else f"{formats.per_cent(judged.attained)} attained",
        bullet=_bullet(now, target, judged),
        hatched=now.state is State.SO_FAR,
    )


def _bullet(now: Reading, target: Target | None, judged: Judged) -> Bullet | None:
    if now.value is None or target is None or judged.attained is None:
        return None
    filled = min(max(judged.attained, 0.0) / _SCALE_END, 1.0)
    return Bullet(filled, 1 / _SCALE_END, judged.status.tone, "Attained against the target")


def _against(sight: Sight, now: Reading, points: Sequence[Point]) -> Cell:
    formats = sight.desk.formats
    told = formats.period(sight.before)
    if len(points) == 1:
        return Cell(f"Against {told}", absence="nothing earlier to compare with")
    before = points[-2].reading
    notes = _compared(sight, before, sight.before, f"in {formats.period_short(sight.before)}")
    moved = _extreme(points)
    if moved:
        notes = (f"{notes[0]}. {moved}", *notes[1:])
    return _change_cell(sight, f"Against {told}", now, before, notes)


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
    return f"The largest {'rise' if steps[-1] > 0 else 'fall'} in {len(points)} periods"


_STEPS = 6


def _last_year(sight: Sight, now: Reading, points: Sequence[Point]) -> Cell:
    formats, year = sight.desk.formats, sight.last_year
    title = f"Against {formats.period(year)}"
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
    notes = _compared(sight, found.reading, year, "in the same period last year")
    return _change_cell(sight, title, now, found.reading, notes)


def _compared(sight: Sight, before: Reading, period: Period, when: str) -> tuple[str, ...]:
    if before.value is None:
        return (f"No number: {sight.absence(before, period)}",)
    return (f"{sight.desk.formats.short(before.value, sight.kpi.unit)} {when}",)


def _change_cell(
    sight: Sight, title: str, now: Reading, before: Reading, notes: tuple[str, ...]
) -> Cell:
    made = change(sight.kpi, now, before, sight.desk.formats)
    if made is None:
        return Cell(title, absence="nothing to compare", notes=notes)
    return Cell(title, change=made, notes=notes)


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
        return Cell("Usual range", absence="too few periods to tell")
    text = formats.range(limits.lower, limits.upper, unit)
    bar, note = None, ""
    if now.value is not None:
        bar = _range_bar(sight, now.value, limits)
        note = _beyond(sight, now.value, limits)
    return Cell("Usual range", value=text, notes=(note,) if note else (), range=bar)


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
        "The value against its usual range",
    )


def _beyond(sight: Sight, value: float, limits: Xmr) -> str:
    formats, unit = sight.desk.formats, sight.kpi.unit
    for edge, word in ((limits.lower, "below"), (limits.upper, "above")):
        if (value - edge) * (1 if word == "above" else -1) > 0:
            far = formats.difference(value, edge, unit).lstrip("+\N{MINUS SIGN}")
            return f"{far} {word} the range"
    return "Within the usual range"


def _so_far(sight: Sight) -> Cell | None:
    """Return the open period beside as many days of the one before; it gets no status."""
    desk, kpi = sight.desk, sight.kpi
    told = numbers.to_date(
        desk.session, desk.calendar, (kpi.key,), sight.grain, sight.view.who, desk.today
    )[kpi.key]
    if told.read_on is None or sight.period == told.period:
        return None
    title = f"{desk.formats.period_short(told.period)} so far, to {_day(told, desk.formats)}"
    if told.so_far.value is None:
        return Cell(title, absence=sight.absence(told.so_far, told.period), hatched=True)
    notes = [_elapsed(sight, told), "Its status is told when the period has ended."]
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
        return f"{days} has no number to compare: {why}" if why else "No number to compare"
    return f"{made.text} against {days} ({formats.short(told.previous.value, kpi.unit)})"


def period_choices(sight: Sight, count: int) -> tuple[Period, ...]:
    """Return the periods that may be looked at, the latest first."""
    found = [sight.latest]
    while len(found) < count:
        found.append(sight.desk.calendar.previous(found[-1]))
    return tuple(found)
