"""A CRM small enough to count by hand, around the second quarter of 2017.

Each entity has records just outside of the quarter, and some that lack what they could have.
A record begins with its `id` on a new line.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kpi_engine.crm.entities import ENTITIES, ColumnType
from kpi_engine.crm.stages import StageRule

STAGES = {
    "Discovery": StageRule("open", 1, 0.1),
    "Proposal": StageRule("open", 2, 0.5),
    "Won": StageRule("won"),
    "Lost": StageRule("lost"),
}
_READ = {
    ColumnType.TEXT: str,
    ColumnType.NUMBER: float,
    ColumnType.MONEY: Decimal,
    ColumnType.INTEGER: int,
    ColumnType.BOOLEAN: lambda word: word == "yes",
    ColumnType.TIME: datetime.fromisoformat,
    ColumnType.DATE: date.fromisoformat,
}

_LINES = {
    "user": """
id=u1 name=Uma
id=u2 name=Una
""",
    "account": """
id=a1 name=One
id=a2 name=Two
id=a3 name=Three
id=a4 name=Four
id=a5 name=Five
id=a6 name=Six
""",
    "campaign": """
id=c1 name=Spring started_on=2017-04-10 cost=300
id=c2 name=May started_on=2017-05-01 cost=600
id=c3 name=July started_on=2017-07-01 cost=1000
id=c4 name=Undated cost=5000
""",
    # c1 records deliveries, c2 does not.
    "touch": """
id=1 kind=visited occurred_at=2017-05-05T10:00 count=10 campaign_id=c1
id=2 kind=visited occurred_at=2017-05-05T10:00
id=3 kind=visited occurred_at=2017-07-01T00:00 count=100 campaign_id=c1
id=4 kind=form_submitted occurred_at=2017-04-01T00:00
id=5 kind=form_submitted occurred_at=2017-06-30T23:59
id=6 kind=registered occurred_at=2017-05-05T10:00 count=8
id=7 kind=attended occurred_at=2017-05-06T10:00 count=6
id=8 kind=sent occurred_at=2017-05-05T10:00 count=100 campaign_id=c1
id=9 kind=delivered occurred_at=2017-05-05T10:00 count=90 campaign_id=c1
id=10 kind=bounced occurred_at=2017-05-05T10:00 count=10 campaign_id=c1
id=11 kind=sent occurred_at=2017-05-05T10:00 count=50 campaign_id=c2
id=12 kind=responded occurred_at=2017-05-05T10:00 count=14 campaign_id=c2
id=13 kind=converted occurred_at=2017-05-05T10:00 count=2 campaign_id=c1
id=14 kind=converted occurred_at=2017-05-05T10:00 count=5
""",
    "lead": """
id=L0 created_at=2017-03-31T23:59 qualified_at=2017-05-02T10:00
id=L1 created_at=2017-04-03T10:00 qualified_at=2017-04-11T10:00 converted_at=2017-04-20T10:00
    score=90 campaign_id=c1
id=L2 created_at=2017-05-01T10:00 qualified_at=2017-06-20T10:00 score=60
id=L3 created_at=2017-06-30T10:00 qualified_at=2017-07-30T10:00 converted_at=2017-07-30T10:01
    score=40
id=L4 created_at=2017-05-05T10:00 disqualified_at=2017-05-06T10:00
""",
    "activity": """
id=1 kind=email direction=outbound automated=yes lead_id=L1 created_at=2017-04-03T10:05
id=2 kind=call lead_id=L1 created_at=2017-04-03T12:00
id=3 kind=call automated=no lead_id=L2 created_at=2017-05-02T10:00 outcome=no_answer
id=4 kind=call lead_id=L3 created_at=2017-06-30T09:00 outcome=connected
id=5 kind=call lead_id=L3 created_at=2017-07-03T10:00
id=6 kind=call created_at=2017-03-31T10:00 completed_at=2017-04-02T10:00 outcome=connected
id=7 kind=call created_at=2017-06-30T10:00 completed_at=2017-07-02T10:00
id=8 kind=email direction=outbound created_at=2017-05-05T10:00 outcome=replied
id=9 kind=email direction=inbound created_at=2017-05-05T10:00 outcome=replied
id=10 kind=email direction=outbound created_at=2017-06-05T10:00 outcome=bounced
id=11 kind=meeting created_at=2017-05-01T10:00 completed_at=2017-05-10T10:00 outcome=held
    opportunity_id=o1
id=12 kind=meeting created_at=2017-06-01T10:00 outcome=no_show opportunity_id=o1
id=13 kind=meeting created_at=2017-03-30T10:00 completed_at=2017-04-05T10:00 outcome=held
id=14 kind=demo created_at=2017-05-03T10:00 outcome=held opportunity_id=o2
id=15 kind=follow_up created_at=2017-04-20T10:00 due_at=2017-05-01T10:00
    completed_at=2017-05-01T10:00
id=16 kind=task created_at=2017-04-20T10:00 due_at=2017-06-01T10:00 completed_at=2017-06-05T10:00
id=17 kind=task created_at=2017-04-20T10:00 due_at=2017-06-10T10:00
id=18 kind=follow_up created_at=2017-04-20T10:00 due_at=2017-07-05T10:00
    completed_at=2017-06-01T10:00
id=19 kind=task created_at=2017-04-20T10:00 completed_at=2017-05-01T10:00
id=20 kind=note account_id=a1 created_at=2017-06-17T00:00
id=21 kind=note account_id=a3 created_at=2017-03-03T00:00
""",
    "opportunity": """
id=o1 owner_id=u1 stage=Won amount=1000 kind=new campaign_id=c1 created_at=2017-04-10T10:00
    closed_at=2017-06-09T10:00
id=o2 owner_id=u1 stage=Lost amount=500 created_at=2017-05-01T10:00 closed_at=2017-05-31T10:00
id=o3 owner_id=u1 stage=Proposal amount=2000 created_at=2017-05-01T10:00
    expected_close_on=2017-07-20
id=o4 owner_id=u2 stage=Won amount=3000 kind=renewal created_at=2017-03-01T10:00
    closed_at=2017-06-29T10:00
id=o5 owner_id=u1 stage=Odd amount=700 probability=0.2 created_at=2017-06-01T10:00
    expected_close_on=2017-06-30
id=o6 owner_id=u1 stage=Discovery amount=999
id=o7 owner_id=u1 stage=Won amount=50 campaign_id=c1 created_at=2017-07-01T00:00
    closed_at=2017-07-15T10:00
id=o8 owner_id=u2 stage=Won amount=400 created_at=2017-03-01T10:00 closed_at=2017-07-10T10:00
id=o9 owner_id=u1 stage=Won amount=500 created_at=2017-06-19T10:00 closed_at=2017-06-29T10:00
""",
    "stage_change": """
id=1 opportunity_id=o1 to_stage=Proposal changed_at=2017-05-01T10:00
id=2 opportunity_id=o3 to_stage=Discovery changed_at=2017-05-01T10:00 expected_close_on=2017-06-15
id=3 opportunity_id=o3 to_stage=Proposal changed_at=2017-06-10T10:00 expected_close_on=2017-07-20
""",
    "quota": """
id=1 owner_id=u1 kpi=won_revenue period_grain=quarter period_start_on=2017-04-01 amount=6000
id=2 owner_id=u2 kpi=won_revenue period_grain=month period_start_on=2017-04-01 amount=1000
id=3 owner_id=u2 kpi=won_revenue period_grain=month period_start_on=2017-05-01 amount=1000
id=4 owner_id=u2 kpi=won_revenue period_grain=month period_start_on=2017-06-01 amount=2000
id=5 owner_id=u1 kpi=won_deals period_grain=quarter period_start_on=2017-04-01 amount=77
""",
    "forecast": """
id=1 owner_id=u1 category=commit period_grain=quarter period_start_on=2017-04-01 amount=2000
    submitted_at=2017-03-30T10:00
id=2 owner_id=u1 category=commit period_grain=quarter period_start_on=2017-04-01 amount=5000
    submitted_at=2017-04-02T00:00
id=3 owner_id=u2 category=commit period_grain=quarter period_start_on=2017-04-01 amount=2000
    submitted_at=2017-04-01T23:59
id=4 owner_id=u2 category=best_case period_grain=quarter period_start_on=2017-04-01 amount=9999
    submitted_at=2017-03-30T10:00
""",
    "ticket": """
id=t1 account_id=a1 created_at=2017-04-03T10:00 first_response_at=2017-04-03T12:00
    resolved_at=2017-04-03T20:00 closed_at=2017-04-10T10:00 agent_replies=1 reopened_count=0
    sla_first_response_minutes=60 sla_resolution_minutes=720 satisfaction=5
id=t2 account_id=a1 created_at=2017-05-01T10:00 first_response_at=2017-05-02T10:00
    resolved_at=2017-05-03T10:00 agent_replies=3 reopened_count=1 sla_first_response_minutes=1440
    sla_resolution_minutes=1440 satisfaction=3 is_complaint=yes
id=t3 account_id=a1 created_at=2017-06-30T12:00 sla_first_response_minutes=60
    sla_resolution_minutes=60 is_complaint=yes
id=t4 account_id=a3 created_at=2017-06-01T10:00 first_response_at=2017-06-01T11:00
    resolved_at=2017-07-05T10:00 closed_at=2017-07-06T10:00 agent_replies=0 is_satisfied=yes
id=t5 account_id=a2 created_at=2017-03-01T10:00 resolved_at=2017-04-02T10:00
    closed_at=2017-04-02T10:00
id=t6 account_id=a2 created_at=2017-05-10T10:00 resolved_at=2017-05-11T10:00
    closed_at=2017-05-11T10:00 agent_replies=2 reopened_count=0
""",
    "subscription": """
id=s1 account_id=a1 mrr=100 started_on=2017-01-01 ended_on=2017-05-01
id=s2 account_id=a1 mrr=150 started_on=2017-05-01
id=s3 account_id=a2 mrr=200 started_on=2017-01-01 ended_on=2017-06-01
id=s4 account_id=a3 mrr=300 started_on=2017-01-01
id=s5 account_id=a3 mrr=100 started_on=2017-01-01 ended_on=2017-06-15
id=s6 account_id=a4 mrr=80 started_on=2017-05-01
id=s7 account_id=a5 mrr=999 is_trial=yes started_on=2017-02-01
id=s8 account_id=a6 mrr=60 started_on=2017-07-01
""",
    "mrr_movement": """
id=1 account_id=a1 kind=expansion occurred_on=2017-05-01 amount=50
id=2 account_id=a3 kind=contraction occurred_on=2017-06-15 amount=-100
id=3 account_id=a2 kind=churn occurred_on=2017-06-01 amount=200
id=4 account_id=a4 kind=new occurred_on=2017-05-01 amount=80
id=5 account_id=a1 kind=expansion occurred_on=2017-07-01 amount=1000
""",
    "renewal": """
id=r1 account_id=a1 due_on=2017-05-01 decided_on=2017-04-20 outcome=renewed amount_due=100
    amount_renewed=120
id=r2 account_id=a2 due_on=2017-06-01 decided_on=2017-06-01 outcome=churned amount_due=200
id=r3 account_id=a3 due_on=2017-06-30 outcome=pending amount_due=100
id=r4 account_id=a4 due_on=2017-05-15 decided_on=2017-05-15 outcome=renewed amount_due=50
id=r5 account_id=a3 due_on=2017-07-01 outcome=pending amount_due=1000
""",
    "usage": """
id=1 account_id=a1 feature=search occurred_on=2017-04-20
id=2 account_id=a1 feature=export occurred_on=2017-04-20
id=3 account_id=a1 feature=search occurred_on=2017-05-11
id=4 account_id=a3 feature=search occurred_on=2017-06-01
id=5 account_id=a5 feature=search occurred_on=2017-06-02
id=6 account_id=a2 feature=search occurred_on=2017-06-05
id=7 account_id=a4 feature=search occurred_on=2017-07-10
""",
    "onboarding_step": """
id=1 account_id=a1 step=kickoff required=yes started_at=2017-04-05T10:00
    completed_at=2017-04-10T10:00
id=2 account_id=a1 step=training started_at=2017-04-11T10:00 completed_at=2017-05-01T10:00
id=3 account_id=a1 step=party required=no started_at=2017-04-11T10:00
id=4 account_id=a4 step=kickoff required=yes started_at=2017-05-02T10:00
    completed_at=2017-08-01T10:00
""",
}


def small_crm() -> dict[str, list[dict[str, Any]]]:
    """Return the records by entity."""
    return {
        entity: [_record(entity, line) for line in lines.split("\nid=")[1:]]
        for entity, lines in _LINES.items()
    }


def _record(entity: str, line: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in f"id={line}".split():
        name, _, value = word.partition("=")
        column = ENTITIES[entity].column(name)
        assert column is not None, f"{entity} has no {name}"
        found[name] = _READ[column.type](value)
    return found
