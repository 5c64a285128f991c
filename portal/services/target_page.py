"""The page of targets: those of a period and scope, and setting, copying and taking them over."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.units import Unit
from portal.errors import BadInputError, DeniedError
from portal.readmodels.target_page import TargetForm, TargetPage, TargetRow
from portal.security.permissions import Permission
from portal.services import numbers, score_views, targets
from portal.services.addresses import kpi_page
from portal.services.desks import Desk
from portal.services.kpi_cards import target_text
from portal.services.target_aims import Aim, aim_of, head_of
from portal.services.targets import Author, Slot, Target
from portal.services.typed_figures import figure

LONGEST_NOTE = 1000
_SOURCES = {"set": "set by hand", "quota": "from quota", "copied": "copied"}


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
        title=f"Targets for {desk.formats.period(aim.period)}",
        sub=(
            f"{aim.name}. {sum(1 for row in rows if row.target)} of {len(rows)} KPIs have one."
            f" The last number is of {desk.formats.period(last)}."
        ),
        rows=rows,
        form=_form(desk, aim) if may_set and aim.kpi else None,
        hint=_hint(may_set),
        copy=f"Copy those of {desk.formats.period(before)}" if everything else "",
        quota="Take over quotas" if everything else "",
    )


def _hint(may_set: bool) -> str:  # noqa: FBT001 - one of two sentences
    if may_set:
        return "Choose a KPI to set its target. What was said before stays as its history."
    return "Your role reads targets and sets none."


def _listed(desk: Desk, aim: Aim) -> list[Kpi]:
    grain = aim.period.grain
    kpis = [kpi for group in score_views.groups(desk, aim.show) for kpi, _ in group.kpis]
    if aim.kpi and KpiKey(aim.kpi) not in [kpi.key for kpi in kpis]:
        kpis.insert(0, desk.catalogue.kpi(aim.kpi))
    return [kpi for kpi in kpis if score_views.fits(kpi, grain)]


def _row(
    desk: Desk,
    aim: Aim,
    kpi: Kpi,
    point: numbers.Point,
    target: Target | None,
    may_set: bool,  # noqa: FBT001 - the permission, asked once
) -> TargetRow:
    formats, value = desk.formats, point.reading.value
    words = target_text(target, kpi.better, kpi.unit, formats).removeprefix("Target ")
    return TargetRow(
        name=kpi.name,
        href=kpi_page(kpi.key, team=aim.team or None),
        value=formats.short(value, kpi.unit) if value is not None else "none",
        target=words,
        bounds="" if target is None else _bounds(target, kpi, desk),
        source="" if target is None else _SOURCES.get(target.source, target.source),
        set_by="" if target is None else _who_and_when(target, desk),
        note="" if target is None else target.note,
        set_href=aim.at(kpi=kpi.key) if may_set else "",
        chosen=kpi.key == aim.kpi,
    )


def _bounds(target: Target, kpi: Kpi, desk: Desk) -> str:
    told = (("watch from", target.amber), ("off from", target.red))
    return ", ".join(
        f"{word} {desk.formats.short(value, kpi.unit)}" for word, value in told if value is not None
    )


def _who_and_when(target: Target, desk: Desk) -> str:
    when = "" if target.set_at is None else f", {desk.formats.day(target.set_at.date())}"
    return f"{target.set_by}{when}"


def _form(desk: Desk, aim: Aim) -> TargetForm:
    kpi = desk.catalogue.kpi(aim.kpi)
    past = targets.past(desk.session, Slot(kpi.key, aim.period, aim.who))
    now = past[0] if past else Target(None)
    return TargetForm(
        kpi=kpi.key,
        title=f"Set {kpi.name} for {desk.formats.period(aim.period)}, {aim.name}",
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
    if unit in (Unit.MONEY, Unit.MONEY_PER_DAY):
        return desk.card.currency
    return "" if unit in (Unit.COUNT, Unit.SCORE) else unit.value


def _plain(value: float | None, unit: Unit, desk: Desk) -> str:
    if value is None:
        return ""
    shown = value * (100.0 if unit is Unit.RATIO else 1.0)
    places = next(at for at in range(5) if at == 4 or round(shown, at) == round(shown, 6))  # noqa: PLR2004
    return desk.formats.number(shown, places)


def _told(target: Target, kpi: Kpi, desk: Desk) -> str:
    words = target_text(target, kpi.better, kpi.unit, desk.formats) or "Withdrawn"
    why = f": {target.note}" if target.note else ""
    return f"{words}, {_who_and_when(target, desk)}{why}"


def put(desk: Desk, query: Mapping[str, str], typed: Typed) -> str:
    """Set the target that somebody typed, and return what was done in a sentence.

    Raises:
        BadInputError: if a figure is none, or does not fit the KPI; nothing is changed then.
        DeniedError: if the person may set no target, or not of this scope.
    """
    if not desk.may(Permission.TARGET_EDIT):
        raise DeniedError("Your role sets no targets.")
    aim = replace(aim_of(desk, query), kpi=typed.kpi)
    kpi = desk.catalogue.kpi(typed.kpi)
    target = _target(desk, kpi, typed)
    if target.value is None and target.low is None and not target.note:
        raise BadInputError("Type a target; or say why, to withdraw the one that holds.")
    author = Author(desk.actor.name, desk.actor.person)
    slot = Slot(kpi.key, aim.period, aim.who)
    changed = targets.put(desk.session, kpi, slot, target, author, desk.now)
    where = f"{kpi.name}, {desk.formats.period(aim.period)}, {aim.name}"
    if not changed:
        return f"Nothing new: {where} has that target already."
    words = target_text(target, kpi.better, kpi.unit, desk.formats) or "target withdrawn"
    return f"Saved. {where}: {words[0].lower()}{words[1:]}."


def _target(desk: Desk, kpi: Kpi, typed: Typed) -> Target:
    def read_one(what: str, text: str) -> float | None:
        return figure(what, text, kpi.unit, desk.actor.locale)

    return Target(
        read_one("The target", typed.value),
        read_one("The low bound", typed.low),
        read_one("The high bound", typed.high),
        red=read_one("Where off target begins", typed.red),
        amber=read_one("Where watch begins", typed.amber),
        note=typed.note,
    )
