"""A company small enough to be counted by hand; every sum of amounts tells which deals are in it.

| deal | owner (team) | product | account | is | created | closed |
|---|---|---|---|---|---|---|
| o1 | ann (north) | bolt | acme | won 100 | 10 Jan | 10 Feb |
| o2 | ann (north) | nut | wood | lost 0 | 20 Jan | 20 Feb |
| o3 | bob (south) | bolt | acme | won 200 | 15 Jan | 31 Mar 23:59:59 |
| o4 | cid (north east) | nut | | won 400 | 1 Feb | 1 Apr 00:00:00 |
| o5 | bob (south) | nut | wood | open 800 | 1 Mar | |
| o6 | gone, who has no record | bolt | acme | won 1600 | 2 Feb | 15 Mar |
| o7 | ann (north) | | | open 3200 | never said | |

North east lies below north. Leads of March: l1 answered after 2 hours, l2 never; both may still be
qualified until the end of April.
"""

from tests.kpis.desk import a_deal, a_person, a_team

TEAMS = [a_team("north", region="N"), a_team("south", region="S")]
TEAMS.append(a_team("ne", parent_id="north", region="N"))
PEOPLE = [a_person("ann", "north"), a_person("bob", "south"), a_person("cid", "ne")]
DEALS = [
    a_deal("o1", "ann", amount=100, created_at="2017-01-10", product_id="p1", account_id="a1"),
    a_deal("o2", "ann", "Lost", 0, "2017-02-20", product_id="p2", account_id="a2"),
    a_deal("o3", "bob", "Won", 200, "2017-03-31 23:59:59", product_id="p1", account_id="a1"),
    a_deal("o4", "cid", "Won", 400, "2017-04-01 00:00:00", product_id="p2"),
    a_deal("o5", "bob", "Open", 800, "", product_id="p2", account_id="a2"),
    a_deal("o6", "gone", "Won", 1600, "2017-03-15", product_id="p1", account_id="a1"),
    a_deal("o7", "ann", "Open", 3200, "", created_at=""),
]
for _deal, _day in {
    "o2": "01-20",
    "o3": "01-15",
    "o4": "02-01",
    "o5": "03-01",
    "o6": "02-02",
}.items():
    next(each for each in DEALS if each["id"] == _deal)["created_at"] = f"2017-{_day}"

COMPANY = {
    "team": TEAMS,
    "user": PEOPLE,
    "product": [{"id": "p1", "name": "Bolt"}, {"id": "p2", "name": "Nut"}],
    "account": [
        {"id": "a1", "name": "Acme", "industry": "steel"},
        {"id": "a2", "name": "Woods", "industry": "wood"},
    ],
    "opportunity": DEALS,
    "lead": [
        {"id": "l1", "owner_id": "ann", "created_at": "2017-03-02", "qualified_at": "2017-03-09"},
        {"id": "l2", "owner_id": "bob", "created_at": "2017-03-30", "qualified_at": ""},
    ],
    "activity": [
        {
            "id": "v1",
            "kind": "call",
            "owner_id": "ann",
            "lead_id": "l1",
            "created_at": "2017-03-02 02:00:00",
        }
    ],
}
