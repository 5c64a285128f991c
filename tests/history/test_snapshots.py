"""A snapshot observes what has closed, once; what it has written never changes."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from kpi_engine.periods import Calendar, Weekday
from portal.errors import BadInputError
from portal.models.observations import Observation
from portal.services.periods import period_of
from tests.history.story import FIRST, past
from tests.kpis.desk import a_deal, a_person


def rows_of(database, tenant):
    """Return every observation of a tenant, as it stands in the database."""
    columns = [column.name for column in Observation.__table__.columns]
    with database.session(tenant) as session:
        found = session.query(Observation).all()
        return {row.id: {name: getattr(row, name) for name in columns} for row in found}


def test_it_says_what_it_did(told):
    _, first, second = told
    assert list(first) == [
        "tenant",
        "periods",
        "observed",
        "restated",
        "unchanged",
        "newer",
        "version",
        "known_at",
    ]
    assert (first["restated"], first["unchanged"], first["newer"], first["version"]) == (0, 0, 0, 1)
    assert (first["known_at"], second["known_at"]) == (
        "2017-04-03T00:00:00Z",
        "2017-05-02T00:00:00Z",
    )
    assert (second["restated"] > 0, second["version"]) == (True, 3)


def test_without_a_period_the_last_closed_ones_and_those_before_are_looked_at(told):
    _, first, second = told
    assert first["periods"] == ["2017-W13", "2016", "2017-03", "2017-Q1"]
    assert second["periods"] == ["2017-W13", "2017-W18", "2016", "2017-03", "2017-04", "2017-Q1"]


def test_the_same_again_changes_nothing(desk, told, database):
    tenant, _, _ = told
    before = rows_of(database, tenant)
    again = desk.json("snapshot", "--tenant", tenant, "--known-at", "2017-05-10")
    assert (again["observed"], again["restated"], again["newer"]) == (0, 0, 0)
    assert again["unchanged"] > 500
    assert rows_of(database, tenant) == before


def test_what_is_known_from_newer_facts_stays(desk, told, database):
    tenant, _, _ = told
    before = rows_of(database, tenant)
    words = ("--period", "2017-03", "--known-at", "2017-04-05")
    said = desk("snapshot", "--tenant", tenant, *words)
    assert (said.status, said.err) == (0, "")
    card = dict(line.split(maxsplit=1) for line in said.out.splitlines())
    assert int(card.pop("newer")) > 100
    assert int(card.pop("unchanged")) > 10
    assert card == {
        "tenant": tenant,
        "periods": "2017-03",
        "observed": "0",
        "restated": "0",
        "version": "1",
        "known_at": "2017-04-03 00:00:00 UTC",
    }
    assert rows_of(database, tenant) == before


def test_every_kpi_is_observed_for_the_tenant_and_nobody_is_no_scope(desk, told, database):
    tenant, _, _ = told
    found = rows_of(database, tenant).values()
    keys = {row["key"] for row in desk.json("kpi", "list", "--tenant", tenant)}
    first = [row for row in found if row["grain"] == "month" and row["period_start"].month == 3]
    assert {row["kpi"] for row in first if row["scope_kind"] == "tenant"} == keys
    scopes = {(row["scope_kind"], row["scope_id"]) for row in found if row["kpi"] == "won_deals"}
    assert {scope for scope in scopes if scope[0] != "tenant"} == {
        (kind, f"crm\x1f{key}")
        for kind, keys in (("team", ("north", "ne", "south")), ("owner", ("ann", "bob", "cid")))
        for key in keys
    }


def test_a_second_source_goes_on_with_the_series(desk):
    tenant = desk.tenant()
    desk.bring(tenant, FIRST, "--as-of", "2017-04-03")
    quarter = ("--tenant", tenant, "--period", "2017-Q1")
    desk.json("snapshot", *quarter)
    other = {"user": [a_person("ann")], "opportunity": [a_deal("x", "ann", amount=10_000)]}
    desk.bring(tenant, other, "--as-of", "2017-04-04", source="erp")
    done = desk.json("snapshot", *quarter)
    words = ("--grain", "quarter", "--owner")
    with_source = past(desk, tenant, "won_revenue", *words, "crm/ann")["2017-Q1"]
    assert (with_source["now_known"]["value"], with_source["restatements"]) == (11, [])
    theirs = past(desk, tenant, "won_revenue", *words, "erp/ann")["2017-Q1"]
    assert (theirs["first_known"]["value"], theirs["now_known"]["value"]) == (None, 10_000)
    said = desk("kpi", "history", "--tenant", tenant, "--kpi", "won_revenue", *words, "ann")
    assert said.err == ("Several sources have the owner 'ann'. Name one of: crm/ann, erp/ann.\n")
    assert done["version"] == 2


def test_two_snapshots_at_once_observe_once(desk, database):
    tenant = desk.tenant()
    desk.bring(tenant, FIRST, "--as-of", "2017-04-03")
    words = ("snapshot", "--tenant", tenant, "--period", "2017-03", "--format", "json")
    environ = {**os.environ, **desk.environ}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "portal.cli", *words],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    outs = [one.communicate(timeout=120) for one in both]
    assert {err for _, err in outs} <= {
        b"",
        b"Somebody else is writing to this tenant; this waits.\n",
    }
    done = sorted((json.loads(out) for out, _ in outs), key=lambda each: each["observed"])
    kept = len(rows_of(database, tenant))
    assert [(each["observed"], each["unchanged"]) for each in done] == [(0, kept), (kept, 0)]


def test_a_kpi_that_is_defined_later_begins_later(desk, tenant):
    rows = past(desk, tenant, "small_deals")
    assert rows["2017-03"]["first_known"]["version"] == 1
    assert rows["2017-04"]["first_known"]["version"] == 3


def test_what_no_snapshot_has_taken_yet_is_told_as_now_known(desk):
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=1)]}, "--as-of", "2017-04-03")
    desk.json("snapshot", "--tenant", tenant, "--period", "2017-02")
    desk.bring(tenant, {"opportunity": [a_deal("b", amount=10)]}, "--as-of", "2017-05-03")
    row = past(desk, tenant, "won_revenue")["2017-02"]
    assert (row["first_known"]["value"], row["now_known"]["value"]) == (1, 11)
    assert (row["now_known"]["observed_at"], row["now_known"]["version"]) == (None, 2)
    (later,) = row["restatements"]
    assert [one["version"] for one in later["cause"]["loads"]] == [2]
    said = desk("kpi", "history", "--tenant", tenant, "--kpi", "won_revenue")
    assert said.out.endswith("(opportunity: 1 inserted) (not stored yet; see: portal snapshot)\n")
    done = desk.json("snapshot", "--tenant", tenant, "--period", "2017-02")
    assert done["restated"] > 0
    taken = past(desk, tenant, "won_revenue")["2017-02"]
    assert taken["now_known"]["observed_at"] is not None
    assert len(taken["restatements"]) == 1


def test_another_stage_map_or_setting_is_told_as_such(desk, tmp_path):
    tenant = desk.tenant()
    deals = [a_deal("a", amount=1), a_deal("b", stage="Signed", amount=10)]
    desk.bring(tenant, {"opportunity": deals}, "--as-of", "2017-04-03")
    desk.json("snapshot", "--tenant", tenant, "--period", "2017-02")
    file = tmp_path / "stages.yaml"
    file.write_text("stages:\n  Signed: {status: won}\n")
    assert desk("tenant", "stages", tenant, file).status == 0
    assert desk("tenant", "set", tenant, "opportunity_window", "10d").status == 0
    desk.json("snapshot", "--tenant", tenant, "--period", "2017-02")
    row = past(desk, tenant, "won_revenue")["2017-02"]
    assert (row["first_known"]["value"], row["now_known"]["value"]) == (1, 11)
    assert row["restatements"][0]["cause"] == {"loads": []}
    said = desk("kpi", "history", "--tenant", tenant, "--kpi", "won_revenue")
    assert said.out.endswith("another stage map, or another release of the portal\n")
    row = past(desk, tenant, "lead_to_opportunity_rate")["2017-02"]
    assert row["restatements"][0]["cause"]["definition"]["applied"] == []


def test_periods_are_those_of_the_tenants_calendar(desk):
    words = ("--timezone", "Pacific/Auckland", "--fiscal-start", "4", "--week-start", "sunday")
    tenant = desk.tenant(*words)
    # Half past eleven of 31 March in London is the first of April there, and of the fiscal year.
    desk.bring(
        tenant,
        {"opportunity": [a_deal("a", amount=1, closed="2017-03-31 23:30:00")]},
        "--as-of",
        "2017-04-02T00:00:00Z",
    )
    said = desk.json("snapshot", "--tenant", tenant, "--known-at", "2017-07-05")
    assert said["periods"] == ["2017-W26", "FY2017", "2017-06", "FY2018-Q1"]
    row = past(desk, tenant, "won_revenue", "--grain", "quarter")["FY2018-Q1"]
    assert (row["start"], row["end"]) == ("2017-04-01", "2017-07-01")
    assert row["now_known"]["value"] == 1


@pytest.mark.parametrize(
    ("label", "start"),
    [
        ("FY2018-Q1", date(2017, 4, 1)),
        ("FY2017", date(2016, 4, 1)),
        ("2017-04", date(2017, 4, 1)),
        ("2017-W13", date(2017, 3, 26)),
        ("2017-04-01", date(2017, 4, 1)),
    ],
)
def test_a_label_names_a_period_of_the_tenants_calendar(label, start):
    calendar = Calendar("Pacific/Auckland", 4, Weekday.SUNDAY)
    found = period_of(label, calendar)
    assert (found.label, found.start) == (label, start)
    with pytest.raises(BadInputError, match=r"'2018-Q1' names no period. Write .* \(FY2017-Q4\)"):
        period_of("2018-Q1", calendar)


_BRING = "Bring some in with: portal import"
_OFF = [
    (["--period", "2017-3"], "'2017-3' names no period. Write a month (2017-03), a quarter"),
    (["--period", "2017-13"], "names no period"),
    (["--period", "2017-W54"], "names no period"),
    (["--period", "2017-02-30"], "names no period"),
    (["--period", "0000"], "names no period"),
    (["--period", "9999"], "names no period"),
    (["--period", "March"], "names no period"),
    (["--period", ""], "'' names no period"),
    (["--period", "2017-05", "--known-at", "2017-05-31"], "2017-05 ends on 2017-06-01. Its snap"),
    (["--period", "2198"], "2198 ends on 2199-01-01."),
    (
        ["--period", "2017-02", "--known-at", "2017-04-02"],
        "No facts were known by 2017-04-02 23:59",
    ),
    (["--known-at", "2100-01-01"], "lies ahead"),
    (["--known-at", "soon"], "'soon' is no moment."),
]


@pytest.mark.parametrize(("words", "why"), _OFF, ids=[" ".join(words) for words, _ in _OFF])
def test_a_snapshot_that_cannot_be_taken_is_said_in_a_sentence(desk, tenant, database, words, why):
    before = len(rows_of(database, tenant))
    said = desk("snapshot", "--tenant", tenant, *words, "--format", "json")
    assert (said.status, said.out, why in said.err) == (2, "", True)
    assert said.err.count("\n") == 1
    assert len(rows_of(database, tenant)) == before


def test_a_tenant_that_is_not_there_or_has_no_facts_has_nothing_to_observe(desk):
    assert "no tenant called 'no-one'" in desk("snapshot", "--tenant", "no-one").err
    said = desk("snapshot", "--tenant", desk.tenant())
    assert (said.status, said.err) == (
        2,
        f"No facts were known yet, so there is nothing to observe. {_BRING}\n",
    )
