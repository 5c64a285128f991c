"""The customer's journey as a map: how each stage stands, what goes on, and what is weak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.described import KpiClass, Stage
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain
from portal.readmodels.cards import Finding, Head, Tone
from portal.readmodels.framework_check import FrameworkCheck
from portal.readmodels.journey import Column, Journey, Lane, Passage, Tile
from portal.security.permissions import Permission
from portal.services import (
    attainment,
    catalogue_words,
    framework_check,
    journey_map,
    linting,
    score_lines,
    score_views,
    standings,
    why_none,
)
from portal.services.addresses import address, kpi_page
from portal.services.attainment import Attainment
from portal.services.company_menus import months, nothing, teams
from portal.services.desks import Desk, View, view_of
from portal.services.journey_map import Leg
from portal.services.kpi_cards import target_text
from portal.services.linting import Check
from portal.services.standings import Asked, Standing
from portal.services.weak_stage import Weak, none_weak, weak_stage

PATH = "/journey"
_BACK = 13


@dataclass(frozen=True, slots=True)
class _Made:
    desk: Desk
    view: View
    found: Mapping[KpiKey, Standing]
    attained: Mapping[Stage, Attainment]
    weakest: Stage | None
    check: Check


def read(desk: Desk, query: Mapping[str, str]) -> Journey:
    """Return the map that an address asks for.

    Raises:
        BadInputError: if the address names what there is not, or what this person may not see.
    """
    view = view_of(desk, query, Grain.MONTH)
    kpis = [kpi for kpi in desk.catalogue.values() if score_views.fits(kpi, Grain.MONTH)]
    found = standings.standings(desk, kpis, Asked(view.who, view.last, _BACK))
    check = linting.check(desk.session, desk, desk.today)
    told = [one for one in found.values() if one.measured and one.kpi.key in check.members]
    stages = [leg.stage for leg in journey_map.LEGS]
    attained = {stage: attainment.of_stage(told, stage) for stage in (*stages, Stage.SERVICE)}
    # Which stage is the weakest is known to who sees all of them: of a part it may be another.
    whole = desk.spans(view.who)
    lowest = attainment.weakest({stage: attained[stage] for stage in stages}) if whole else None
    made = _Made(desk, view, found, attained, lowest, check)
    empty = None if told else nothing(desk)
    return _page(made, len(told), empty is not None)


def _page(made: _Made, count: int, is_empty: bool) -> Journey:  # noqa: FBT001 - one of two pages
    desk, lowest, whole = made.desk, made.weakest, made.desk.spans(made.view.who)
    head = _head(made, count)
    lane = _lane(made)
    if is_empty:
        return Journey(head, None, "", (), (), lane, None, empty=nothing(desk))
    weak = None if lowest is None else weak_stage(desk, made.view, made.found, lowest)
    before = desk.formats.period(made.found[next(iter(made.found))].points[-2].period)
    return Journey(
        head=head,
        finding=_finding(weak),
        sub=tr(journey_map.ALL if whole else journey_map.OWN, period=before),
        columns=tuple(_column(leg, made) for leg in journey_map.LEGS),
        passages=_passages(made),
        lane=lane,
        weakest=None if weak is None else weak.told,
        hint="" if lowest is not None else _hint(made, whole=whole),
        hint_href=address("/targets") if whole and desk.may(Permission.TARGET_EDIT) else "",
        check=_check(made),
    )


def _check(made: _Made) -> FrameworkCheck | None:
    """Return the panel of the framework check, for who sees the whole and works on it."""
    desk = made.desk
    if not desk.reach.everything or not desk.may(Permission.FRAMEWORK_READ):
        return None
    return framework_check.panel(desk, made.check)


def _head(made: _Made, count: int) -> Head:
    desk, view = made.desk, made.view
    period = desk.formats.period(view.last)
    return Head(
        tr("Customer journey"),
        tr(
            "{period}, {name}, {count} KPIs with a number in {stages} stages and service."
            " Where do we lose customers on the way?",
            period=period,
            name=view.name,
            count=count,
            stages=len(journey_map.LEGS),
        ),
        menus=(*months(desk, view, PATH, {}), *teams(desk, view, PATH)),
    )


def _finding(weak: Weak | None) -> Finding | None:
    if weak is None:
        return None
    return Finding(weak.fact, weak.cause, tr("See the KPI"), weak.told.href, Tone.BAD)


def _hint(made: _Made, *, whole: bool) -> str:
    return none_weak([made.attained[leg.stage] for leg in journey_map.LEGS], whole=whole)


def _column(leg: Leg, made: _Made) -> Column:
    stage = leg.stage
    faces = [_face(made, stage, kpi_class, keys) for kpi_class, keys in leg.faces]
    shown = {one.kpi.key for one in faces if one is not None}
    others = [
        one
        for one in made.found.values()
        if one.kpi.stage is stage
        and one.measured
        and one.kpi.key in made.check.members
        and one.kpi.key not in shown
    ]
    return Column(
        key=stage.value,
        name=tr(leg.name),
        volume=_volume(made, leg),
        attained=_attained(made, stage),
        level=made.attained[stage].level,
        weakest=stage is made.weakest,
        tiles=tuple(
            _tile(made, kpi_class, face, stage)
            for (kpi_class, _), face in zip(leg.faces, faces, strict=True)
        ),
        more=tr("+{count} more", count=len(others)) if others else "",
        more_href=address("/kpis", stage=stage.value) if others else "",
    )


def _attained(made: _Made, stage: Stage) -> str:
    share, whole = made.attained[stage].share, made.desk.spans(made.view.who)
    if share is None:
        return tr("no targets") if whole else ""
    words = mark("{share} of targets") if whole else mark("{share} of your targets")
    return tr(words, share=made.desk.formats.per_cent(share))


def _volume(made: _Made, leg: Leg) -> str:
    standing = made.found.get(KpiKey(leg.volume))
    if standing is not None and not _is_open(made, standing):
        return tr("not yours to see")
    if standing is None or standing.now.value is None:
        return tr("{records} not counted", records=tr(leg.noun))
    return f"{made.desk.formats.number(standing.now.value)} {tr(leg.noun)}"


def _face(made: _Made, stage: Stage, kpi_class: KpiClass, keys: Sequence[str]) -> Standing | None:
    """Return the KPI in use that stands for a cell: one of those named, or else any with a number.

    One with a target comes first, then one with a number now, then one that ever had any.
    """
    used = {key: one for key, one in made.found.items() if key in made.check.members}
    named = [used[KpiKey(key)] for key in keys if KpiKey(key) in used]
    others = [
        one
        for one in used.values()
        if one.kpi.stage is stage and one.kpi.kpi_class is kpi_class and one not in named
    ]
    there = [one for one in (*named, *others) if one.measured]
    measured = [one for one in there if one.now.value is not None]
    aimed = [one for one in measured if one.targets[-1] is not None]
    return next(iter([*aimed, *measured, *there]), None)


def _tile(made: _Made, kpi_class: KpiClass, face: Standing | None, stage: Stage) -> Tile:
    kind = tr(journey_map.KINDS[kpi_class])
    if face is None:
        return _gap(made, kpi_class, stage)
    return tile(face, kind, made.desk, made.view)


def _gap(made: _Made, kpi_class: KpiClass, stage: Stage) -> Tile:
    """Return the dashed cell: no such KPI is in use, or none that has a number."""
    kind = tr(journey_map.KINDS[kpi_class])
    cell = next(
        one for one in made.check.coverage if one.stage is stage and one.kpi_class is kpi_class
    )
    if cell.count:
        there = [
            one
            for one in made.found.values()
            if one.kpi.stage is stage and one.kpi.kpi_class is kpi_class
        ]
        if there and not any(_is_open(made, one) for one in there):
            return Tile(kind, gap=tr("Not yours to see"))
        gap, href = journey_map.NO_NUMBER[kpi_class], address("/kpis", stage=stage.value)
        return Tile(kind, gap=tr(gap), fix=tr("See them"), fix_href=href)
    gap = tr(journey_map.NONE[kpi_class])
    if cell.waived_until is not None:
        until = made.desk.formats.day(cell.waived_until)
        return Tile(kind, gap=gap, waived=tr("waived until {day}", day=until))
    mended = made.check.at_cell(stage, kpi_class)
    if mended is None or not made.desk.may(Permission.FRAMEWORK_EDIT):
        return Tile(kind, gap=gap)
    return Tile(kind, gap=gap, fix=mended.fix, fix_href=mended.href)


def _is_open(made: _Made, standing: Standing) -> bool:
    return made.desk.sees(standing.kpi.key, made.view.who)


def tile(standing: Standing, kind: str, desk: Desk, view: View) -> Tile:
    """Return a KPI as a small card of the map."""
    kpi, formats, value = standing.kpi, desk.formats, standing.now.value
    return Tile(
        kind,
        kpi.name,
        kpi_page(kpi.key, period=view.last.label, team=view.team or None),
        "" if value is None else formats.short(value, kpi.unit),
        "" if value is not None else _reason(standing),
        target_text(standing.targets[-1], kpi.better, kpi.unit, formats),
        standing.judged[-1].status,
        score_lines.spark(standing, formats),
    )


def _reason(standing: Standing) -> str:
    return why_none.told(standing.now.reason)


def _passages(made: _Made) -> tuple[Passage, ...]:
    stages = [leg.stage for leg in journey_map.LEGS]
    return tuple(
        _passage(made, told, made.weakest is stages[number + 1])
        for number, told in enumerate(journey_map.PASSAGES)
    )


def _passage(made: _Made, told: journey_map.Passage, weak: bool) -> Passage:  # noqa: FBT001
    standing, words = made.found.get(KpiKey(told.kpi)), tr(told.words)
    if standing is None:
        return Passage(tr("not counted"), words, None, "", words, weak=False)
    href = kpi_page(told.kpi, team=made.view.team or None)
    ripe = standings.ripe(standing)
    if ripe.now.value is None:
        title = f"{standing.kpi.name}: {_reason(standing)}"
        return Passage(tr("not known"), words, None, href, title, weak=False)
    formats = made.desk.formats
    month = formats.period(ripe.points[-1].period)
    late = (
        ""
        if len(ripe.points) == len(standing.points)
        else f" ({formats.period_least(ripe.points[-1].period)})"
    )
    return Passage(
        formats.short(ripe.now.value, standing.kpi.unit),
        words + late,
        score_lines.change(ripe, formats),
        href,
        f"{standing.kpi.name}, {month}",
        weak,
    )


def _lane(made: _Made) -> Lane:
    keys = [KpiKey(key) for key in journey_map.SERVICE if KpiKey(key) in made.found]
    told = [made.found[key] for key in keys if made.found[key].now.value is not None]
    one = made.attained[Stage.SERVICE]
    return Lane(
        catalogue_words.titled(Stage.SERVICE),
        tr("carries onboarding and retention"),
        "" if one.share is None else made.desk.formats.per_cent(one.share),
        one.level,
        tuple(
            tile(standing, tr(journey_map.KINDS[standing.kpi.kpi_class]), made.desk, made.view)
            for standing in told[:2]
        ),
        hidden=bool(keys) and not any(_is_open(made, made.found[key]) for key in keys),
    )
