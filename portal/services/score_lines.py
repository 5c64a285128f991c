"""One line of a scorecard: a KPI's cells, target, status, score, line, and what changed and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr, trc
from kpi_engine.periods import Period
from kpi_engine.reading import Reading, State
from kpi_engine.units import Unit
from portal.readmodels.cards import Change, HeatCell, OwnerShare, Spark, Tone
from portal.readmodels.figures import Scale, scale_of
from portal.readmodels.formats import Formats
from portal.readmodels.scorecard import Line
from portal.services import beginnings, kpi_strip, owner_words, statuses, stories, why_none
from portal.services.addresses import kpi_page
from portal.services.numbers import Point
from portal.services.parts_of_change import Pair
from portal.services.quotients import comparable
from portal.services.score_views import Numbers, ScoreView
from portal.services.standings import Standing, usual
from portal.services.stories import Story, Told
from portal.services.targets import Target


@dataclass(frozen=True, slots=True)
class Around:
    """What every line is made with."""

    asked: ScoreView
    formats: Formats
    open_points: Mapping[str, Point]
    """By KPI, the point of the open period where the page shows it."""
    whose: Mapping[str, str]
    """How the address of a KPI's page names whose numbers these are."""
    owners: Mapping[KpiKey, tuple[OwnerShare, ...]] = field(default_factory=dict)


def frozen(standing: Standing) -> Standing:
    """Return the standing with each number as it was first known.

    A period whose first reading had no number, a cohort that was not ripe, keeps its later one.
    """
    points = tuple(
        replace(point, reading=_first(point)) if point.restated else point
        for point in standing.points
    )
    judged = tuple(
        statuses.judge(standing.kpi, point.reading, target)
        for point, target in zip(points, standing.targets, strict=True)
    )
    return replace(standing, points=points, judged=judged)


def _first(point: Point) -> Reading:
    if point.first is None or point.reading.value is None:
        return point.reading
    return replace(point.reading, value=point.first, over=None, under=None)


def restated(standing: Standing, formats: Formats) -> str:
    """Say of how many periods the number has changed since it was first known, and the last one."""
    unit = standing.kpi.unit
    changed = [
        point
        for point in standing.points
        if point.restated
        and point.first is not None
        and point.reading.value is not None
        and formats.value(point.first, unit) != formats.value(point.reading.value, unit)
    ]
    if not changed:
        return ""
    last = changed[-1]
    first, now = (formats.value(one or 0.0, unit) for one in (last.first, last.reading.value))
    period, more = formats.period(last.period), len(changed) - 1
    if not more:
        return tr("{period}: first {first}, now {now}", period=period, first=first, now=now)
    return tr(
        "{period}: first {first}, now {now}, and {count} more",
        period=period,
        first=first,
        now=now,
        count=more,
    )


def line(standing: Standing, weight: int, story: Story | None, around: Around) -> Line:
    """Return a KPI's line."""
    kpi, formats = standing.kpi, around.formats
    shown = frozen(standing) if around.asked.numbers is Numbers.FROZEN else standing
    points = _points(shown, around)
    scale = scale_of((_shown(point.reading, kpi.unit) for point in points), kpi.unit, formats)
    judged, owners = shown.judged[-1], around.owners.get(kpi.key, ())
    return Line(
        key=kpi.key,
        name=kpi.name,
        unit=scale.unit,
        counted=scale_of((1.0,), kpi.unit, formats).unit,
        measured=kpi.unit.value,
        href=_href(standing.kpi.key, around.asked.view.last, around),
        owner=owner_words.names(owners, kpi),
        target=target_text(standing.targets[-1], kpi.better, scale),
        goal=_goal(standing, formats),
        aimed=None if standing.targets[-1] is None else standing.targets[-1].value,
        cells=tuple(
            _cell(shown, number, point, scale, around) for number, point in enumerate(points)
        ),
        numbers=tuple(_shown(point.reading, kpi.unit) for point in points),
        status=statuses.said(judged.status),
        score="" if judged.score is None else formats.number(judged.score, 1),
        scored=judged.score,
        weight=f"{weight}" if weight else "",
        change=change(shown, formats),
        spark=spark(shown, formats),
        fact=story.fact if story is not None else "",
        cause=story.cause if story is not None else "",
        owners=owners,
        restated=restated(standing, formats) if around.asked.numbers is Numbers.FROZEN else "",
    )


def _goal(standing: Standing, formats: Formats) -> str:
    target = standing.targets[-1]
    return "" if target is None else kpi_strip.target_text(standing.kpi, target, formats)


def _href(key: KpiKey, period: Period, around: Around) -> str:
    """Return the KPI's page with the same number: who sees more of it is not led to more."""
    return kpi_page(key, grain=period.grain.value, period=period.label, **around.whose)


def _points(shown: Standing, around: Around) -> tuple[Point, ...]:
    extra = around.open_points.get(shown.kpi.key)
    return (*shown.points, extra) if extra is not None else shown.points


def _cell(shown: Standing, number: int, point: Point, scale: Scale, around: Around) -> HeatCell:
    period = around.formats.period(point.period)
    reading = point.reading
    if reading.value is None:
        why = why_none.of(reading)
        return HeatCell(state_word(reading), None, f"{shown.kpi.name}, {period}: {why}")
    is_open = reading.state is State.SO_FAR
    judged = shown.judged[number] if number < len(shown.judged) and not is_open else None
    text = scale.text(statuses.rounded(reading.value, shown.kpi.unit))
    told = f"{shown.kpi.name}, {period}: {text} {scale.unit}".rstrip()
    if is_open:
        told = tr("{number}, so far", number=told)
    elif judged is not None and judged.attained is not None:
        told = tr(
            "{number}, {share} of its target, {status}",
            number=told,
            share=around.formats.per_cent(judged.attained),
            status=statuses.within(judged.status),
        )
    link = _href(shown.kpi.key, point.period, around)
    return HeatCell(text, judged.level if judged is not None else None, told, link, open=is_open)


def _shown(reading: Reading, unit: Unit) -> float | None:
    return None if reading.value is None else statuses.rounded(reading.value, unit)


_WORDS = {State.IMMATURE: mark("immature"), State.WITHHELD: mark("withheld")}


def state_word(reading: Reading) -> str:
    """Return the word that stands in a cell without a number; its title tells the reason."""
    if reading.state in _WORDS:
        return tr(_WORDS[reading.state])
    return trc("a number", "none")


def target_text(target: Target | None, better: Better, scale: Scale) -> str:
    """Return a target as a row tells it, in the row's scale: '27.0', '≤ 66', '3 to 5'."""
    if target is None:
        return ""
    if target.low is not None and target.high is not None:
        return tr("{low} to {high}", low=scale.text(target.low), high=scale.text(target.high))
    if target.value is None:
        return ""
    sign = "≤\u00a0" if better is Better.LOWER else ""
    return f"{sign}{scale.text(target.value)}"


def change(standing: Standing, formats: Formats) -> Change | None:
    """Return the change of the last period against the one before it."""
    before = standing.before
    now = standing.now.value
    if before is None or before.value is None or now is None:
        return None
    if not comparable(standing.kpi, standing.now, before):
        return None
    moved = now - before.value
    # Of so few records on either side a movement is shown, and not called good or bad.
    few = any(statuses.too_few(standing.kpi, one) for one in (standing.now, before))
    part = standing.points[-2].begins is not None
    tone = Tone.NEUTRAL if few or part else stories.goodness(standing.kpi.better, moved)
    text = formats.change(now, before.value, standing.kpi.unit)
    if not text:
        return None
    against = tr("vs\u00a0{period}", period=formats.period_least(standing.points[-2].period))
    if part:
        against = tr("{against}, in part", against=against)
    return Change(text, against, tone, None if moved == 0 else moved > 0)


def spark(standing: Standing, formats: Formats) -> Spark:
    """Return the small line of the periods."""
    values = tuple(point.reading.value for point in standing.points)
    there = [value for value in values if value is not None]
    if not there:
        told = tr("{kpi}: no number in these periods", kpi=standing.kpi.name)
        return Spark(values, summary=told)
    low, high = (formats.short(one, standing.kpi.unit) for one in (min(there), max(there)))
    first, last = (formats.period(standing.points[at].period) for at in (0, -1))
    told = tr(
        "{kpi}, {first} to {last}: between {low} and {high}",
        kpi=standing.kpi.name,
        first=first,
        last=last,
        low=low,
        high=high,
    )
    return Spark(values, summary=told)


def story_of(
    standing: Standing,
    groups: Mapping[str, Pair],
    names: Mapping[str, str],
    formats: Formats,
    *,
    late: bool = False,
    judged_by: Standing | None = None,
) -> Story | None:
    """Tell what the KPI did in its last period; None without one before it.

    `late`: the period is named, as it is not the one that the page is about. `judged_by`: by whose
    points its usual range is told, where periods were left out of `standing`; a card has the same.
    """
    before = standing.before
    if before is None:
        return None
    told = Told(
        standing.kpi,
        standing.now,
        before,
        beginnings.named(standing.points[-2], formats),
        formats.period(standing.points[-1].period) if late else "",
        usual((judged_by or standing).known, standing.kpi),
        groups,
        names,
    )
    return stories.story(told, formats)


def is_worse(standing: Standing) -> bool:
    """Say whether the last change was for the worse."""
    now, before = standing.now.value, standing.before
    if now is None or before is None or before.value is None or standing.points[-2].begins:
        return False
    return stories.goodness(standing.kpi.better, now - before.value) is Tone.BAD


def is_exception(line: Line) -> bool:
    """Say whether a line is off its target or near it."""
    return line.status.tone in (Tone.BAD, Tone.WATCH)


def in_order(line: Line) -> tuple[int, float, str]:
    """Return by what lines are put in order: exceptions first, the furthest off leading."""
    order = {Tone.BAD: 0, Tone.WATCH: 1, Tone.GOOD: 2, Tone.NEUTRAL: 3}
    return order[line.status.tone], line.scored if line.scored is not None else 11.0, line.name
