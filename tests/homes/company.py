"""A company with two reps in one team, one in another, and their leader: every home has its row.

| deal | owner (team) | is | due |
|---|---|---|---|
| o1 | ann (north) | open 100, stalled | 20 Jun |
| o2 | ann (north) | won 300 on 10 May | 10 May |
| o3 | bob (north) | open 200, put off in May | 20 Aug |
| o4 | cid (south) | open 400, SOUTHERN SECRET | 25 Jun |
"""

from tests.kpis.desk import a_deal, a_person, a_team

STAGES = {
    "Find": {"status": "open", "order": 1, "probability": 0.1},
    "Offer": {"status": "open", "order": 2, "probability": 0.5},
    "Won": {"status": "won"},
    "Lost": {"status": "lost"},
}
SECRET = "Southern secret"
AS_OF = "2017-06-01T10:00:00Z"


def _change(key: str, deal: str, stage: str, moment: str, due: str, amount: int) -> dict:
    return {
        "id": key,
        "opportunity_id": deal,
        "to_stage": stage,
        "changed_at": moment,
        "expected_close_on": due,
        "amount": amount,
    }


TABLES = {
    "team": [a_team("all"), a_team("north", parent_id="all"), a_team("south", parent_id="all")],
    "user": [
        a_person("ann", "north"),
        a_person("bob", "north"),
        a_person("cid", "south"),
        a_person("lea", "all"),
    ],
    "account": [{"id": "a1", "name": "Acme"}, {"id": "a2", "name": SECRET}],
    "opportunity": [
        a_deal("o1", "ann", "Offer", 100, "", account_id="a1", expected_close_on="2017-06-20"),
        a_deal("o2", "ann", "Won", 300, "2017-05-10", expected_close_on="2017-05-10"),
        a_deal("o3", "bob", "Find", 200, "", expected_close_on="2017-08-20", next_step="Call"),
        a_deal("o4", "cid", "Find", 400, "", account_id="a2", expected_close_on="2017-06-25"),
    ],
    "stage_change": [
        _change("c1", "o1", "Offer", "2017-01-06", "2017-06-20", 100),
        _change("c2", "o3", "Find", "2017-01-06", "2017-06-20", 200),
        _change("c3", "o3", "Find", "2017-05-06", "2017-08-20", 200),
        _change("c4", "o4", "Find", "2017-01-06", "2017-06-25", 400),
    ],
    "quota": [
        {
            "id": f"q{owner}",
            "owner_id": owner,
            "period_start_on": "2017-04-01",
            "period_grain": "quarter",
            "amount": 500,
        }
        for owner in ("ann", "bob", "cid")
    ],
    "activity": [
        {
            "id": f"t{owner}",
            "kind": "task",
            "owner_id": owner,
            "created_at": "2017-05-01",
            "due_at": "2017-05-30",
            "opportunity_id": deal,
            "account_id": account,
            "subject": f"Task of {owner}",
        }
        for owner, deal, account in (("ann", "o1", "a1"), ("cid", "o4", "a2"))
    ],
}
