"""When a closed period changes, its first value stays beside the new one, and the cause is told."""

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


DEALS = load(2, "2017-04-20T00:00:00Z", opportunity={"inserted": 1, "changed": 2})
CALLS = load(2, "2017-04-20T00:00:00Z", activity={"changed": 1})
TICKETS = load(3, "2017-05-02T00:00:00Z", ticket={"inserted": 1})


def test_a_value_that_late_data_changes_is_restated_with_the_load(desk, tenant):
    row = past(desk, tenant, "won_revenue")["2017-03"]
    card = ["kpi", "period", "start", "end", "by", "first_known", "now_known", "restatements"]
    assert list(row) == card
    assert list(row["first_known"]) == list(row["now_known"]) == CARD
    assert list(row["restatements"][0]) == [*CARD, "cause"]
    assert values(row) == (110, 10_020, [{"loads": [DEALS]}])
    assert (row["start"], row["end"], row["by"]) == ("2017-03-01", "2017-04-01", {})


def test_each_value_is_stamped_with_what_was_known(desk, tenant):
    row = past(desk, tenant, "won_revenue")["2017-03"]
    first, now = row["first_known"], row["now_known"]
    assert (first["version"], first["known_at"]) == (1, "2017-04-03T00:00:00Z")
    assert (now["version"], now["known_at"]) == (3, "2017-05-02T00:00:00Z")
    assert first["observed_at"] < now["observed_at"]
    assert first["definition"] == now["definition"]


def test_a_load_that_brought_nothing_the_kpi_reads_is_no_cause(desk, tenant):
    # Both loads came between the snapshots: each restates what is made of its records.
    assert values(past(desk, tenant, "calls_made")["2017-03"])[2] == [{"loads": [CALLS]}]
    assert values(past(desk, tenant, "tickets_created")["2017-03"])[2] == [{"loads": [TICKETS]}]


def test_a_value_that_goes_becomes_an_absence_and_the_other_way_round(desk, tenant):
    row = past(desk, tenant, "calls_made")["2017-03"]
    assert values(row)[:2] == (1, None)
    assert (row["now_known"]["state"], row["now_known"]["reason"]) == ("absent", "no rows")
    row = past(desk, tenant, "tickets_created")["2017-03"]
    assert values(row)[:2] == (None, 1)
    assert row["first_known"]["reason"] == "no record of this kind was ever loaded (ticket)"


def test_an_owner_who_has_nothing_left_is_restated_as_absent(desk, tenant):
    row = past(desk, tenant, "won_revenue", "--owner", "bob")["2017-03"]
    assert values(row) == (100, None, [{"loads": [DEALS]}])
    assert (row["now_known"]["reason"], row["now_known"]["n"]) == ("no rows", 0)
    assert row["by"] == {"owner": "Bob"}


def test_an_owner_who_comes_late_was_first_known_to_have_nothing(desk, tenant):
    row = past(desk, tenant, "won_revenue", "--owner", "cid")["2017-03"]
    assert values(row) == (None, 10_000, [{"loads": [DEALS]}])
    first = row["first_known"]
    assert (first["version"], first["known_at"]) == (1, "2017-04-03T00:00:00Z")
    assert (first["state"], first["reason"], first["n"]) == ("absent", "no rows", 0)


@pytest.mark.parametrize(
    ("team", "first", "now"), [("north", 10, 10_020), ("ne", None, 10_000), ("south", 100, None)]
)
def test_a_team_counts_the_teams_below_it_as_a_question_does(desk, tenant, team, first, now):
    row = past(desk, tenant, "won_revenue", "--team", team)["2017-03"]
    assert values(row)[:2] == (first, now)
    assert row["by"] == {"team": team.upper()}
    march = ("--grain", "month", "--from", "2017-03-01", "--to", "2017-04-01")
    (asked,) = desk.values(tenant, "--kpi", "won_revenue", "--team", team, *march)
    assert asked["value"] == now


def test_a_quarter_is_restated_by_what_its_months_are(desk, tenant):
    row = past(desk, tenant, "won_revenue", "--grain", "quarter")["2017-Q1"]
    assert values(row) == (111, 10_021, [{"loads": [DEALS]}])


def test_what_stays_the_same_is_not_restated_though_other_records_make_it(desk, tenant):
    row = past(desk, tenant, "win_rate")["2017-03"]
    first, now = row["first_known"], row["now_known"]
    # Bob's deal went and cid's came: two of two, as before.
    assert (first["value"], first["over"], first["under"]) == (1, 2, 2)
    assert (now, row["restatements"]) == (first, [])


def test_a_new_definition_is_a_cause_and_so_are_both(desk, tenant):
    row = past(desk, tenant, "small_deals")["2017-03"]
    first, now, (cause,) = values(row)
    assert (first, now) == (1, None)
    definition = cause["definition"]
    assert definition["from"] == row["first_known"]["definition"]
    assert definition["to"] == row["now_known"]["definition"] != definition["from"]
    assert definition["applied"] == [{"kpi": "small_deals", "version": 2}]
    assert cause["loads"] == [DEALS]


def test_a_cohort_whose_window_has_passed_says_so(desk, tenant):
    row = past(desk, tenant, "qualification_rate")["2017-03"]
    assert (row["first_known"]["state"], row["now_known"]["state"]) == ("immature", "final")
    first, now, (cause,) = values(row)
    assert (first, now, cause["matured"]) == (None, 0, True)


def test_the_table_tells_the_same_in_lines(desk, tenant):
    said = desk("kpi", "history", "--tenant", tenant, "--kpi", "won_revenue")
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [
        "period   first known  known at     now known  known at    cause",
        "2017-03      110 USD  2017-04-03  10,020 USD  2017-05-02  load 2 of crm"
        " (opportunity: 2 changed, 1 inserted)",
        "2017-04      100 USD  2017-05-02     100 USD  2017-05-02",
    ]
    said = desk("kpi", "history", "--tenant", tenant, "--kpi", "small_deals")
    assert said.out.splitlines()[1].endswith("a new definition (small_deals version 2)")


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
