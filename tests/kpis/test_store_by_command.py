"""The store is looked at, compacted and cleaned by command; what is asked of it stays the same."""

import pytest

from tests.kpis.desk import a_deal

YEAR = ("--kpi", "won_revenue", "--grain", "year", "--from", "2017-01-01", "--to", "2018-01-01")


@pytest.fixture(scope="module")
def tenant(desk):
    """A tenant with two versions, and a load in between that brought nothing new."""
    tenant = desk.tenant()
    for amount, moment in ((1, "2017-04-02"), (1, "2017-04-03"), (10, "2017-04-04")):
        desk.bring(tenant, {"opportunity": [a_deal("a", amount=amount)]}, "--as-of", moment)
    return tenant


def test_the_loads_are_told_the_newest_first(desk, tenant):
    rows = desk.json("store", "loads", "--tenant", tenant)
    assert [list(row) for row in rows[:1]] == [
        ["version", "state", "source", "known_at", "finished_at", "inserted", "changed", "deleted",
         "rejected_rows", "error"]
    ]  # fmt: skip
    assert [(row["version"], row["state"], row["inserted"], row["changed"]) for row in rows] == [
        (3, "landed", 0, 1),
        (2, "unchanged", 0, 0),
        (1, "landed", 1, 0),
    ]
    assert rows[0]["known_at"] == "2017-04-04T00:00:00Z"
    assert len(desk.json("store", "loads", "--tenant", tenant, "--last", "1")) == 1


def test_a_load_that_failed_says_why(desk):
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a"), a_deal("b")]})
    mended = {"opportunity": [a_deal("a"), a_deal("c", amount="many")]}
    with pytest.raises(AssertionError):
        desk.bring(tenant, mended, "--full")
    failed = desk.json("store", "loads", "--tenant", tenant)[0]
    assert (failed["state"], failed["version"]) == ("failed", 2)
    assert "1 rows of opportunity.csv were rejected" in failed["error"]
    table = desk("store", "loads", "--tenant", tenant).out.splitlines()
    assert table[0].split()[:3] == ["version", "state", "source"]
    assert len(table) == 3


def test_compaction_and_clean_up_keep_every_number(desk, tenant):
    before = desk.values(tenant, *YEAR)
    past = desk.values(tenant, *YEAR, "--known-at", "2017-04-02")
    assert desk.json("store", "compact", "--tenant", tenant) == {"tenant": tenant, "compacted": []}
    said = desk("store", "compact", "--tenant", tenant)
    assert said.out.splitlines()[1] == "compacted  nothing needed it"
    done = desk.json("store", "compact", "--tenant", tenant, "--all")
    assert done == {"tenant": tenant, "compacted": ["opportunity"]}
    assert desk.json("store", "compact", "--tenant", tenant, "--all")["compacted"] == []
    done = desk.json("store", "clean", "--tenant", tenant)
    assert list(done) == ["tenant", "files", "bytes"]
    assert desk.json("store", "clean", "--tenant", tenant)["files"] == 0
    assert desk.values(tenant, *YEAR) == before
    assert desk.values(tenant, *YEAR, "--known-at", "2017-04-02") == past


def test_a_damaged_file_is_named_and_made_again_from_the_history(desk):
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=7)]})
    assert desk.json("store", "compact", "--tenant", tenant, "--all")["compacted"] == [
        "opportunity"
    ]
    said = desk("store", "check", "--tenant", tenant)
    assert (said.status, said.out.splitlines()[1]) == (0, "damaged  nothing")
    before = desk.values(tenant, *YEAR)
    (file,) = (desk.home / "facts" / tenant / "opportunity" / "current").glob("*.parquet")
    whole = bytearray(file.read_bytes())
    for place in range(4, 400):
        whole[place] ^= 0xFF
    file.write_bytes(whole)
    said = desk("store", "check", "--tenant", tenant)
    assert (said.status, file.name in said.out) == (1, True)
    assert desk.json("store", "compact", "--tenant", tenant, "--anew")["compacted"]
    assert desk("store", "check", "--tenant", tenant).status == 0
    assert desk.values(tenant, *YEAR) == before


@pytest.mark.parametrize("command", ["loads", "compact", "check", "clean"])
def test_a_tenant_that_is_not_there_is_said_to_be_missing(desk, command):
    said = desk("store", command, "--tenant", "no-one")
    assert (said.status, said.out) == (2, "")
    assert "There is no tenant called 'no-one'." in said.err
    said = desk("store", command)
    assert "Missing option '--tenant'." in said.err


def test_a_tenant_without_facts_has_nothing_to_compact_or_clean(desk):
    tenant = desk.tenant()
    assert desk.json("store", "loads", "--tenant", tenant) == []
    assert desk.json("store", "compact", "--tenant", tenant, "--all")["compacted"] == []
    assert desk.json("store", "clean", "--tenant", tenant)["files"] == 0
