"""What the tests of bridges share: two KPIs with numbers by the month, and a refresh."""

import uuid
from datetime import UTC, date, datetime, timedelta

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain
from portal.models.observations import Observation
from portal.models.open_readings import Refreshed
from portal.services import bridge_keeping, bridges, lifecycles
from portal.services.auditing import Trace
from portal.services.lifecycles import LifeMove, LifeState
from tests.ownership.company import NOW

OLD, NEW = KpiKey("win_rate_value"), KpiKey("proposal_rate")
OTHER_UNIT = KpiKey("sales_cycle_mean_days")
AUGUST, LAST = date(2026, 8, 10), date(2026, 11, 15)
"""The run: August to October end while both are told, November does not."""
AFTER = datetime(2026, 11, 16, 9, tzinfo=UTC)


def observe(company, kpi, values, *, grain=Grain.MONTH, last=date(2026, 10, 1), **more):
    """Keep a number a month, the last of them in October; None is a month without any."""
    calendar = Calendar()
    first = calendar.shift(last, grain, 1 - len(values))
    periods = calendar.periods(grain, first, calendar.shift(last, grain, 1))
    rows = [_row(kpi, period, value, more) for period, value in zip(periods, values, strict=True)]
    with company.database.session(company.tenant) as session:
        session.add_rows(Observation, rows)


def _row(kpi, period, value, more):
    told = {
        "id": uuid.uuid4(),
        "kpi": kpi,
        "grain": period.grain.value,
        "period_start": period.start,
        "period_end": period.end,
        "scope_kind": "tenant",
        "scope_id": "",
        "revision": 1,
        "kind": "first",
        "value": value,
        "over_value": None if value is None else value * 40,
        "under_value": 40.0,
        "n": 40,
        "state": "absent" if value is None else "final",
        "reason": "the denominator is 0" if value is None else None,
        "definition": "0" * 12,
        "version": 7,
        "known_at": NOW,
        "observed_at": NOW,
        "supersedes": None,
        "cause": None,
    }
    return {**told, **more}


def refreshed(company, day):
    """Let the numbers be read up to a day."""
    with company.database.session(company.tenant) as session:
        row = session.get(Refreshed, (company.tenant,))
        if row is None:
            session.add(
                Refreshed(version=7, definitions="", read_on=day, refreshed_at=NOW, last_on=day)
            )
        else:
            row.read_on = day


def retire(company, old=OLD, new=NEW, *, day=AUGUST, until=LAST, by="chief"):
    """Take a KPI into use, and retire it beside another on a day."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    with company.desk(by, at) as desk:
        if lifecycles.past(desk.session, old) == ():
            used = LifeMove(old, LifeState.ACTIVE, "We use it.")
            lifecycles.move(desk, used, Trace(at - timedelta(days=1)))
        asked = LifeMove(old, LifeState.RETIRED, "The new one tells more.", new, until)
        return lifecycles.move(desk, asked, Trace(at))


def replaced(company, olds=(0.30, 0.31, 0.32, 0.33), news=(0.29, 0.28, 0.30, 0.29)):
    """A run from August to 15 November, told to its end: July before, three months of both."""
    observe(company, OLD, olds)
    observe(company, NEW, news)
    retire(company)
    refreshed(company, date(2026, 11, 16))


def keep(company, now=AFTER):
    """Do what the job does: every slot that is due; return the bridges that were stored."""
    with company.database.session(company.tenant) as session:
        on = bridge_keeping.ground(session, now)
        done = [
            bridge_keeping.keep_ended(on, slot, Trace(now)) for slot in bridge_keeping.ended(on)
        ]
    return [one for one in done if one is not None]


def stored(company, kpi=None):
    """Return what is stored."""
    with company.database.session(company.tenant) as session:
        return bridges.stored(session, kpi)
