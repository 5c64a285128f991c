"""Leads of two sources in two months, so few that every part of a change is worked out by hand.

| source | month | leads | qualified | converted |
|---|---|---|---|---|
| event | February | 20 | 12 | 6 |
| paid | February | 20 | 6 | 2 |
| event | March | 10 | 7 | 3 |
| paid | March | 40 | 10 | 2 |

The whole falls from 8 of 40 to 5 of 50. Event leads are ann's (north), paid ones bob's (south).
"""

from tests.kpis.desk import a_deal, a_person, a_team

FUNNEL = {
    ("event", 2): (20, 12, 6),
    ("paid", 2): (20, 6, 2),
    ("event", 3): (10, 7, 3),
    ("paid", 3): (40, 10, 2),
}
_OWNER = {"event": "ann", "paid": "bob"}


def _lead(source: str, month: int, place: int) -> dict:
    _, fit, converted = FUNNEL[source, month]
    return {
        "id": f"{source}{month}-{place}",
        "owner_id": _OWNER[source],
        "lead_source": source,
        "created_at": f"2017-{month:02}-{place % 25 + 1:02}",
        "qualified_at": f"2017-{month:02}-26" if place < fit else "",
        "converted_at": f"2017-{month:02}-27" if place < converted else "",
    }


ASKED = {("bob", 2): 3, ("dan", 2): 2, ("bob", 3): 1, ("dan", 3): 5}
"""Tickets by who answers them and the month: all of them in the south."""

CALLS = {("ann", 2): 3, ("bob", 2): 2, ("eve", 2): 1, ("ann", 3): 1, ("bob", 3): 4, ("eve", 3): 5}
"""Calls by who made them and the month: eve is of the team above, and of none below it."""

TABLES = {
    "team": [a_team("all"), a_team("north", parent_id="all"), a_team("south", parent_id="all")],
    "user": [
        a_person("ann", "north"),
        a_person("bob", "south"),
        a_person("dan", "south"),
        a_person("eve", "all"),
    ],
    "activity": [
        {
            "id": f"{who}{month}-{at}",
            "owner_id": who,
            "kind": "call",
            "created_at": f"2017-{month:02}-0{at + 1}",
        }
        for (who, month), many in CALLS.items()
        for at in range(many)
    ],
    "lead": [
        _lead(source, month, place)
        for (source, month), (many, _, _) in FUNNEL.items()
        for place in range(many)
    ],
    "account": [{"id": "a1", "name": "Acme"}],
    "ticket": [
        {"id": f"{who}{month}-{at}", "owner_id": who, "created_at": f"2017-{month:02}-0{at + 1}"}
        for (who, month), many in ASKED.items()
        for at in range(many)
    ],
    "opportunity": [
        a_deal("o1", "ann", "Won", 100, "2017-02-10", account_id="a1"),
        a_deal("o2", "ann", "Lost", 50, "2017-02-12", account_id="a1"),
        a_deal("o3", "bob", "Won", 300, "2017-03-10", account_id="a1"),
        a_deal("o4", "ann", "Won", 200, "2017-03-12", account_id="a1"),
    ],
}
