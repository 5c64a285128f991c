"""The trend of a KPI: its periods with what is usual, what is a signal, and what was noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from kpi_engine.reading import State
from kpi_engine.statistics.xmr import Sign, Xmr
from portal.models.annotations import LONGEST
from portal.readmodels.charts import Axes, Level, XmrChart
from portal.readmodels.kpi_page import NoteForm, Trend, TrendNote, TrendRow
from portal.security.permissions import Permission
from portal.services import (
    annotations,
    beginnings,
    numbers,
    targets,
    trend_signals,
    usual_ranges,
    why_none,
)
from portal.services.desks import Desk
from portal.services.kpi_sights import ADJECTIVES, Sight, company_only
from portal.services.kpi_strip import goal_levels, target_text
from portal.services.numbers import Point, Who
from portal.services.quotients import of_nothing, parts_text
from portal.services.targets import Target
from portal.services.trend_signals import Told

SHOWN = 24
"""So many periods are shown; one more is read, to tell the change of the first."""
_LEAST = 8
"""So many are shown at least, with or without numbers."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Goals = Mapping[tuple[KpiKey, date], Target]


def points_of(sight: Sight) -> tuple[Point, ...]:
    """Return the periods up to the one looked at, oldest first."""
    found = numbers.series(
        sight.desk.session,
        sight.desk.calendar,
        (sight.kpi.key,),
        sight.grain,
        sight.view.who,
        sight.period,
        SHOWN + 1,
    )[sight.kpi.key]
    found = beginnings.marked(sight.desk, sight.view.who, found, sight.kpi.key)
    return reasoned(sight.desk, sight.kpi.key, sight.view.who, found)


def reasoned(desk: Desk, key: KpiKey, who: Who, points: Sequence[Point]) -> tuple[Point, ...]:
    """Return points, each saying so where a number is told for the whole company only."""
    lacking = company_only(desk.catalogue, key, who)
    return tuple(map(_of_company, points)) if lacking else tuple(points)


def _of_company(point: Point) -> Point:
    """Return a point that lacks its number because nobody but the company has any."""
    if point.reading.value is not None:
        return point
    return replace(point, reading=replace(point.reading, reason=why_none.COMPANY_ONLY))


def limits_of(sight: Sight, points: Sequence[Point]) -> Xmr | None:
    """Return what is usual: from the periods before the one looked at, none of them open."""
    return usual_ranges.of_points(sight.kpi, points)


def goals_of(sight: Sight, points: Sequence[Point]) -> Goals:
    """Return the targets of the periods."""
    periods = [point.period for point in points]
    desk = sight.desk
    return targets.of(desk.session, desk.calendar, (sight.kpi.key,), periods, sight.view.who)


def trend(
    sight: Sight,
    points: Sequence[Point],
    limits: Xmr | None,
    goals: Goals,
    *,
    note: str = "",
) -> Trend:
    """Return the trend; `note` is said of its points, where they are not what ended periods are."""
    shown = Shown(sight, points, _first(points), limits, goals, note)
    rows = tuple(_row(shown, index) for index in range(shown.first, len(points)))
    notes = _notes(sight, points[shown.first :])
    told = any(point.reading.value is not None for point in points[shown.first :])
    chart = _chart(shown, rows, notes) if told else None
    return Trend(
        _sub(shown, chart),
        chart,
        tuple(reversed(rows)),
        trend_signals.pill(shown.signals) if limits else None,
        _summary(shown, rows),
        tuple(note for _, note in notes),
        _form(sight),
        "" if told else _untold(sight, len(rows)),
    )


def _first(points: Sequence[Point]) -> int:
    """Return where the trend begins: no years without a number before the first that has one."""
    first = max(len(points) - SHOWN, 0)
    told = (at for at, point in enumerate(points) if point.reading.value is not None)
    return max(first, min(next(told, first), len(points) - _LEAST))


def _untold(sight: Sight, count: int) -> str:
    return tr("{name} has no number in these {count} periods.", name=sight.view.name, count=count)


@dataclass(frozen=True, slots=True)
class Shown:
    """The points of a trend; those before `first` are read and not shown."""

    sight: Sight
    points: Sequence[Point]
    first: int
    limits: Xmr | None
    goals: Goals
    note: str = ""

    def sign(self, index: int) -> Sign | None:
        """Return what a point signals; None for the usual up and down."""
        told = self.points[index].reading.value is not None
        return self.limits.at(index) if self.limits is not None and told else None

    @property
    def signs(self) -> tuple[Sign | None, ...]:
        """What each point that is shown signals."""
        return tuple(self.sign(index) for index in range(self.first, len(self.points)))

    @property
    def signals(self) -> tuple[Told, ...]:
        """The signals of the points that are shown, by their places among them."""
        values = [point.reading.value for point in self.points[self.first :]]
        return trend_signals.told(self.signs, values)

    def target(self, index: int) -> Target | None:
        """Return the target of a period."""
        return self.goals.get((self.sight.kpi.key, self.points[index].period.start))

    def short(self, value: float) -> str:
        """Return a value as it is read."""
        return self.sight.desk.formats.short(value, self.sight.kpi.unit)


def _row(shown: Shown, index: int) -> TrendRow:
    sight, point = shown.sight, shown.points[index]
    formats, reading, target = sight.desk.formats, point.reading, shown.target(index)
    value = sight.absence(reading, point.period)
    if reading.value is not None:
        value = shown.short(reading.value)
    return TrendRow(
        formats.period(point.period),
        tr("{value}, so far", value=value) if reading.state is State.SO_FAR else value,
        "" if target is None else target_text(sight.kpi, target, formats),
        parts_text(sight.kpi, reading, formats),
        trend_signals.word(shown.sign(index)),
        sight.address(period=point.period.label, records=_listed(sight), page=None),
        point.period == sight.period,
        _held(shown, point),
    )


def _held(shown: Shown, point: Point) -> bool:
    """Say whether a point is held against the limits; each by its day where they all run."""
    reading, kpi = point.reading, shown.sight.kpi
    ended = reading.state is not State.SO_FAR or bool(shown.note)
    whole = reading.value is not None and point.begins is None and not of_nothing(kpi, reading)
    return shown.limits is not None and ended and whole


def _listed(sight: Sight) -> str | None:
    if not sight.desk.may(Permission.RECORDS_READ):
        return None
    return sight.query.get("records") or "all"


def _chart(
    shown: Shown, rows: Sequence[TrendRow], notes: Sequence[tuple[int, TrendNote]]
) -> XmrChart:
    points = shown.points[shown.first :]
    values = tuple(point.reading.value for point in points)
    levels = _levels(shown)
    inside = [value for value in values if value is not None]
    inside += [one.value for one in levels.values()]
    along = _along(shown)
    inside += [edge for one in along if one is not None for edge in one]
    kpi, formats = shown.sight.kpi, shown.sight.desk.formats
    axes = Axes(formats.axis([point.period for point in points]), formats.ticks(inside, kpi.unit))
    return XmrChart(
        axes,
        tuple(row.period for row in rows),
        values,
        tuple(_hover(row) for row in rows),
        signals=tuple(at for at, sign in enumerate(shown.signs) if sign is not None),
        runs=trend_signals.runs(shown.signs),
        notes=tuple((at, note.letter) for at, note in notes),
        open_end=points[-1].reading.state is State.SO_FAR,
        links=tuple(row.href for row in rows),
        along=along,
        **levels,
    )


def _along(shown: Shown) -> tuple[tuple[float, float] | None, ...]:
    """Return the limits of each period that is shown, where they move along; else none."""
    if shown.limits is None:
        return ()
    told = shown.limits.along[shown.first :]
    return tuple(None if one is None else (one.lower, one.upper) for one in told)


def _hover(row: TrendRow) -> str:
    return f"{row.value} ({row.n})" if row.n else row.value


def _levels(shown: Shown) -> dict[str, Level]:
    found: dict[str, Level] = {}
    if shown.limits is not None:
        one = shown.limits
        if not one.moving:
            found["mean"] = Level(one.mean, tr("Mean {value}", value=shown.short(one.mean)))
        found["lower"] = Level(one.lower, tr("Lower {value}", value=shown.short(one.lower)))
        found["upper"] = Level(one.upper, tr("Upper {value}", value=shown.short(one.upper)))
    target = shown.target(len(shown.points) - 1)
    return found | goal_levels(target, shown.sight.kpi.unit, shown.sight.desk.formats)


def _sub(shown: Shown, chart: XmrChart | None) -> str:
    sight, formats = shown.sight, shown.sight.desk.formats
    count = len(shown.points) - shown.first
    cadence = tr(ADJECTIVES[sight.grain])
    told = tr("Individuals (XmR) chart, {count} periods, {cadence}.", count=count, cadence=cadence)
    told = f"{told} {shown.note}".strip()
    base = [point.period for point in shown.points[:-1] if point.settled is not None]
    if shown.limits is None or not base:
        return " ".join((told, tr("Too few closed periods to tell what is usual.")))
    first, last = formats.period_short(base[0]), formats.period_short(base[-1])
    parts = [told, tr("Limits fixed on {first} to {last}.", first=first, last=last)]
    if shown.limits.moving:
        parts.append(tr("They tell what usually follows the period before."))
    if chart is not None and chart.axes.y[0][0] > 0:
        parts.append(tr("The axis starts at {value}.", value=chart.axes.y[0][1]))
    return " ".join(parts)


def _summary(shown: Shown, rows: Sequence[TrendRow]) -> str:
    known = [
        at
        for at, row in enumerate(rows)
        if shown.points[shown.first + at].reading.value is not None
    ]
    if not known:
        return tr("{kpi} has no number in these periods.", kpi=shown.sight.kpi.name)
    first, last = rows[known[0]], rows[known[-1]]
    if shown.limits is None and first is last:
        return tr("{value} in {period}, the only one.", value=last.value, period=last.period)
    if shown.limits is None:
        return tr(
            "From {before} in {first} to {now} in {last}.",
            before=first.value,
            first=first.period,
            now=last.value,
            last=last.period,
        )
    return trend_signals.listed(shown.signals, [row.period for row in rows])


def _notes(sight: Sight, points: Sequence[Point]) -> list[tuple[int, TrendNote]]:
    desk = sight.desk
    first, last = points[0].period.start, points[-1].period.end
    found = annotations.between(desk.session, sight.kpi.key, sight.view.who, first, last)
    drawn = []
    for number, note in enumerate(found):
        at = next(
            place
            for place, point in enumerate(points)
            if point.period.start <= note.day < point.period.end
        )
        letter = _LETTERS[number % len(_LETTERS)]
        drawn.append((at, TrendNote(letter, note.text, desk.formats.day(note.day), note.author)))
    return drawn


def _form(sight: Sight) -> NoteForm | None:
    if not sight.desk.may(Permission.NOTE_ADD):
        return None
    day = min(sight.period.end.fromordinal(sight.period.end.toordinal() - 1), sight.desk.today)
    return NoteForm(sight.kpi.key, day.isoformat(), LONGEST)
