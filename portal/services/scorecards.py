"""The scorecard: KPIs by period with heat, status and score, rolled up to goals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain, Period
from portal.readmodels.cards import Finding, Head, Tone
from portal.readmodels.scorecard import Column, Downloads, Empty, Line, Scorecard, Section
from portal.security.permissions import Permission
from portal.services import (
    goals,
    guard_notices,
    loads,
    not_theirs,
    numbers,
    owner_words,
    score_folds,
    score_lines,
    score_views,
    statuses,
    viewpoints,
    why_none,
)
from portal.services.addresses import address
from portal.services.desks import Desk
from portal.services.goal_scores import Weighed, roll_up
from portal.services.movers import Movers, movers
from portal.services.numbers import Point
from portal.services.score_lines import Around
from portal.services.score_views import COUNTS, GOALS, Group, Numbers, ScoreView
from portal.services.standings import Asked, Standing, standings

EXPORT = "/export/scorecard"
"""Where the files of a scorecard are fetched, with the page's own query."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What the page is put together from."""

    desk: Desk
    asked: ScoreView
    groups: Sequence[Group]
    standings: Mapping[KpiKey, Standing]
    coarser: tuple[str, ...]
    around: Around
    moved: Movers


def read(desk: Desk, query: Mapping[str, str]) -> Scorecard:
    """Return the scorecard that an address asks for.

    Raises:
        BadInputError: if the address names what there is not, or what this person may not see.
    """
    asked = score_views.score_view(desk, query)
    told = score_views.groups(desk, asked.show)
    keys, coarser = score_views.shown_and_coarser(told, asked.grain)
    count = COUNTS[asked.grain]
    found = standings(
        desk,
        [desk.catalogue[key] for key in keys],
        Asked(asked.view.who, asked.view.last, count),
    )
    owners = owner_words.known(desk, keys, asked.view.who)
    whose = viewpoints.of_who(desk, asked.view.who).query
    around = Around(asked, desk.formats, _open_points(desk, asked, keys), whose, owners)
    moved = _moved(desk, asked, found)
    return _page(_Made(desk, asked, told, found, coarser, around, moved))


def _open_points(desk: Desk, asked: ScoreView, keys: Sequence[KpiKey]) -> Mapping[str, Point]:
    """Return the points of the open period, where the page ends with the last closed one."""
    following = desk.calendar.holding(asked.view.last.end, asked.grain)
    if not following.start <= desk.today < following.end:
        return {}
    if not numbers.runs_on(desk.session, desk.calendar, asked.grain, desk.today):
        return {}
    mine = [key for key in keys if desk.sees(key, asked.view.who)]
    found = numbers.series(
        desk.session, desk.calendar, mine, asked.grain, asked.view.who, following, 1
    )
    return {key: points[0] for key, points in found.items()}


def _moved(desk: Desk, asked: ScoreView, found: Mapping[KpiKey, Standing]) -> Movers:
    told = [key for key, one in found.items() if one.now.value is not None]
    before = desk.calendar.previous(asked.view.last)
    return movers(desk, told, asked.view.who, asked.view.last, before)


def _page(made: _Made) -> Scorecard:
    desk, asked = made.desk, made.asked
    there = [section for group in made.groups if (section := _section(made, group)).lines]
    sections = score_folds.folded(there, asked.view)
    standings_ = tuple(made.standings.values())
    return Scorecard(
        head=_head(made),
        finding=_finding(made, sections),
        columns=_columns(made),
        sections=sections,
        missing=tuple(
            (one.kpi.name, why_none.of(one.now))
            for one in standings_
            if not one.measured and desk.sees(one.kpi.key, asked.view.who)
        ),
        coarser=made.coarser,
        notes=_notes(made),
        downloads=_downloads(desk, asked),
        scope=asked.view.name,
        told=_told(made),
        empty=None if sections else _empty(desk, asked),
        guarded=guard_notices.of_company(desk, asked.view),
    )


def _section(made: _Made, group: Group) -> Section:
    shown = [
        (made.standings[kpi.key], weight)
        for kpi, weight in group.kpis
        if kpi.key in made.standings and made.standings[kpi.key].measured
    ]
    lines = sorted(
        (_line(made, standing, weight) for standing, weight in shown), key=score_lines.in_order
    )
    parts = {line.key: line.scored for line in lines}
    hidden = not_theirs.count(made.desk, made.asked.view.who, [kpi.key for kpi, _ in group.kpis])
    result = roll_up(
        # A score of a part only would be another number under the name of the goal.
        Weighed(None if hidden else parts.get(kpi.key), weight)
        for kpi, weight in group.kpis
    )
    formats = made.desk.formats
    return Section(
        key=group.key,
        name=group.name,
        question=group.question,
        score="" if result.score is None else formats.number(result.score, 1),
        scored=result.score,
        status=None
        if result.score is None
        else statuses.said(statuses.status_of_score(result.score)),
        standing=not_theirs.no_score(hidden, len(group.kpis)) if hidden else result.standing,
        lines=tuple(lines),
        covered="" if hidden else result.covered,
    )


def _line(made: _Made, standing: Standing, weight: int) -> Line:
    key = standing.kpi.key
    shown = score_lines.frozen(standing) if made.asked.numbers is Numbers.FROZEN else standing
    # Groups are told as now known: they explain a frozen number only where it never changed.
    same = not any(point.restated for point in shown.points[-2:]) or shown is standing
    groups = made.moved.of(key) if same else {}
    story = score_lines.story_of(shown, groups, made.moved.names, made.desk.formats)
    weight = weight if made.asked.show == GOALS else 0
    return score_lines.line(standing, weight, story, made.around)


def _columns(made: _Made) -> tuple[Column, ...]:
    formats, asked = made.desk.formats, made.asked
    periods = _periods(made.desk, asked)
    columns = [
        Column(period.label, formats.period_least(period), _year(period, at))
        for at, period in enumerate(periods)
    ]
    if made.around.open_points:
        following = made.desk.calendar.holding(asked.view.last.end, asked.grain)
        columns.append(
            Column(following.label, formats.period_least(following), tr("so far"), open=True)
        )
    return tuple(columns)


def _year(period: Period, at: int) -> str:
    """Return the year under a column where it begins; a year's own column needs none."""
    if period.grain is Grain.YEAR:
        return ""
    begins = period.grain is not Grain.QUARTER and period.start.day <= _WEEK
    first = begins and period.start.month == 1
    named = period.label.partition("-")[0]
    return named if at == 0 or first or period.label.endswith("-Q1") else ""


_WEEK = 7


def _periods(desk: Desk, asked: ScoreView) -> tuple[Period, ...]:
    first = desk.calendar.shift(asked.view.last.start, asked.grain, 1 - COUNTS[asked.grain])
    return desk.calendar.periods(asked.grain, first, asked.view.last.end)


def _head(made: _Made) -> Head:
    desk, asked = made.desk, made.asked
    latest = numbers.latest(desk.session, desk.calendar, asked.grain, desk.today)
    whole = replace(asked, view=replace(asked.view, last=latest))
    return Head(
        tr("Scorecard"),
        _told(made),
        menus=score_views.menus(desk, asked, _periods(desk, whole)),
    )


def _told(made: _Made) -> str:
    desk, asked = made.desk, made.asked
    return tr(
        _SPANS.get(asked.grain, _YEARS),
        period=desk.formats.period(asked.view.last),
        count=COUNTS[asked.grain] - 1,
        name=asked.view.name,
        known=tr("as first known") if asked.numbers is Numbers.FROZEN else tr("as known now"),
    )


_SPANS = {
    Grain.QUARTER: mark("{period} and the {count} quarters before, {name}, {known}."),
    Grain.MONTH: mark("{period} and the {count} months before, {name}, {known}."),
    Grain.WEEK: mark("{period} and the {count} weeks before, {name}, {known}."),
}
_YEARS = mark("{period} and the {count} years before, {name}, {known}.")


def _finding(made: _Made, sections: Sequence[Section]) -> Finding | None:
    lines = [line for section in sections for line in section.lines if line.status.tone is Tone.BAD]
    if not lines:
        return None
    worst = max(lines, key=_loss)
    standing = made.standings[KpiKey(worst.key)]
    story = score_lines.story_of(
        standing, made.moved.of(standing.kpi.key), made.moved.names, made.desk.formats
    )
    if story is None:
        return None
    more = len(lines) - 1
    cause = story.cause
    if more:
        cause = " ".join([cause, tr("{count} more off target.", count=more)])
    return Finding(story.fact, cause, tr("See the KPI"), worst.href, Tone.BAD)


def _loss(line: Line) -> float:
    """How much of its goal a line costs: what it lacks, by its weight."""
    lacks = statuses.GOAL_SCORE - (line.scored if line.scored is not None else 0.0)
    return lacks * float(line.weight or 1)


def _notes(made: _Made) -> tuple[str, ...]:
    desk = made.desk
    found = [_source(desk)] if made.asked.show == GOALS else []
    if hidden := not_theirs.count(desk, made.asked.view.who, made.standings):
        found.append(not_theirs.more(hidden))
    changed = [line for line in _restated(made) if line]
    if changed:
        found.append(
            tr(
                "Numbers restated since they were first known are marked; the menu shows them as"
                " now known."
            )
        )
    return tuple(found)


def _source(desk: Desk) -> str:
    return goals.source(goals.goals(desk.session, desk.catalogue, desk.today))


def _restated(made: _Made) -> list[str]:
    if made.asked.numbers is not Numbers.FROZEN:
        return []
    return [score_lines.restated(one, made.desk.formats) for one in made.standings.values()]


def _downloads(desk: Desk, asked: ScoreView) -> Downloads:
    if not desk.may(Permission.EXPORT_MAKE):
        return Downloads()
    return Downloads(
        *(address(f"{EXPORT}.{kind}", **asked.query()) for kind in ("csv", "xlsx", "pdf"))
    )


def _empty(desk: Desk, asked: ScoreView) -> Empty:
    told = {"name": asked.view.name, "period": desk.formats.period(asked.view.last)}
    if loads.last_landed(desk.session) is None:
        return Empty(
            tr("No numbers yet"),
            tr("Nothing of a CRM has been loaded, so no KPI could be counted."),
            tr("How data comes in"),
            "/imports",
        )
    keys = [kpi.key for one in score_views.groups(desk, asked.show) for kpi, _ in one.kpis]
    if not_theirs.count(desk, asked.view.who, keys) == len(keys) > 0:
        return not_theirs.page(asked.view.name)
    why = tr("None of these KPIs has a number for {name} up to {period}.", **told)
    step = tr("Show the strategic goals")
    return Empty(tr("No numbers here"), why, step, address(score_views.PATH))
