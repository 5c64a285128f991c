"""After a load only what it may have moved is asked again: that has to be all that did move.

A KPI that is left out shows the number of yesterday's records, and nothing tells it.
"""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.models.open_readings import OpenReading, Refreshed
from portal.models.record_gaps import RecordGaps
from portal.services.refreshing import refresh
from tests.kpis.desk import a_deal, a_person, a_team
from tests.kpis.place import desk, workshop

__all__ = ["desk", "workshop"]

NOW = datetime(2017, 4, 12, 15, tzinfo=UTC)
BACK = 2
WON = a_deal("won", "", closed="2017-04-05", account_id="acc", lead_id="l")
OPEN = a_deal("open", stage="Open", closed="", expected_close_on="2017-04-20", account_id="acc")
LEAD = {"id": "l", "owner_id": "ann", "created_at": "2017-04-03", "qualified_at": "2017-04-04"}
ACCOUNT = {"id": "acc", "owner_id": "ann", "name": "Acme", "created_at": "2017-01-01"}
PAYS = {"id": "s", "account_id": "acc", "owner_id": "ann", "started_on": "2017-01-01", "mrr": 5}
STEP = {"id": "st", "account_id": "acc", "step": "first", "required": "true"}
TICKET = {"id": "t", "account_id": "acc", "owner_id": "ann", "created_at": "2017-04-06"}
CAMPAIGN = {"id": "c", "name": "Fair", "started_on": "2017-04-01", "cost": 100}
FIRST = {
    "team": [a_team("north"), a_team("south")],
    "user": [a_person("ann", "north"), a_person("bob", "south")],
    "account": [ACCOUNT],
    "lead": [LEAD],
    "opportunity": [{**WON, "owner_id": "ann"}, {**OPEN, "owner_id": "ann"}],
    "stage_change": [
        {
            "id": "sc",
            "opportunity_id": "open",
            "to_stage": "Open",
            "changed_at": "2017-04-02",
            "expected_close_on": "2017-04-10",
        }
    ],
    "activity": [
        {"id": "a", "kind": "call", "owner_id": "ann", "lead_id": "l", "created_at": "2017-04-05"}
    ],
    "campaign": [CAMPAIGN],
    "touch": [
        {
            "id": "x",
            "campaign_id": "c",
            "lead_id": "l",
            "kind": "visited",
            "occurred_at": "2017-04-05",
        }
    ],
    "ticket": [{**TICKET, "first_response_at": "", "resolved_at": ""}],
    "subscription": [PAYS],
    "mrr_movement": [
        {
            "id": "m",
            "account_id": "acc",
            "occurred_on": "2017-04-04",
            "kind": "expansion",
            "amount": 2,
        }
    ],
    "renewal": [{"id": "r", "account_id": "acc", "due_on": "2017-04-07", "outcome": "renewed"}],
    "usage": [{"id": "u", "account_id": "acc", "occurred_on": "2017-04-06", "events": 3}],
    "onboarding_step": [{**STEP, "started_at": "2017-04-02", "completed_at": ""}],
    "quota": [
        {
            "id": "q",
            "owner_id": "ann",
            "amount": 40,
            "period_start_on": "2017-04-01",
            "period_grain": "month",
        }
    ],
}
LOADS = {
    "a lead goes to somebody else": {"lead": [{**LEAD, "owner_id": "bob"}]},
    "an account goes to somebody else": {"account": [{**ACCOUNT, "owner_id": "bob"}]},
    "an onboarding step ends": {
        "onboarding_step": [{**STEP, "started_at": "2017-04-02", "completed_at": "2017-04-09"}]
    },
    "a subscription is worth more": {"subscription": [{**PAYS, "mrr": 9, "owner_id": "bob"}]},
    "a deal is lost": {
        "opportunity": [{**OPEN, "owner_id": "ann", "stage": "Lost", "closed_at": "2017-04-11"}]
    },
    "a stage change says another day": {
        "stage_change": [
            {
                "id": "sc2",
                "opportunity_id": "open",
                "to_stage": "Open",
                "changed_at": "2017-04-03",
                "expected_close_on": "2017-06-10",
            }
        ]
    },
    "a stage change says another stage": {
        "stage_change": [
            {
                "id": "sc3",
                "opportunity_id": "open",
                "from_stage": "Open",
                "to_stage": "Signed soon",
                "changed_at": "2017-03-20",
            }
        ]
    },
    "the first forecast": {
        "forecast": [
            {
                "id": "f",
                "owner_id": "ann",
                "period_start_on": "2017-04-01",
                "period_grain": "month",
                "amount": 30,
                "submitted_at": "2017-04-01",
            }
        ]
    },
}


def readings(database, tenant):
    """Return what pages read of the open periods, whatever it was made of."""
    with database.session(tenant) as session:
        return {
            (row.kpi, row.grain, row.scope_kind, row.scope_id, row.compare): (
                row.value,
                row.over_value,
                row.under_value,
                row.n,
                row.state,
                row.reason,
            )
            for row in session.scalars(select(OpenReading))
        }


def gaps(database, tenant):
    """Return what pages read of the records behind the numbers."""
    with database.session(tenant) as session:
        return {
            (row.kpi, row.grain, row.period_start): (row.definition, row.kinds)
            for row in session.scalars(select(RecordGaps))
        }


@pytest.mark.slow
def test_a_refresh_after_a_load_is_what_a_refresh_from_nothing_is(desk, workshop, database):
    tenant = desk.tenant()
    desk.bring(tenant, FIRST, "--as-of", "2017-04-11")
    asked = [refresh(workshop, tenant, NOW, back=BACK).kpis]
    for story, records in LOADS.items():
        desk.bring(tenant, records, "--as-of", "2017-04-12")
        asked.append(refresh(workshop, tenant, NOW, back=BACK).kpis)
        after_the_load = readings(database, tenant)
        gaps_after = gaps(database, tenant)
        with database.session(tenant) as session:
            # Of other definitions: nothing that was done before can be used.
            session.scalars(select(Refreshed)).one().definitions = ""
        anew = refresh(workshop, tenant, NOW, back=BACK)
        assert readings(database, tenant) == after_the_load, story
        assert gaps(database, tenant) == gaps_after, story
        assert (anew.observed, anew.restated) == (0, 0), story
    # That most loads leave something alone is why there is anything to be tested.
    assert min(asked) < max(asked) == asked[0]
