"""Every KPI of the catalogue has the same value, parts, n and reason on Spark as on DuckDB."""

import math
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from itertools import combinations

import pytest

from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.engine.answer import Row
from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.engines.runner import Runner
from kpi_engine.engines.spark import open_spark
from kpi_engine.periods import Calendar, Grain
from kpi_engine.questions import Dimension, Question, Scope, ScopeKind
from kpi_engine.store.pins import EntityFacts
from tests.engines.crm import CATALOGUE, Crm, engine, made
from tests.engines.needs import java_or_skip

pytestmark = [pytest.mark.spark, pytest.mark.slow]

# Over few rows the cost of a statement is planning and compiling it: as little as can be.
QUICK = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.driver.memory": "2g",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}
START, END, TODAY = date(2024, 1, 1), date(2025, 1, 1), date(2024, 12, 20)
LEVELS = ((), (Dimension.TEAM,), (Dimension.OWNER,))
BERLIN, UTC = Calendar("Europe/Berlin"), Calendar("UTC")
OF_EACH_KIND = (
    "win_rate",
    "lead_conversion_rate",
    "lead_response_hours",
    "lead_scoring_auc",
    "pipeline_value",
    "weighted_pipeline",
    "slipped_deals",
    "quota_attainment",
    "forecast_accuracy",
    "net_revenue_retention",
    "new_customers",
    "customer_health",
    "product_usage_days",
)
Runners = tuple[Runner, Runner]


@pytest.fixture(scope="module")
def crm(tmp_path_factory):
    java_or_skip()
    found = made(tmp_path_factory.mktemp("engines"))
    yield found
    found.store.close()


@pytest.fixture(scope="module")
def runners(crm: Crm):
    """DuckDB's runner and Spark's."""
    with ExitStack() as hold:
        yield (
            hold.enter_context(open_duckdb(crm.store, crm.folder / "spill")),
            hold.enter_context(open_spark("local[2]", settings=QUICK)),
        )


def asked(kpis, **how) -> Question:
    told = {"grains": (Grain.MONTH, Grain.QUARTER), "calendar": BERLIN, "lenient": True, **how}
    return Question(tuple(kpis), told.pop("grains"), START, END, TODAY, **told)


def equal_rows(runners: Runners, facts: Mapping[str, EntityFacts], question: Question) -> list[Row]:
    """Ask both, compare everything that they say, and return what they say."""
    ours, theirs = (list(engine(facts, runner).ask(question).rows()) for runner in runners)
    assert [told_of(row) for row in ours] == [told_of(row) for row in theirs]
    wrong = [
        (told_of(one), one.reading, other.reading)
        for one, other in zip(ours, theirs, strict=True)
        if not same_reading(one, other)
    ]
    assert not wrong, f"{len(wrong)} readings differ; the first: {wrong[:3]}"
    return ours


def told_of(row: Row):
    return (row.kpi, row.period.label, dict(row.by), dict(row.keys))


def same_reading(one: Row, other: Row) -> bool:
    mine, yours = one.reading, other.reading
    return (
        (mine.state, mine.reason, mine.n) == (yours.state, yours.reason, yours.n)
        and [name for name, _ in mine.beside] == [name for name, _ in yours.beside]
        and all(map(same, numbers(one), numbers(other)))
    )


def numbers(row: Row) -> list[float | None]:
    told = row.reading
    return [told.value, told.over, told.under, *(number for _, number in told.beside)]


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def test_the_whole_catalogue_is_equal_where_clocks_are_put_forward_and_back(crm, runners):
    rows = equal_rows(runners, crm.as_first_loaded, asked(CATALOGUE, splits=LEVELS))
    assert {row.kpi for row in rows if row.reading.value is not None} == set(CATALOGUE)


def test_the_whole_catalogue_is_equal_in_utc(crm, runners):
    rows = equal_rows(runners, crm.as_first_loaded, asked(CATALOGUE, splits=LEVELS, calendar=UTC))
    assert {row.kpi for row in rows if row.reading.value is not None} == set(CATALOGUE)


def test_a_kpi_of_each_kind_is_equal_after_changes_by_two_sources_that_share_ids(crm, runners):
    question = asked(OF_EACH_KIND, splits=((Dimension.TEAM,),), grains=(Grain.QUARTER,))
    rows = equal_rows(runners, crm.two_sources, question)
    assert {row.kpi for row in rows if row.reading.value is not None} == set(OF_EACH_KIND)
    teams = {key for row in rows for key in row.keys.values() if key is not None}
    assert {key.partition(KEY_SEPARATOR)[0] for key in teams} == {"bench", "other"}


def test_each_dimension_and_pairs_of_them_are_equal(crm, runners):
    splits = tuple(combinations(Dimension, 1)) + tuple(combinations(Dimension, 2))[::4]
    # Medians are answered at all splits in one statement.
    question = asked(("sales_cycle_days", "resolution_hours"), splits=splits, grains=(Grain.YEAR,))
    rows = equal_rows(runners, crm.one_source, question)
    assert {tuple(row.by) for row in rows} >= set(combinations(Dimension, 1))


@pytest.mark.parametrize("kind", [ScopeKind.OWN, ScopeKind.TEAM])
def test_a_scope_with_a_filter_is_equal(crm, runners, kind):
    scope = Scope(kind, ("rep-1", "rep-2", "team-1"))
    told = {"scope": scope, "where": "lower(product) <> 'none'"}
    question = asked(("won_revenue", "net_revenue_retention"), **told)
    rows = equal_rows(runners, crm.one_source, question)
    assert any(row.reading.value is not None for row in rows)


@pytest.mark.parametrize(
    "text", ["${env:HOME}", "it's", 'a "b"', "back\\slash\\n", "ΟΔΟΣ İ", "line\nbreak", "{x} :y ?"]
)
def test_a_text_reaches_spark_as_it_is(runners, text):
    _, spark = runners
    (row,) = spark.run(f"SELECT {spark.dialect.text(text)} AS told").to_pylist()
    assert row["told"] == text


def test_the_least_and_the_greatest_pass_over_what_is_missing_on_both(runners):
    sql = "SELECT greatest(1, NULL, 2) AS high, least(DATE '2024-01-02', CAST(NULL AS DATE)) AS low"
    ours, theirs = (runner.run(sql).to_pylist() for runner in runners)
    assert ours == theirs == [{"high": 2, "low": date(2024, 1, 2)}]
