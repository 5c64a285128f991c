"""Every form of measure becomes the kind that it says, with what it leaves out filled in."""

from dataclasses import replace

import pytest

from kpi_engine.crm.derived import columns_of
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions import kinds
from kpi_engine.definitions.expressions import parse
from kpi_engine.definitions.kinds import (
    Aggregate,
    Balance,
    Cohort,
    Duration,
    First,
    FirstTouch,
    Formula,
    Health,
    KpiRef,
    Paired,
    RankAccuracy,
    Ratio,
    Rolling,
    Slipped,
    Stock,
    ToDate,
)
from kpi_engine.definitions.settings import Settings
from kpi_engine.definitions.takes import (
    At,
    BalanceTake,
    Clock,
    HealthTake,
    PairTake,
    Span,
    SpanUnit,
    Take,
    Within,
)
from tests.definitions.samples import measure_of

WON = "\"status = 'won'\""


def of(entity, text):
    return parse(text, columns_of(entity))


def deal(text):
    return of("opportunity", text)


WON_DEALS = Aggregate("opportunity", Take.COUNT, None, deal("status = 'won'"), deal("closed_at"))
FORMS = [
    (f"{{count: opportunity, where: {WON}, on: closed_at}}", WON_DEALS),
    (
        "{count: opportunity}",
        Aggregate("opportunity", Take.COUNT, None, None, deal("created_at")),
    ),
    ("{count: product}", Aggregate("product", Take.COUNT)),
    ("{count: opportunity, on: null}", Aggregate("opportunity", Take.COUNT)),
    (
        "{count: opportunity.amount}",
        Aggregate("opportunity", Take.COUNT, None, deal("amount is not null"), deal("created_at")),
    ),
    (
        f"{{count: opportunity, value: amount, where: {WON}}}",
        Aggregate(
            "opportunity",
            Take.COUNT,
            None,
            deal("status = 'won' and amount is not null"),
            deal("created_at"),
        ),
    ),
    (
        "{sum: opportunity.amount, on: 'coalesce(closed_at, created_at)'}",
        Aggregate(
            "opportunity",
            Take.SUM,
            deal("amount"),
            None,
            deal("coalesce(closed_at, created_at)"),
        ),
    ),
    (
        "{p90: opportunity, value: amount * probability}",
        Aggregate("opportunity", Take.P90, deal("amount * probability"), None, deal("created_at")),
    ),
    (
        "{distinct: opportunity.account_id, on: expected_close_on}",
        Aggregate(
            "opportunity", Take.DISTINCT, deal("account_id"), None, deal("expected_close_on")
        ),
    ),
    (
        "{max: opportunity.account.employees}",
        Aggregate("opportunity", Take.MAX, deal("account.employees"), None, deal("created_at")),
    ),
    (
        "{duration: opportunity, to: closed_at}",
        Duration(
            "opportunity", deal("created_at"), deal("closed_at"), Take.MEDIAN, deal("created_at")
        ),
    ),
    (
        (
            f"{{duration: opportunity, from: updated_at, to: closed_at, take: {{within: 4h}},"
            f" clock: business, where: {WON}, on: closed_at}}"
        ),
        Duration(
            "opportunity",
            deal("updated_at"),
            deal("closed_at"),
            Within(Span(4, SpanUnit.HOUR)),
            deal("closed_at"),
            deal("status = 'won'"),
            Clock.BUSINESS,
        ),
    ),
    (
        (
            "{ratio: {over: won_deals, under: {count: opportunity, where: \"status = 'won'\","
            " on: closed_at}}}"
        ),
        Ratio(KpiRef("won_deals"), WON_DEALS),
    ),
    (
        "{cohort: lead, reaches: converted_at, within: 30d}",
        Cohort(
            "lead",
            of("lead", "created_at"),
            of("lead", "converted_at"),
            Span(30, SpanUnit.DAY),
        ),
    ),
    (
        (
            "{cohort: lead, on: qualified_at, reaches: converted_at,"
            " within: setting.lead_response_limit, where: score > setting.lead_score_threshold}"
        ),
        Cohort(
            "lead",
            of("lead", "qualified_at"),
            of("lead", "converted_at"),
            Span(4, SpanUnit.HOUR),
            of("lead", "score > 50"),
        ),
    ),
    (
        "{stock: {count: opportunity}, closed: closed_at}",
        Stock("opportunity", Take.COUNT, deal("created_at"), deal("closed_at")),
    ),
    (
        (
            "{stock: {sum: opportunity, value: amount, where: amount > 1}, opened: updated_at,"
            " closed: expected_close_on, at: mean}"
        ),
        Stock(
            "opportunity",
            Take.SUM,
            deal("updated_at"),
            deal("expected_close_on"),
            deal("amount"),
            deal("amount > 1"),
            At.MEAN,
        ),
    ),
    (
        "{balance: subscription, value: running_mrr, closed: ended_on, take: lost}",
        Balance(
            "subscription",
            of("subscription", "running_mrr"),
            of("subscription", "started_on"),
            of("subscription", "ended_on"),
            "account_id",
            BalanceTake.LOST,
        ),
    ),
    (
        "{first_of: subscription, per: account_id, where: running_mrr > 0}",
        First(
            "subscription",
            "account_id",
            of("subscription", "started_on"),
            of("subscription", "running_mrr > 0"),
        ),
    ),
    (
        "{first: activity, of: lead}",
        FirstTouch(
            "activity",
            of("activity", "created_at"),
            "lead",
            "id",
            "lead_id",
            of("lead", "created_at"),
            Take.MEDIAN,
        ),
    ),
    (
        (
            "{first: usage, of: subscription, by: account_id, key: account_id, at: occurred_on,"
            " after: started_on, take: p90, where: events > 1, of_where: seats > 2,"
            " clock: business}"
        ),
        FirstTouch(
            "usage",
            of("usage", "occurred_on"),
            "subscription",
            "account_id",
            "account_id",
            of("subscription", "started_on"),
            Take.P90,
            of("usage", "events > 1"),
            of("subscription", "seats > 2"),
            Clock.BUSINESS,
        ),
    ),
    (
        "{paired: {actual: won_revenue, forecast: {sum: forecast.amount}}, take: bias}",
        Paired(
            KpiRef("won_revenue"),
            Aggregate(
                "forecast",
                Take.SUM,
                of("forecast", "amount"),
                None,
                of("forecast", "period_start_on"),
            ),
            PairTake.BIAS,
        ),
    ),
    (
        "{rank_accuracy: lead, score: score, event: converted_at is not null, least: 20}",
        RankAccuracy(
            "lead",
            of("lead", "score"),
            of("lead", "converted_at is not null"),
            of("lead", "created_at"),
            None,
            20,
        ),
    ),
    (
        "{slipped: opportunity, closed: closed_at}",
        Slipped("opportunity", "expected_close_on", deal("created_at"), deal("closed_at")),
    ),
    (
        "{formula: a * setting.gross_margin, of: {a: won_deals}}",
        Formula(parse("a * 0.8", {"a": ColumnType.NUMBER}), (("a", KpiRef("won_deals")),)),
    ),
    (
        "{rolling: won_deals, over: 3 months}",
        Rolling(KpiRef("won_deals"), Span(3, SpanUnit.MONTH)),
    ),
    ("{to_date: won_deals, in: quarter}", ToDate(KpiRef("won_deals"), SpanUnit.QUARTER)),
]


@pytest.mark.parametrize(("text", "wanted"), FORMS)
def test_the_form_is_read_to_its_kind(text, wanted):
    assert measure_of(text) == wanted


def test_the_fields_of_a_stock_may_stand_inside_it_or_beside():
    beside = "{stock: {sum: opportunity.amount}, closed: closed_at, where: amount > 1, at: start}"
    inside = "{stock: {sum: opportunity.amount, closed: closed_at, where: amount > 1, at: start}}"
    assert measure_of(beside) == measure_of(inside)


def test_health_is_made_of_the_tenants_settings():
    settings = Settings(
        {"health_threshold": 40, "health_components": {"usage": {"weight": 1, "best": 20}}}
    )
    ours, shipped = measure_of("{health: at_risk}", settings), measure_of("{health: at_risk}")
    usage = replace(shipped.components[0], weight=1.0, best=20.0)
    assert ours == Health(HealthTake.AT_RISK, (usage, *shipped.components[1:]), 40)


def test_every_kind_of_measure_has_a_form_here():
    told = {type(measure) for _, measure in FORMS} | {Health}
    assert told == set(kinds.Measure.__args__)


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("90 minutes", 90, SpanUnit.MINUTE),
        ("15min", 15, SpanUnit.MINUTE),
        ("1.5h", 1.5, SpanUnit.HOUR),
        ("1 hour", 1, SpanUnit.HOUR),
        ("30d", 30, SpanUnit.DAY),
        ("2w", 2, SpanUnit.WEEK),
    ],
)
def test_a_length_of_time_is_read_as_it_is_said(text, count, unit):
    measure = measure_of(f"{{cohort: lead, reaches: converted_at, within: {text}}}")
    assert measure.within == Span(count, unit)
