"""A question of the past is answered from what was known then, and says so."""

import pytest

from tests.kpis.desk import a_deal

QUARTER = ("--kpi", "won_revenue", "--grain", "quarter", "--from", "2017-01-01")
QUARTER += ("--to", "2017-04-01")


@pytest.fixture(scope="module")
def replayed(desk):
    """Three loads: the first deal, then a second, then the first one grows."""
    tenant = desk.tenant()
    for deals, moment in (
        ([a_deal("a", amount=1)], "2017-04-02T09:00:00Z"),
        ([a_deal("b", amount=10)], "2017-04-20T09:00:00+02:00"),
        ([a_deal("a", amount=100)], "2017-05-20"),
    ):
        desk.bring(tenant, {"opportunity": deals}, "--as-of", moment)
    return tenant


@pytest.mark.parametrize(
    ("moment", "value", "version"),
    [
        ("2017-04-01", None, 0),
        ("2017-04-02", 1, 1),
        ("2017-04-02T08:59:59Z", None, 0),
        ("2017-04-02T09:00:00", 1, 1),
        ("2017-04-02 14:30+05:30", 1, 1),
        ("2017-04-20T06:59:59Z", 1, 1),
        ("2017-04-20T07:00:00Z", 11, 2),
        ("2017-05-19", 11, 2),
        ("2017-05-20", 110, 3),
        ("20170520", 110, 3),
    ],
)
def test_the_facts_are_those_of_the_moment(desk, replayed, moment, value, version):
    (row,) = desk.values(replayed, *QUARTER, "--known-at", moment)
    assert (row["value"], row["version"]) == (value, version)


def test_what_was_unfinished_then_is_told_as_unfinished(desk, replayed):
    year = ("--kpi", "won_revenue", "--grain", "year", "--from", "2017-01-01", "--to", "2018-01-01")
    (row,) = desk.values(replayed, *year, "--known-at", "2017-04-20")
    assert (row["value"], row["state"]) == (11, "so_far")
    (row,) = desk.values(replayed, *year, "--known-at", "2017-04-20", "--today", "2018-01-01")
    assert (row["value"], row["state"]) == (11, "final")


def test_now_is_the_last_load_and_its_moment(desk, replayed):
    (row,) = desk.values(replayed, *QUARTER)
    assert (row["value"], row["version"], row["known_at"]) == (110, 3, "2017-05-20T00:00:00Z")


def test_a_compaction_changes_nothing_of_the_past(desk):
    tenant = desk.tenant()
    for month, amount in ((4, 1), (5, 10), (6, 100)):
        deals = [a_deal("a", amount=amount), a_deal(f"b{month}", amount=amount * 1000)]
        desk.bring(tenant, {"opportunity": deals}, "--as-of", f"2017-0{month}-03")
    moments = ("2017-04-03", "2017-05-03", "2017-06-03")
    asked = [(*QUARTER, "--known-at", moment) for moment in moments]
    before = [desk.values(tenant, *words) for words in asked]
    assert [row["value"] for (row,) in before] == [1001, 11010, 111100]
    assert desk.json("store", "compact", "--tenant", tenant, "--all")["compacted"] == [
        "opportunity"
    ]
    desk.json("store", "clean", "--tenant", tenant)
    assert [desk.values(tenant, *words) for words in asked] == before


def test_the_stage_map_of_the_facts_is_not_asked_to_remember(desk):
    tenant = desk.tenant()
    deal = {"opportunity": [a_deal("a", stage="Signed", amount=1)]}
    desk.bring(tenant, deal, "--as-of", "2017-04-02")
    assert desk.values(tenant, *QUARTER)[0]["value"] is None
    desk.bring(tenant, deal, "--as-of", "2017-05-02", stages={"Signed": {"status": "won"}})
    # What a stage means is a rule of the tenant's, not a fact: it holds for the past as well.
    assert desk.values(tenant, *QUARTER, "--known-at", "2017-04-02")[0]["value"] == 1
