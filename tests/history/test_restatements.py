"""When late data or a new definition changes a closed period, the first value stays beside the new
one, and the cause is told.
"""

import pytest

from tests.history.story import past

CARD = ["value", "over", "under", "n", "state", "reason", "definition", "version", "known_at"]
CARD += ["observed_at"]


def values(row):
    """Return the first known and the now known value, and the causes between."""
    causes = [one["cause"] for one in row["restatements"]]
    return row["first_known"]["value"], row["now_known"]["value"], causes


def load(version, known_at, **records):
    """Return a load as a cause tells it."""
    return {"version": version, "source": "crm", "known_at": known_at, "records": records}


SECOND = load(2, "2017-04-20T00:00:00Z", opportunity={"inserted": 1, "changed": 2})


def test_a_value_that_late_data_changes_is_restated_with_the_load(desk, tenant):
    row = past(desk, tenant, "won_revenue")["2017-02"]
    assert list(row) == [
        "kpi",
        "period",
        "start",
        "end",
        "by",
        "first_known",
        "now_known",
        "restatements",
    ]
    assert list(row["first_known"]) == list(row["now_known"]) == CARD
    assert list(row["restatements"][0]) == [*CARD, "cause"]
    assert values(row) == (10, 20, [{"loads": [SECOND]}])
    assert (row["start"], row["end"], row["by"]) == ("2017-02-01", "2017-03-01", {})


def test_each_value_is_stamped_with_what_was_known(desk, tenant):
    row = past(desk, tenant, "won_revenue")["2017-02"]
    first, now = row["first_known"], row["now_known"]
    assert (first["version"], first["known_at"]) == (1, "2017-04-03T00:00:00Z")
    assert (now["version"], now["known_at"]) == (3, "2017-05-02T00:00:00Z")
    assert first["observed_at"] < now["observed_at"]
    assert first["definition"] == now["definition"]


def test_a_load_that_brought_nothing_the_kpi_reads_is_no_cause(desk, tenant):
    # Version 3 brought a ticket: revenue was restated at it, for what version 2 had brought.
    (cause,) = values(past(desk, tenant, "won_revenue")["2017-Q1".replace("Q1", "02")])[2]
    assert [one["version"] for one in cause["loads"]] == [2]
    rows = past(desk, tenant, "tickets_created")
    (cause,) = values(rows["2017-03"])[2]
    assert cause == {"loads": [load(3, "2017-05-02T00:00:00Z", ticket={"inserted": 1})]}


def test_a_value_that_goes_becomes_an_absence_and_the_other_way_round(desk, tenant):
    row = past(desk, tenant, "won_revenue")["2017-03"]
    assert values(row)[:2] == (100, None)
    assert (row["now_known"]["state"], row["now_known"]["reason"]) == ("absent", "no rows")
    row = past(desk, tenant, "tickets_created")["2017-03"]
    assert values(row)[:2] == (None, 1)
    assert row["first_known"]["reason"] == "no record of this kind was ever loaded (ticket)"


def test_an_owner_who_has_nothing_left_is_restated_as_absent(desk, tenant):
    row = past(desk, tenant, "won_revenue", "--owner", "bob")["2017-03"]
    assert values(row) == (100, None, [{"loads": [SECOND]}])
    assert row["now_known"]["reason"] == "no rows"
    assert row["by"] == {"owner": "Bob"}


def test_an_owner_who_comes_late_was_first_known_to_have_nothing(desk, tenant):
    row = past(desk, tenant, "won_revenue", "--owner", "cid")["2017-01"]
    assert values(row) == (None, 10_000, [{"loads": [SECOND]}])
    first = row["first_known"]
    assert (first["version"], first["known_at"]) == (1, "2017-04-03T00:00:00Z")
    assert (first["state"], first["reason"], first["n"]) == ("absent", "no rows", 0)


def test_a_team_counts_the_teams_below_it(desk, tenant):
    assert values(past(desk, tenant, "won_revenue", "--team", "north")["2017-01"])[:2] == (
        1,
        10_001,
    )
    assert values(past(desk, tenant, "won_revenue", "--team", "ne")["2017-01"])[:2] == (
        None,
        10_000,
    )
    month = ("--grain", "month", "--from", "2017-01-01", "--to", "2017-02-01")
    (now,) = desk.values(tenant, "--kpi", "won_revenue", "--team", "north", *month)
    assert now["value"] == 10_001


def test_a_quarter_is_restated_by_what_its_months_are(desk, tenant):
    row = past(desk, tenant, "won_revenue", "--grain", "quarter")["2017-Q1"]
    assert values(row) == (111, 10_021, [{"loads": [SECOND]}])


def test_a_ratio_is_restated_with_its_parts(desk, tenant):
    row = past(desk, tenant, "win_rate", "--grain", "quarter")["2017-Q1"]
    first, now = row["first_known"], row["now_known"]
    assert (first["value"], first["over"], first["under"]) == (1, 3, 3)
    # The rate is the same, and stands on other deals: 4 came in and 1 went.
    assert (now["value"], now["over"], now["under"], now["n"]) == (1, 3, 3, 3)
    assert row["restatements"] == []


def test_a_new_definition_is_a_cause_and_so_are_both(desk, tenant):
    rows = past(desk, tenant, "small_deals")
    (cause,) = values(rows["2017-02"])[2]
    assert values(rows["2017-02"])[:2] == (1, None)
    definition = cause["definition"]
    assert definition["from"] == rows["2017-02"]["first_known"]["definition"]
    assert definition["to"] == rows["2017-02"]["now_known"]["definition"] != definition["from"]
    assert definition["applied"] == [{"kpi": "small_deals", "version": 2}]
    assert cause["loads"] == [SECOND]


def test_a_cohort_whose_window_has_passed_says_so(desk, tenant):
    row = past(desk, tenant, "qualification_rate")["2017-03"]
    assert (row["first_known"]["state"], row["now_known"]["state"]) == ("immature", "final")
    first, now, (cause,) = values(row)
    assert (first, now, cause["matured"]) == (None, 0, True)


def test_the_table_tells_the_same_in_lines(desk, tenant):
    said = desk("kpi", "history", "--tenant", tenant, "--kpi", "won_revenue")
    assert (said.status, said.err) == (0, "")
    assert [line.split("  ")[0] for line in said.out.splitlines()] == [
        "period",
        "2017-01",
        "2017-02",
        "2017-03",
        "2017-04",
    ]
    line = said.out.splitlines()[2]
    assert line.split(maxsplit=7)[:7] == ["2017-02", "10", "USD", "2017-04-03", "20", "USD",
                                          "2017-05-02"]  # fmt: skip
    assert line.endswith("load 2 of crm (opportunity: 1 inserted, 2 changed)")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--kpi", "won_revnue"], "Did you mean 'won_revenue'?"),
        (["--kpi", "won_revenue", "--grain", "moth"], "Did you mean 'month'?"),
        (["--kpi", "won_revenue", "--grain", "day"], "No day of 'won_revenue' was observed yet."),
        (["--kpi", "won_revenue", "--owner", "bop"], "Did you mean 'bob'?"),
        (["--kpi", "won_revenue", "--team", "x"], "was observed for a team with the id 'x'."),
        (["--kpi", "won_revenue", "--team", "ne", "--owner", "bob"], "not both."),
        ([], "Missing option '--kpi'."),
    ],
)
def test_a_past_that_cannot_be_told_is_said_in_a_sentence(desk, tenant, words, why):
    said = desk("kpi", "history", "--tenant", tenant, *words, "--format", "json")
    assert (said.status, said.out, why in said.err) == (2, "", True)
    assert said.err.count("\n") == 1
