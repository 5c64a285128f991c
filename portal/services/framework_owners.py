"""The page of owners: who answers for what, how shared KPIs are split, what is to be mended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr, trn
from portal.models.ownership import Help, KpiHelp
from portal.models.ownership import helps as every_help
from portal.readmodels.cards import Choice, Head
from portal.readmodels.framework import (
    HelpRow,
    Mend,
    OwnedRow,
    OwnersPage,
    PersonOwns,
    SharedKpi,
    ShareRow,
)
from portal.security.permissions import Permission
from portal.services import addresses, owner_words, ownership, ownership_lists, viewpoints
from portal.services.desks import Desk
from portal.services.framework_tabs import HOME, OWNERS, tabs
from portal.services.numbers import TENANT, Who
from portal.services.ownership import Ownership, Person, Share
from portal.services.ownership_lists import Lists

KPIS = f"{HOME}/kpis"
_SUB = mark(
    "Exactly one person is accountable for each KPI. Shared ones are split, to the per cent."
)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Made:
    desk: Desk
    people: Mapping[UUID, Person]
    helps: Mapping[tuple[str, str, str], list[KpiHelp]]
    may_edit: bool


def read(desk: Desk, csrf: str, said: str = "") -> OwnersPage:
    """Return the page; `said` is what the last change did."""
    known = tuple(
        one for one in ownership.everything(desk.session, desk.today) if one.kpi in desk.catalogue
    )
    made = _Made(
        desk,
        ownership.everybody(desk.session),
        _helps(desk),
        desk.may(Permission.FRAMEWORK_EDIT),
    )
    return OwnersPage(
        head=Head(tr("Owners"), tr(_SUB)),
        tabs=tabs(OWNERS),
        said=said,
        csrf=csrf,
        hand_over=f"{HOME}/handover" if made.may_edit else "",
        mends=tuple(_mends(made, ownership_lists.lists(desk))),
        shared=tuple(_shared(made, one) for one in known if one.shares),
        people=tuple(_people(made, known)),
    )


def _helps(desk: Desk) -> Mapping[tuple[str, str, str], list[KpiHelp]]:
    """Return who updates or covers now or later, by KPI and scope."""
    found: dict[tuple[str, str, str], list[KpiHelp]] = {}
    for row in desk.session.scalars(every_help()):
        if row.until_day is None or row.until_day > desk.today:
            found.setdefault((row.kpi, row.scope_kind, row.scope_id), []).append(row)
    return found


def _mends(made: _Made, found: Lists) -> Iterable[Mend]:
    if found.unowned:
        links = tuple(_to_owner(made, kpi) for kpi in found.unowned if kpi in made.desk.catalogue)
        why = tr("In use, and nobody is accountable. Nobody will notice when it moves.")
        count = len(links)
        title = trn("{count} KPI without an owner", "{count} KPIs without an owner", count)
        yield Mend(title, why, links)
    if found.inactive:
        links = tuple(_to_scope(made, one) for one in found.inactive)
        why = tr(
            "The account of the owner, a co-owner or the cover is shut. Hand over what they had."
        )
        count = len(links)
        title = trn("{count} KPI of somebody who left", "{count} KPIs of somebody who left", count)
        yield Mend(title, why, links)
    if found.loaded:
        links = tuple(
            Choice(f"{person.name}, {count}", f"{OWNERS}#{person.id}")
            for person, count in found.loaded
        )
        why = tr(
            "More than {count} KPIs for one person: few of them get attention.",
            count=ownership_lists.MOST,
        )
        count = len(links)
        title = trn("{count} owner with too many", "{count} owners with too many", count)
        yield Mend(title, why, links)
    if found.unacknowledged:
        links = tuple(
            Choice(_name(made, one.kpi), f"{OWNERS}#{one.kpi}") for one in found.unacknowledged
        )
        why = tr("A co-owner has not said yet that the share is theirs.")
        shares = [share for one in found.unacknowledged for share in one.shares]
        count = sum(share.acknowledged_at is None for share in shares)
        title = trn("{count} share waits for a word", "{count} shares wait for a word", count)
        yield Mend(title, why, links)


def _to_owner(made: _Made, kpi: KpiKey) -> Choice:
    href = f"{KPIS}/{kpi}/owner" if made.may_edit else addresses.kpi_page(kpi)
    return Choice(_name(made, kpi), href)


def _to_scope(made: _Made, one: Ownership) -> Choice:
    """Return the form of exactly this ownership; a team's or person's says whose it is."""
    name, whose = _name(made, one.kpi), _scope(made, one.who)
    if whose:
        name = tr("{kpi}, {whose}", kpi=name, whose=whose)
    return Choice(name, _form(made, one, "owner") or addresses.kpi_page(one.kpi))


def _name(made: _Made, kpi: KpiKey) -> str:
    found = made.desk.catalogue.get(kpi)
    return kpi if found is None else found.name


def _shared(made: _Made, one: Ownership) -> SharedKpi:
    return SharedKpi(
        key=one.kpi,
        name=_name(made, one.kpi),
        href=addresses.kpi_page(one.kpi),
        scope=_scope(made, one.who),
        accountable=one.accountable.name,
        rounds=owner_words.rounds(one),
        shares=tuple(_share(made, share) for share in one.shares),
        edit=_form(made, one, "shares"),
    )


def _share(made: _Made, share: Share) -> ShareRow:
    at = share.acknowledged_at
    mine = share.person.id == made.desk.actor.person and made.desk.actor.viewed_by is None
    waits = at is None
    return ShareRow(
        component=share.component,
        name=share.person.name,
        percent=f"{owner_words.percent(share.percent)}\u00a0%",
        responsibility=share.responsibility,
        input="" if share.input is None else _name(made, share.input),
        input_href="" if share.input is None else addresses.kpi_page(share.input),
        said=tr("Not acknowledged yet")
        if at is None
        else tr("Acknowledged {day}", day=made.desk.day_of(at)),
        waiting=waits,
        acknowledge=f"{HOME}/shares/{share.id}/acknowledge" if waits and mine else "",
    )


def _people(made: _Made, known: tuple[Ownership, ...]) -> Iterable[PersonOwns]:
    """Yield everybody who is accountable for something, by name."""
    found: dict[Person, list[Ownership]] = {}
    for one in known:
        found.setdefault(one.accountable, []).append(one)
    for person in sorted(found, key=lambda one: one.name):
        mine = sorted(found[person], key=lambda one: _name(made, one.kpi))
        told = trn("{count} KPI", "{count} KPIs", len({one.kpi for one in mine}))
        yield PersonOwns(
            person.name,
            told if person.active else tr("{kpis}; account shut", kpis=told),
            person.active,
            tuple(_owned(made, one) for one in mine),
            str(person.id),
        )


def _owned(made: _Made, one: Ownership) -> OwnedRow:
    mine = [share for share in one.shares if share.person.id == one.accountable.id]
    own = sum((share.percent for share in mine), Decimal(0))
    shared = ""
    if one.shares:
        part = f"{owner_words.percent(own)}\u00a0%"
        shared = tr("shared, {share}", share=part) if mine else tr("shared by others")
    return OwnedRow(
        key=one.kpi,
        name=_name(made, one.kpi),
        href=addresses.kpi_page(one.kpi),
        scope=_scope(made, one.who),
        shared=shared,
        helps=tuple(_help(made, row) for row in made.helps.get(_place(one), ())),
        since=made.desk.formats.day(one.since),
        edit=_form(made, one, "owner"),
        share=_form(made, one, "shares"),
    )


def _help(made: _Made, row: KpiHelp) -> HelpRow:
    name, formats = made.people[row.person].name, made.desk.formats
    if row.kind == Help.UPDATER:
        text = tr("updated by {name}", name=name)
    else:
        last = "" if row.until_day is None else formats.day(row.until_day - _DAY)
        if row.from_day > made.desk.today:
            first = formats.day(row.from_day)
            text = tr(
                "covered by {name} from {first} until {last}", name=name, first=first, last=last
            )
        else:
            text = tr("covered by {name} until {last}", name=name, last=last)
    return HelpRow(text, f"{HOME}/helps/{row.id}/end" if made.may_edit else "")


def _form(made: _Made, one: Ownership, what: str) -> str:
    """Return where an ownership is changed; empty for who may not."""
    if not made.may_edit:
        return ""
    roster = made.desk.roster
    if one.who != TENANT and one.who.id not in {*roster.teams, *roster.people}:
        return ""
    place = f"{KPIS}/{one.kpi}/{what}"
    return addresses.address(place, **viewpoints.of_who(made.desk, one.who).query)


def _scope(made: _Made, who: Who) -> str:
    return "" if who == TENANT else made.desk.roster.name(who.id)


def _place(one: Ownership) -> tuple[str, str, str]:
    return one.kpi, one.who.kind.value, one.who.id
