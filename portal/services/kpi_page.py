"""The page of one KPI: what it is, what is usual, who moved it, and what stands behind it."""

from collections.abc import Mapping
from dataclasses import replace

from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.language import tr
from kpi_engine.periods import Grain
from kpi_engine.statistics.xmr import Xmr
from portal.models.observations import ScopeKind
from portal.readmodels.actions import ActionsPanel
from portal.readmodels.cards import Choice, Finding, Head, Menu, Tone
from portal.readmodels.kpi_page import KpiPage, Split
from portal.security.permissions import Permission
from portal.services import (
    action_panels,
    beginnings,
    bridge_panels,
    catalogue_words,
    confidence,
    coverage,
    definition_history,
    guard_notices,
    kpi_definition,
    kpi_forward,
    kpi_moved,
    kpi_past,
    kpi_records,
    kpi_so_far,
    kpi_split,
    kpi_strip,
    kpi_trend,
    life_words,
    lifecycles,
    listed,
    owner_words,
    statuses,
    stories,
    viewpoints,
)
from portal.services.addresses import address, kpi_page
from portal.services.desks import Desk
from portal.services.empty_tops import Tops
from portal.services.engines import Workshop
from portal.services.kpi_sights import ADJECTIVES, COARSER, Sight, sight_of
from portal.services.numbers import TENANT, Point
from portal.services.score_views import COUNTS
from portal.services.stories import Usual

_PERIODS = {Grain.DAY: 31, Grain.WEEK: 26, Grain.MONTH: 24, Grain.QUARTER: 12, Grain.YEAR: 6}


def read(workshop: Workshop, desk: Desk, key: str, query: Mapping[str, str]) -> KpiPage:
    """Return the page of a KPI as the address asks for it.

    Raises:
        UnknownKpiError: if there is no such KPI.
        BadInputError: if the address names a period that cannot be shown.
        NoReachError: if no number of it is open to the person.
    """
    sight = sight_of(desk, key, query)
    fingerprint = fingerprints(desk.catalogue)[sight.kpi.key]
    points, followed = kpi_forward.followed(workshop, sight, kpi_trend.points_of(sight))
    limits = kpi_trend.limits_of(sight, points)
    goals = kpi_trend.goals_of(sight, points)
    target = goals.get((sight.kpi.key, sight.period.start))
    each = kpi_forward.each_by_day(sight, followed)
    split, tops = kpi_split.split(workshop, sight, fingerprint), Tops(workshop, sight)
    return KpiPage(
        _head(sight),
        _notice(sight),
        kpi_forward.finding(sight, points) if followed else _finding(tops, points, limits, split),
        kpi_strip.cells(tops, points, target, limits, by_day=followed),
        kpi_trend.trend(sight, points, limits, goals, note=each),
        kpi_moved.moved(workshop, sight),
        guard_notices.of_kpi(sight),
        split,
        kpi_past.past(sight),
        kpi_definition.definition(workshop, sight, fingerprint),
        kpi_records.panel(workshop, sight, query.get("page", "")),
        confidence.of_sight(workshop, sight, points, target),
        _done(sight),
        _ahead(sight),
        bridge_panels.of_kpi(desk, sight.kpi.key),
        definition_history.behind(desk, sight.kpi.key, fingerprint),
        _life(sight),
    )


def _life(sight: Sight) -> str:
    """Return that the KPI is not simply in use, with the reason, for who comes by a link."""
    life = lifecycles.lives(sight.desk.session).get(sight.kpi.key)
    told = life_words.notable(life)
    if told is None:
        return ""
    return f"{told.word}. {life_words.note(sight.desk, life)}".strip()


def _ahead(sight: Sight) -> Choice | None:
    """Return what awaits its day to become the definition; it leads to the definition's history."""
    if not sight.desk.may(Permission.KPI_READ):
        return None
    told = definition_history.ahead(sight.desk, sight.kpi.key)
    return replace(told, href=f"{kpi_page(sight.kpi.key)}/history") if told else None


def _done(sight: Sight) -> ActionsPanel | None:
    """Return what was done to move the number."""
    if not sight.desk.may(Permission.ACTION_READ):
        return None
    return action_panels.of_kpi(sight.desk, sight.kpi.key, sight.view.who)


def _head(sight: Sight) -> Head:
    kpi = sight.kpi
    return Head(
        kpi.name,
        kpi.question,
        crumbs=(
            Choice(tr("KPIs"), "/kpis"),
            Choice(catalogue_words.titled(kpi.stage), f"/kpis?stage={kpi.stage.value}"),
        ),
        tags=(
            catalogue_words.titled(kpi.kpi_class),
            *_owners(sight),
            tr(ADJECTIVES[kpi.cadence]).capitalize(),
        ),
        menus=tuple(_menus(sight)),
        actions=_actions(sight),
    )


def _owners(sight: Sight) -> tuple[str, ...]:
    """Return who answers for the KPI; its department where nobody does.

    Several are named in its definition, with their shares: here they would take two lines.
    """
    kpi = sight.kpi
    shares = owner_words.known(sight.desk, [kpi.key], sight.view.who).get(kpi.key, ())
    return (tr("Shared"),) if len(shares) > 1 else (owner_words.names(shares, kpi),)


def _actions(sight: Sight) -> tuple[Choice, ...]:
    """Return where the target of what is shown is set, and the files of the trend."""
    found = []
    if sight.desk.may(Permission.TARGET_EDIT) and sight.view.who.kind is not ScopeKind.OWNER:
        # Whoever reads this scope's number here may set its target: the same rule holds there.
        grain = sight.grain.value if sight.grain in COUNTS else None
        team = sight.query.get("team")
        href = address("/targets", kpi=sight.kpi.key, team=team, grain=grain)
        found.append(Choice(tr("Set the target"), href))
    if sight.desk.may(Permission.EXPORT_MAKE):
        found.append(Choice(tr("Export"), sight.export("trend", "xlsx")))
    return tuple(found)


def _menus(sight: Sight) -> list[Menu]:
    formats = sight.desk.formats
    count = _PERIODS[sight.grain]
    periods = tuple(
        Choice(formats.period(one), sight.address(period=one.label), one == sight.period)
        for one in kpi_strip.period_choices(sight, count)
    )
    found = [Menu(tr("Period"), formats.period_short(sight.period), "calendar3", periods)]
    grains = _grains(sight)
    if len(grains) > 1:
        told = tr(ADJECTIVES[sight.grain]).capitalize()
        found.append(Menu(tr("Told"), told, "clock", grains))
    scopes = _scopes(sight)
    if len(scopes) > 1:
        found.append(Menu(tr("Whose"), sight.view.name, "funnel", scopes))
    return found


def _grains(sight: Sight) -> tuple[Choice, ...]:
    """Return the cadence and what is coarser: nothing finer is offered."""
    desk = sight.desk
    found = []
    for grain in COARSER[COARSER.index(sight.kpi.cadence) :]:
        last = coverage.last(desk, sight.kpi.key, grain)
        words = sight.address(period=last.label)
        found.append(Choice(tr(ADJECTIVES[grain]).capitalize(), words, grain is sight.grain))
    return tuple(found)


def _scopes(sight: Sight) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            one.name,
            sight.address(**{"team": None, "owner": None, "group": None, **one.query}),
            one.who == sight.view.who,
        )
        for one in viewpoints.choices(sight.desk, sight.kpi.key)
    )


def _notice(sight: Sight) -> str:
    if sight.view.notice:
        return sight.view.notice
    if sight.desk.sees(sight.kpi.key, TENANT):
        return ""
    return tr("These are the numbers of {name}: what is open to you.", name=sight.view.name)


def _finding(
    tops: Tops, points: tuple[Point, ...], limits: Xmr | None, split: Split
) -> Finding | None:
    sight = tops.sight
    if points[-1].reading.value is None or len(points) == 1:
        return None
    link, href = (tr("See the records"), sight.address(records="all") + "#records")
    if sight.runs:
        return kpi_so_far.finding(tops, link, href)
    if fact := tops.fact(points):
        return Finding(fact, "", link, href)
    told = stories.Told(
        sight.kpi,
        points[-1].reading,
        points[-2].reading,
        beginnings.named(points[-2], sight.desk.formats),
        usual=None if limits is None else Usual(limits.lower, limits.upper, moving=limits.moving),
    )
    story = stories.story(told, sight.desk.formats)
    cause = _cause(split, kpi_split.inside(sight)) or story.cause
    few = any(statuses.too_few(sight.kpi, point.reading) for point in points[-2:])
    plain = few or points[-2].begins is not None
    return Finding(story.fact, cause, link, href, Tone.NEUTRAL if plain else story.tone)


def _cause(split: Split, by: str) -> str:
    """Say which groups moved it most, where the split's parts add up to the change.

    Only what went the same way, was a good part of it and stands on enough records is named; one
    group alone is the whole, and tells nothing of it.
    """
    if len(split.rows) == 1:
        return ""
    whole = split.total.part if split.total is not None else ""
    same = [
        row
        for row in split.rows
        if row.filled is not None and row.part[:1] == whole[:1] and _size(row.part)
    ]
    large = [row for row in same if _size(row.part) * 4 >= _size(whole)]
    ordered = sorted(large, key=lambda row: -_size(row.part))[:2]
    if not ordered or not _size(whole) or len(split.rows) == 1:
        return ""
    told = listed.anded(f"{row.name} {row.part}" for row in ordered)
    amount = f"{whole}\N{NO-BREAK SPACE}{split.unit}" if split.unit else whole
    return tr("By {dimension}: {parts} of {whole}.", dimension=by, parts=told, whole=amount)


def _size(part: str) -> int:
    return int("".join(one for one in part if one.isdigit()) or 0)
