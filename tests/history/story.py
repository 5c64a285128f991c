"""A company whose March of 2017 is told three times: what was known when.

| known | what came |
|---|---|
| 3 April | the deals of the first quarter; a lead of March, whose window runs until the end of April |
| 20 April | late: ann's deal is worth 10 more, cid has one as well, bob's was of April after all |
| 2 May | a ticket, which no number on deals is made of |
"""

from tests.kpis.desk import a_deal, a_person, a_team

OWN = """
- key: small_deals
  name: Small deals
  question: How many small deals did we win?
  class: outcome
  stage: sales
  department: sales
  unit: count
  better: higher
  measure: {{count: opportunity, where: "status = 'won' and amount < {limit}", on: closed_at}}
"""

FIRST = {
    "team": [a_team("north"), a_team("ne", parent_id="north"), a_team("south")],
    "user": [a_person("ann", "north"), a_person("bob", "south"), a_person("cid", "ne")],
    "opportunity": [
        a_deal("a", "ann", amount=10, closed="2017-03-20"),
        a_deal("b", "bob", amount=100, closed="2017-03-21"),
        a_deal("feb", "ann", amount=1, closed="2017-02-20"),
    ],
    "activity": [call := {"id": "c", "kind": "call", "created_at": "2017-03-02"}],
    "lead": [{"id": "l", "owner_id": "ann", "created_at": "2017-03-25", "qualified_at": ""}],
}
LATE = {
    "opportunity": [
        a_deal("a", "ann", amount=20, closed="2017-03-20"),
        a_deal("b", "bob", amount=100, closed="2017-04-02"),
        a_deal("c", "cid", amount=10_000, closed="2017-03-31"),
    ],
    "activity": [{**call, "created_at": "2017-02-02"}],
}
UNRELATED = {"ticket": [{"id": "t", "owner_id": "ann", "created_at": "2017-03-02"}]}


def tell(desk, tenant):
    """Bring in the three chapters, with a snapshot after the first and after the last."""
    desk.bring(tenant, FIRST, "--as-of", "2017-04-03")
    desk.json("kpi", "apply", desk.own(OWN.format(limit=50)), "--tenant", tenant)
    first = desk.json("snapshot", "--tenant", tenant, "--known-at", "2017-04-05")
    desk.bring(tenant, LATE, "--as-of", "2017-04-20")
    desk.bring(tenant, UNRELATED, "--as-of", "2017-05-02")
    desk.json("kpi", "apply", desk.own(OWN.format(limit=15)), "--tenant", tenant)
    return first, desk.json("snapshot", "--tenant", tenant, "--known-at", "2017-05-10")


def past(desk, tenant, kpi, *words):
    """Return the periods of a KPI's past by label."""
    rows = desk.json("kpi", "history", "--tenant", tenant, "--kpi", kpi, *words)
    return {row["period"]: row for row in rows}
