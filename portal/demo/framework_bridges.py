"""Gives the demo one KPI that another replaced, with the bridge of what both read meanwhile."""

from dataclasses import replace
from datetime import date, timedelta

from kpi_engine.definitions.kinds import KpiKey
from portal.demo.cast import CAST
from portal.demo.companies import KESTREL, Company
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import bridge_keeping, bridges, lifecycles, people
from portal.services.auditing import Trace
from portal.services.desks import Desk, open_desk
from portal.services.lifecycles import LifeMove, LifeState
from portal.services.office import Office

OLD, NEW = KpiKey("sales_cycle_mean_days"), KpiKey("sales_cycle_days")
_USED = "How long a deal takes, for planning the quarter."
_WHY = "In some months a few long deals pull the mean up; the median tells the usual deal."
_MONTHS, _USED_FOR = 6, timedelta(days=500)


def replace_kpi(office: Office, company: Company) -> None:
    """Replace a KPI as an executive would have, months ago; nothing where one was replaced."""
    now = office.now()
    if company is not KESTREL:
        return
    with office.database.session(company.key) as session:
        chief = next(one for one in CAST if one.company == company.key and _leads(one.roles))
        card = people.find(session, chief.email)
        if card is None or bridges.runs(session):
            return
        actor = Actor(company.key, card.id, card.email, chief.name, frozenset(chief.roles))
        desk = open_desk(session, actor, now)
        first, last = _days(desk)
        _move(desk, LifeMove(OLD, LifeState.ACTIVE, _USED), first - _USED_FOR)
        _move(desk, LifeMove(OLD, LifeState.RETIRED, _WHY, NEW, last), first)
        on = bridge_keeping.ground(session, now)
        for slot in bridge_keeping.ended(on):
            bridge_keeping.keep_ended(on, slot, Trace(now))


def _leads(roles: tuple[Role, ...]) -> bool:
    return Role.EXECUTIVE in roles


def _days(desk: Desk) -> tuple[date, date]:
    """Return the first and the last day of both: whole months up to the last one that ended."""
    end = desk.today.replace(day=1)
    year, month = divmod(end.year * 12 + end.month - 1 - _MONTHS, 12)
    return date(year, month + 1, 1), end - timedelta(days=1)


def _move(desk: Desk, asked: LifeMove, day: date) -> None:
    ago = desk.today - day
    lifecycles.move(replace(desk, today=day), asked, Trace(desk.now - ago))
