"""How a number is made is told in words: every kind of measure, one line each."""

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.settings import Settings
from kpi_engine.definitions.words import in_words, many
from kpi_engine.definitions.yaml_file import read_definitions

_HEAD = """
- key: mine
  name: Mine
  question: How much?
  class: outcome
  stage: sales
  department: sales
  unit: {unit}
  better: higher
  measure: {measure}
"""
_MRR = "value: running_mrr, opened: started_on, closed: ended_on, per: account_id"

_SAID = [
    ("{count: product}", "count", "number of products, in no period"),
    ("{count: activity, on: created_at}", "count", "number of activities, by created_at"),
    (
        "{sum: opportunity.amount, where: \"status = 'won' and lost_reason is not null\","
        " on: closed_at}",
        "money",
        "sum of amount of opportunities where status = 'won' and lost_reason is not null,"
        " by closed_at",
    ),
    (
        "{distinct: usage.account_id, on: occurred_on}",
        "count",
        "number of different values of account_id of usage records, by occurred_on",
    ),
    (
        "{duration: ticket, from: created_at, to: resolved_at, on: resolved_at, take: p90}",
        "hours",
        "90th percentile of the time from created_at to resolved_at of tickets, by resolved_at",
    ),
    (
        "{duration: ticket, from: created_at, to: resolved_at, on: created_at,"
        " take: {within: 4h}, clock: business}",
        "ratio",
        "share with at most 4 hours of business hours from created_at to resolved_at of tickets,"
        " by created_at",
    ),
    (
        "{ratio: {over: won_deals, under: {count: lead, on: created_at}}}",
        "ratio",
        "won_deals / (number of leads, by created_at)",
    ),
    (
        "{cohort: lead, on: created_at, reaches: converted_at, within: 1d}",
        "ratio",
        "share of leads, by created_at, that have converted_at within 1 day",
    ),
    (
        "{cohort: lead, on: created_at, reaches: converted_at}",
        "ratio",
        "share of leads, by created_at, that have converted_at by now",
    ),
    (
        "{stock: {count: ticket}, opened: created_at, closed: closed_at, at: mean}",
        "count",
        "number of tickets open from created_at until closed_at, in the mean of the period's days",
    ),
    (
        f"{{balance: subscription, {_MRR}, take: lost}}",
        "money",
        "what accounts lost of running_mrr of subscriptions from the period's start to its end",
    ),
    (
        f"{{balance: subscription, {_MRR}, take: accounts_lost}}",
        "count",
        "number of accounts with running_mrr of subscriptions at the period's start and none at its"
        " end",
    ),
    (
        "{first_of: subscription, per: account_id, on: started_on}",
        "count",
        "number of accounts with their first subscription, by started_on",
    ),
    (
        "{first: activity, of: lead, by: lead_id, after: created_at, at: created_at, take: median}",
        "hours",
        "median of the time from created_at of leads to the first activity, by created_at",
    ),
    (
        "{paired: {actual: won_revenue, forecast: {sum: forecast.amount, on: period_start_on}},"
        " take: bias}",
        "ratio",
        "bias of (sum of amount of forecasts, by period_start_on) against won_revenue, owner by"
        " owner",
    ),
    (
        '{rank_accuracy: lead, score: score, event: "converted_at is not null", on: created_at}',
        "score",
        "chance that score is higher for leads with converted_at is not null than for those"
        " without, by created_at",
    ),
    (
        "{slipped: opportunity, expected: expected_close_on, opened: created_at,"
        " closed: closed_at}",
        "count",
        "number of open opportunities whose expected_close_on moved out of the period",
    ),
    (
        '{formula: "won_deals / days", of: {won_deals: won_deals, days: sales_cycle_mean_days}}',
        "count",
        "won_deals / days, where days: sales_cycle_mean_days",
    ),
    ("{rolling: won_deals, over: 3 months}", "count", "won_deals, over the last 3 months"),
    ("{to_date: won_deals, in: year}", "count", "won_deals, from the start of the year"),
]


@pytest.mark.parametrize(("measure", "unit", "words"), _SAID, ids=[said[2][:40] for said in _SAID])
def test_each_kind_of_measure_is_told(measure, unit, words):
    kpis, _ = read_definitions(_HEAD.format(unit=unit, measure=measure), Settings())
    assert in_words(kpis[0].measure) == words


def test_health_tells_its_components():
    said = in_words(shipped_catalogue().kpi("at_risk_revenue").measure)
    assert said.startswith("MRR of customers whose health (usage x 7, tickets x 5,")
    assert said.endswith("is under 50")


def test_every_kpi_that_ships_is_told_in_one_line_without_a_name_of_ours():
    for kpi in shipped_catalogue().values():
        said = in_words(kpi.measure)
        assert said.isprintable()
        assert not any(word in said for word in ("Expression", "Take.", "None", " not is"))


@pytest.mark.parametrize(
    ("entity", "told"),
    [
        ("lead", "leads"),
        ("opportunity", "opportunities"),
        ("touch", "touches"),
        ("stage_change", "stage changes"),
        ("usage", "usage records"),
    ],
)
def test_entities_are_named_in_the_plural(entity, told):
    assert many(entity) == told
