"""What stands first on a department's home: what is off or unusual, and what explains it."""

from collections.abc import Mapping

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.questions import Dimension
from kpi_engine.reading import Reading
from portal.readmodels.cards import Finding, Tone
from portal.services import breakdowns, score_lines, splits, standings, statuses
from portal.services.addresses import kpi_page
from portal.services.departments import Plan
from portal.services.desks import Desk, View
from portal.services.engines import Workshop
from portal.services.parts_of_change import Pair
from portal.services.splits import SplitAsked
from portal.services.standings import Standing

_NOBODY = mark("What names none")


def finding(
    desk: Desk, workshop: Workshop, view: View, plan: Plan, found: Mapping[KpiKey, Standing]
) -> Finding | None:
    """Return the finding, told by the dimension that the department works by; None if all is calm.

    A signal for the worse comes before a target that is missed: the usual up and down misses some.
    """
    worst: tuple[float, Standing] | None = None
    for one in found.values():
        weight = _weight(standings.ripe(one))
        if weight > 0 and (worst is None or weight > worst[0]):
            worst = (weight, one)
    return None if worst is None else _told(desk, workshop, view, plan, worst[1])


def _weight(standing: Standing) -> float:
    """Return how much a KPI deserves to be told: more for a signal, then for what it lacks."""
    value, before = standing.now.value, standing.before
    if value is None or before is None or before.value is None:
        return 0.0
    judged, weight = standing.judged[-1], 0.0
    if judged.status.tone in (Tone.BAD, Tone.WATCH) and judged.score is not None:
        weight += statuses.GOAL_SCORE - judged.score
    if _is_signal(standing):
        weight += statuses.BEST_SCORE
    return weight


def _is_signal(standing: Standing) -> bool:
    """Say whether the last number lies outside its usual range, on the bad side."""
    value, usual = standing.now.value, standings.usual(standing.known, standing.kpi)
    if value is None or usual is None:
        return False
    above, below = value > usual.high, value < usual.low
    return {Better.HIGHER: below, Better.LOWER: above}.get(standing.kpi.better, above or below)


def since_usual(standing: Standing) -> Standing:
    """Return the standing with the last usual period before its last, where that is a signal.

    What has gone on for months is told against what was usual, not against the month before.
    """
    usual = standings.usual(standing.known, standing.kpi)
    if usual is None or usual.moving or not _is_signal(standing):
        return standing
    for at in range(len(standing.points) - 2, -1, -1):
        value = standing.points[at].reading.value
        if value is not None and usual.low <= value <= usual.high:
            return standings.without(standing, at + 1)
    return standing


def _told(
    desk: Desk, workshop: Workshop, view: View, plan: Plan, standing: Standing
) -> Finding | None:
    judged_by = standings.ripe(standing)
    ripe = since_usual(judged_by)
    groups, names = _groups(desk, workshop, view, ripe, plan.tables[0].dimension)
    late = ripe.points[-1].period != standing.points[-1].period
    story = score_lines.story_of(ripe, groups, names, desk.formats, late=late, judged_by=judged_by)
    if story is None:
        return None
    period = ripe.points[-1].period
    href = kpi_page(standing.kpi.key, period=period.label, team=view.team or None)
    return Finding(story.fact, story.cause, tr("See the KPI"), href, Tone.BAD)


def _groups(
    desk: Desk, workshop: Workshop, view: View, ripe: Standing, dimension: Dimension
) -> tuple[Mapping[str, Pair], Mapping[str, str]]:
    """Return what the groups of a dimension read, if the KPI can be split by it."""
    fit = splits.offered(desk.catalogue, ripe.kpi.key, view.who)
    if dimension not in [splits.NAMES[name] for name in fit]:
        return {}, {}
    last, before = ripe.points[-1], ripe.points[-2]
    asked = SplitAsked(
        ripe.kpi.key,
        last.period,
        before.period,
        breakdowns.scope_of(view),
        dimension,
        desk.today,
    )
    answer = splits.split(workshop, desk.actor.tenant, (last.version, last.definition), asked)
    # What the engine reads now is told only beside the number that it belongs to.
    if not _same(answer.whole.now, last.reading) or not _same(answer.whole.before, before.reading):
        return {}, {}
    pairs = {group.key or "": group.pair for group in answer.groups if group.key is not None}
    return pairs, {group.key or "": group.label or tr(_NOBODY) for group in answer.groups}


def _same(one: Reading, other: Reading) -> bool:
    if one.value is None or other.value is None:
        return one.value is other.value
    return abs(one.value - other.value) <= 1e-9 * max(1.0, abs(other.value))
