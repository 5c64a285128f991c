"""The page of targets: those of a period and scope, and setting, copying and taking them over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.units import Unit
from portal.errors import BadInputError, DeniedError
from portal.readmodels.formats import TIMES
from portal.readmodels.target_page import TargetForm, TargetPage, TargetRow
from portal.security.permissions import Permission
from portal.services import numbers, score_views, targets
from portal.services.addresses import kpi_page
from portal.services.desks import Desk
from portal.services.kpi_strip import target_text
from portal.services.target_aims import Aim, aim_of, head_of
from portal.services.targets import Author, Slot, Target
from portal.services.typed_figures import figure

LONGEST_NOTE = 1000
_SOURCES = {"set": mark("set by hand"), "quota": mark("from quota"), "copied": mark("copied")}


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into the form."""

    kpi: str
    value: str = ""
    low: str = ""
    high: str = ""
    amber: str = ""
    red: str = ""
    note: str = ""


def read(desk: Desk, query: Mapping[str, str]) -> TargetPage:
    """Return the page that an address asks for.

    Raises:
        BadInputError, NoReachError: as `aim_of`.
    """
    aim = aim_of(desk, query)
    kpis = _listed(desk, aim)
    may_set = desk.may(Permission.TARGET_EDIT)
    held = targets.of(desk.session, desk.calendar, [kpi.key for kpi in kpis], [aim.period], aim.who)
    last = numbers.latest(desk.session, desk.calendar, aim.period.grain, desk.today)
    points = numbers.series(
        desk.session,
        desk.calendar,
        [kpi.key for kpi in kpis],
        aim.period.grain,
        aim.who,
        last,
        1,
    )
    rows = tuple(
        _row(desk, aim, kpi, points[kpi.key][0], held.get((kpi.key, aim.period.start)), may_set)
        for kpi in kpis
    )
    everything = desk.reach.everything and may_set
    before = desk.calendar.previous(aim.period)
    return TargetPage(
        head=head_of(desk, aim),
        title=tr("Targets for {period}", period=desk.formats.period(aim.period)),
        sub=trn(
            "{name}. {count} of {total} KPIs has one. The last number is of {period}.",
            "{name}. {count} of {total} KPIs have one. The last number is of {period}.",
            sum(1 for row in rows if row.target),
            name=aim.name,
            total=len(rows),
            period=desk.formats.period(last),
        ),
        rows=rows,
        form=_form(desk, aim) if may_set and aim.kpi and _is_open(desk, aim) else None,
        hint=_hint(may_set),
        copy=tr("Copy those of {period}", period=desk.formats.period(before)) if everything else "",
        quota=tr("Take over quotas") if everything else "",
    )


def _is_open(desk: Desk, aim: Aim) -> bool:
    """Say whether the numbers of the KPI that is aimed at are open to the person."""
    return desk.sees(aim.kpi, aim.who)


def _hint(may_set: bool) -> str:  # noqa: FBT001 - one of two sentences
    if may_set:
        return tr("Choose a KPI to set its target. What was said before stays as its history.")
    return tr("Your role reads targets and sets none.")


def _listed(desk: Desk, aim: Aim) -> list[Kpi]:
    grain = aim.period.grain
    kpis = [kpi for group in score_views.groups(desk, aim.show) for kpi, _ in group.kpis]
    if aim.kpi and KpiKey(aim.kpi) not in [kpi.key for kpi in kpis]:
        kpis.insert(0, desk.catalogue.kpi(aim.kpi))
    return [kpi for kpi in kpis if score_views.fits(kpi, grain) and desk.sees(kpi.key, aim.who)]


def _row(
    desk: Desk,
    aim: Aim,
    kpi: Kpi,
    point: numbers.Point,
    target: Target | None,
    may_set: bool,  # noqa: FBT001 - the permission, asked once
) -> TargetRow:
    formats, value = desk.formats, point.reading.value
    words = "" if target is None or not is_set(target) else target_text(kpi, target, formats)
    return TargetRow(
        name=kpi.name,
        href=kpi_page(kpi.key, team=aim.team or None),
        value=formats.short(value, kpi.unit) if value is not None else trc("a number", "none"),
        target=words,
        bounds="" if target is None else _bounds(target, kpi, desk),
        source="" if target is None else tr(_SOURCES.get(target.source, target.source)),
        set_by="" if target is None else _who_and_when(target, desk),
        note="" if target is None else target.note,
        set_href=aim.at(kpi=kpi.key) if may_set else "",
        chosen=kpi.key == aim.kpi,
    )


def _bounds(target: Target, kpi: Kpi, desk: Desk) -> str:
    told = ((_WATCH_FROM, target.amber), (_OFF_FROM, target.red))
    return ", ".join(
        tr(text, value=desk.formats.short(value, kpi.unit))
        for text, value in told
        if value is not None
    )


_WATCH_FROM, _OFF_FROM = mark("watch from {value}"), mark("off from {value}")


def _who_and_when(target: Target, desk: Desk) -> str:
    when = "" if target.set_at is None else f", {desk.day_of(target.set_at)}"
    return f"{tr(target.set_by)}{when}"


def _form(desk: Desk, aim: Aim) -> TargetForm:
    kpi = desk.catalogue.kpi(aim.kpi)
    past = targets.past(desk.session, Slot(kpi.key, aim.period, aim.who))
    now = past[0] if past else Target(None)
    return TargetForm(
        kpi=kpi.key,
        title=tr(
            "Set {kpi} for {period}, {name}",
            kpi=kpi.name,
            period=desk.formats.period(aim.period),
            name=aim.name,
        ),
        unit=_unit(kpi.unit, desk),
        is_range=kpi.better is Better.RANGE,
        value=_plain(now.value, kpi.unit, desk),
        low=_plain(now.low, kpi.unit, desk),
        high=_plain(now.high, kpi.unit, desk),
        amber=_plain(now.amber, kpi.unit, desk),
        red=_plain(now.red, kpi.unit, desk),
        longest=LONGEST_NOTE,
        history=tuple(_told(one, kpi, desk) for one in past),
        cancel=aim.at(kpi=None),
    )


def _unit(unit: Unit, desk: Desk) -> str:
    if unit is Unit.RATIO:
        return "%"
    if unit is Unit.TIMES:
        return TIMES
    if unit in (Unit.MONEY, Unit.MONEY_PER_DAY):
        return desk.card.currency
    return tr(_UNITS[unit]) if unit in _UNITS else ""


_UNITS = {
    Unit.DAYS: mark("days"),
    Unit.HOURS: mark("hours"),
    Unit.MINUTES: mark("minutes"),
}


def _plain(value: float | None, unit: Unit, desk: Desk) -> str:
    if value is None:
        return ""
    shown = value * (100.0 if unit is Unit.RATIO else 1.0)
    places = next(at for at in range(5) if at == 4 or round(shown, at) == round(shown, 6))  # noqa: PLR2004
    return desk.formats.number(shown, places)


def _told(target: Target, kpi: Kpi, desk: Desk) -> str:
    words = tr("Withdrawn")
    if is_set(target):
        words = tr("Target {value}", value=target_text(kpi, target, desk.formats))
    why = f": {target.note}" if target.note else ""
    return f"{words}, {_who_and_when(target, desk)}{why}"


def is_set(target: Target) -> bool:
    """Say whether a target names a figure: it was not withdrawn."""
    return target.value is not None or (target.low is not None and target.high is not None)


def put(desk: Desk, query: Mapping[str, str], typed: Typed) -> str:
    """Set the target that somebody typed, and return what was done in a sentence.

    Raises:
        BadInputError: if a figure is none, or does not fit the KPI; nothing is changed then.
        DeniedError: if the person may set no target, or not of this scope.
    """
    if not desk.may(Permission.TARGET_EDIT):
        raise DeniedError(tr("Your role sets no targets."))
    aim = replace(aim_of(desk, query), kpi=typed.kpi)
    kpi = desk.catalogue.kpi(typed.kpi)
    if not _is_open(desk, aim):
        raise DeniedError(tr("That KPI is not yours: its targets are set by others."))
    target = _target(desk, kpi, typed)
    if target.value is None and target.low is None and not target.note:
        raise BadInputError(tr("Type a target; or say why, to withdraw the one that holds."))
    author = Author(desk.actor.name, desk.actor.person)
    slot = Slot(kpi.key, aim.period, aim.who)
    changed = targets.put(desk.session, kpi, slot, target, author, desk.now)
    where = f"{kpi.name}, {desk.formats.period(aim.period)}, {aim.name}"
    if not changed:
        return tr("Nothing new: {place} has that target already.", place=where)
    if not is_set(target):
        return tr("Saved. {place}: target withdrawn.", place=where)
    words = target_text(kpi, target, desk.formats)
    return tr("Saved. {place}: target {value}.", place=where, value=words)


def _target(desk: Desk, kpi: Kpi, typed: Typed) -> Target:
    def read_one(what: str, text: str) -> float | None:
        return figure(what, text, kpi.unit, desk.actor.locale)

    return Target(
        read_one(tr("The target"), typed.value),
        read_one(tr("The low bound"), typed.low),
        read_one(tr("The high bound"), typed.high),
        red=read_one(tr("Where off target begins"), typed.red),
        amber=read_one(tr("Where watch begins"), typed.amber),
        note=typed.note,
    )
