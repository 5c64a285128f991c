"""The page on what commands answer names every key that they answer with, and no other."""

import re
from pathlib import Path

from tests.history.story import FIRST
from tests.kpis.desk import a_deal

PAGE = Path(__file__).parents[2] / "docs" / "answers.md"


def named(heading):
    """Return the words that a section of the page sets as code in the first column of a table."""
    section = PAGE.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    return [word for cell in cells for word in re.findall(r"`(\w+)`", cell)]


def test_the_keys_of_a_value(desk, company):
    (row,) = desk.values(company, "--kpi", "win_rate", "--grain", "year", "--from", "2017-01-01",
                         "--to", "2018-01-01")  # fmt: skip
    assert named("Values") == list(row)


def test_the_keys_of_snapshots_and_of_the_past(desk):
    tenant = desk.tenant()
    desk.bring(tenant, FIRST, "--as-of", "2017-04-03")
    taken = desk.json("snapshot", "--tenant", tenant, "--period", "2017-03")
    desk.bring(tenant, {"opportunity": [a_deal("a", "ann", amount=20, closed="2017-03-20")]})
    words = ("--tenant", tenant, "--kpi", "won_revenue")
    (past,) = desk.json("kpi", "history", *words)
    cause = past["restatements"][0]["cause"]
    assert named("Snapshots and the past") == [*taken, *past, *cause, "definition", "matured"]
    told = PAGE.read_text("utf-8")
    keys = {*past["first_known"], *cause["loads"][0], "inserted", "changed", "deleted", "applied"}
    assert all(f"`{key}`" in told for key in keys)


def test_the_keys_of_the_others(desk, company):
    told = PAGE.read_text("utf-8")
    loads = desk.json("store", "loads", "--tenant", company)
    assert all(f"`{key}`" in told for key in loads[0])
