"""The numbers of a small company are those that a person counts."""

import pytest

Q1 = ("--grain", "quarter", "--from", "2017-01-01", "--to", "2017-04-01", "--today", "2017-05-10")
HALF = ("--grain", "quarter", "--from", "2017-01-01", "--to", "2017-07-01", "--today", "2017-05-10")


def told(rows, *names):
    """Return the parts named of each row."""
    return [tuple(row[name] for name in names) for row in rows]


def test_a_ratio_comes_with_its_parts(desk, company):
    rows = desk.values(company, "--kpi", "win_rate", *HALF)
    assert told(rows, "period", "value", "over", "under", "n", "state", "reason") == [
        ("2017-Q1", 0.75, 3, 4, 4, "final", None),
        ("2017-Q2", 1, 1, 1, 1, "so_far", None),
    ]


def test_a_period_ends_before_the_next_begins(desk, company):
    rows = desk.values(company, "--kpi", "won_revenue", *HALF)
    assert told(rows, "start", "end", "value", "n") == [
        ("2017-01-01", "2017-04-01", 1900, 3),
        ("2017-04-01", "2017-07-01", 400, 1),
    ]


def test_every_kpi_asked_is_answered_in_the_order_asked(desk, company):
    words = ("--kpi", "won_revenue", "--kpi", "win_rate", "--kpi", "won_revenue")
    assert told(desk.values(company, *words, *Q1), "kpi") == [("won_revenue",), ("win_rate",)]


def test_a_split_names_its_groups_and_keeps_nobodys_records(desk, company):
    rows = desk.values(company, "--kpi", "won_revenue", "--by", "team", *Q1)
    assert told(rows, "by", "value") == [
        ({"team": "NORTH"}, 100),
        ({"team": "SOUTH"}, 200),
        ({"team": None}, 1600),
    ]


def test_an_owner_without_a_record_is_called_by_the_id(desk, company):
    rows = desk.values(company, "--kpi", "won_deals", "--by", "owner", *Q1)
    assert told(rows, "by", "value") == [
        ({"owner": "Ann"}, 1),
        ({"owner": "Bob"}, 1),
        ({"owner": "gone"}, 1),
    ]


def test_a_group_of_any_period_is_told_for_all_of_them(desk, company):
    rows = desk.values(company, "--kpi", "won_deals", "--by", "owner", *HALF)
    assert [row for row in told(rows, "by", "period", "value", "reason") if "Cid" in str(row)] == [
        ({"owner": "Cid"}, "2017-Q1", None, "no rows"),
        ({"owner": "Cid"}, "2017-Q2", 1, None),
    ]


def test_two_dimensions_are_split_together(desk, company):
    rows = desk.values(company, "--kpi", "win_rate", "--by", "team", "--by", "product", *Q1)
    assert told(rows, "by", "value", "n") == [
        ({"team": "NORTH", "product": "Bolt"}, 1, 1),
        ({"team": "NORTH", "product": "Nut"}, 0, 1),
        ({"team": "SOUTH", "product": "Bolt"}, 1, 1),
        ({"team": None, "product": "Bolt"}, 1, 1),
    ]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("region = 'N'", 100),
        ("industry = 'steel'", 1900),
        ("industry = 'steel' and not team is null", 300),
        ("owner in ('Ann', 'gone')", 1700),
        ("lower(product) like 'bol%'", 1900),
        ("product = 'Nut'", None),
        ("   ", 1900),
    ],
)
def test_a_filter_is_over_the_names_of_the_dimensions(desk, company, where, value):
    (row,) = desk.values(company, "--kpi", "won_revenue", "--where", where, *Q1)
    assert row["value"] == value


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (("--team", "north"), 500),
        (("--team", "ne"), 400),
        (("--team", "ne", "--team", "south"), 600),
        (("--owner", "ann"), 100),
        (("--owner", "ann", "--owner", "gone"), 1700),
    ],
)
def test_a_scope_is_a_team_with_those_below_or_some_owners(desk, company, words, value):
    year = ("--grain", "year", "--from", "2017-01-01", "--to", "2018-01-01")
    (row,) = desk.values(company, "--kpi", "won_revenue", *words, *year)
    assert (row["value"], row["by"]) == (value, {})


def test_what_stood_open_is_told_with_what_has_no_date(desk, company):
    rows = desk.values(company, "--kpi", "open_opportunities", "--kpi", "pipeline_value", *HALF)
    assert told(rows, "kpi", "period", "value", "state", "beside") == [
        ("open_opportunities", "2017-Q1", 2, "final", {"undated": 1}),
        ("open_opportunities", "2017-Q2", 1, "so_far", {"undated": 1}),
        ("pipeline_value", "2017-Q1", 1200, "final", {"undated": 1}),
        ("pipeline_value", "2017-Q2", 800, "so_far", {"undated": 1}),
    ]


def test_waiting_leads_stand_beside_a_median_and_outside_a_limit(desk, company):
    words = ("--kpi", "lead_response_hours", "--kpi", "lead_response_within_sla")
    median, share = desk.values(company, *words, *Q1)
    assert (median["value"], median["n"], median["beside"]) == (2, 1, {"open": 1})
    assert (share["value"], share["over"], share["under"]) == (0.5, 1, 2)


@pytest.mark.parametrize(
    ("today", "value", "state"),
    [("2017-04-28", None, "immature"), ("2017-04-29", 0.5, "final")],
)
def test_a_cohort_has_no_value_before_its_last_window_has_passed(
    desk, company, today, value, state
):
    month = ("--grain", "month", "--from", "2017-03-01", "--to", "2017-04-01")
    words = ("--kpi", "qualification_rate", *month, "--today", today)
    (row,) = desk.values(company, *words)
    assert (row["value"], row["state"], row["over"], row["under"]) == (value, state, 1, 2)
    assert row["reason"] == (None if value else "the cohort's window has not passed")


def test_a_period_that_has_not_begun_has_no_number(desk, company):
    words = ("--grain", "month", "--from", "2017-02-01", "--to", "2017-05-01")
    rows = desk.values(company, "--kpi", "won_deals", *words, "--today", "2017-03-31")
    assert told(rows, "period", "value", "state", "reason") == [
        ("2017-02", 1, "final", None),
        ("2017-03", 2, "so_far", None),
        ("2017-04", None, "absent", "the period has not begun"),
    ]


@pytest.mark.parametrize(
    ("kpi", "reason"),
    [
        ("win_rate", "the denominator is 0"),
        ("won_deals", "no rows"),
        ("tickets_created", "no record of this kind was ever loaded (ticket)"),
        ("mrr", "no record of this kind was ever loaded (subscription)"),
    ],
)
def test_an_absence_has_a_reason_and_is_never_nought(desk, company, kpi, reason):
    day = ("--grain", "day", "--from", "2017-01-01", "--to", "2017-01-02")
    (row,) = desk.values(company, "--kpi", kpi, *day)
    assert (row["value"], row["state"], row["reason"], row["n"]) == (None, "absent", reason, 0)


def test_a_first_touch_names_the_records_that_are_not_there(desk):
    """It read that no leads were ever loaded, beside leads whose activities were not loaded."""
    tenant = desk.tenant()
    desk.bring(tenant, {"lead": [{"id": "l1", "created_at": "2017-01-05"}]})
    (row,) = desk.values(tenant, "--kpi", "lead_response_hours", *Q1)[:1]
    assert row["reason"] == "no record of this kind was ever loaded (activity)"
    other = desk.tenant()
    activity = {"id": "a1", "kind": "call", "created_at": "2017-01-05"}
    desk.bring(other, {"activity": [activity]})
    (row,) = desk.values(other, "--kpi", "lead_response_hours", *Q1)[:1]
    assert row["reason"] == "no record of this kind was ever loaded (lead)"


def test_without_dates_the_last_twelve_periods_up_to_today_are_told(desk, company):
    rows = desk.values(company, "--kpi", "won_deals", "--today", "2017-04-10")
    assert len(rows) == 12
    assert told([rows[0], rows[-1]], "period", "value", "state") == [
        ("2016-05", None, "absent"),
        ("2017-04", 1, "so_far"),
    ]


def test_a_tenant_without_facts_says_that_nothing_was_loaded(desk):
    rows = desk.values(desk.tenant(), "--kpi", "won_deals", *Q1)
    assert told(rows, "value", "reason", "version", "known_at") == [
        (None, "no record of this kind was ever loaded (opportunity)", 0, None)
    ]
