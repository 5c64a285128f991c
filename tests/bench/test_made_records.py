"""The made CRM is canonical, sound, and the same from the same seed."""

from dataclasses import replace

import duckdb
import pyarrow.parquet as pq
import pytest

from bench.generate import records_of, views_of
from kpi_engine.crm.entities import ENTITIES
from kpi_engine.crm.schema import record_schema
from tests.bench.conftest import SCALE


@pytest.fixture
def base(made):
    with duckdb.connect() as connection:
        for entity in ENTITIES:
            file = made.records / f"{entity}.parquet"
            connection.execute(f"CREATE VIEW \"{entity}\" AS FROM read_parquet('{file}')")
        yield connection


def _one(base, sql):
    return base.execute(sql).fetchall()[0][0]


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_the_columns_are_the_canonical_ones(made, entity):
    assert pq.read_schema(made.records / f"{entity}.parquet").names == record_schema(entity).names


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_every_entity_has_records_and_no_id_comes_twice(base, entity):
    count, ids = base.execute(f'SELECT count(*), count(DISTINCT id) FROM "{entity}"').fetchall()[0]
    assert count == ids > 0


@pytest.mark.parametrize("entity", list(ENTITIES))
def test_what_is_required_is_filled(base, entity):
    for column in ENTITIES[entity].columns:
        if column.required:
            missing = f'SELECT count(*) FROM "{entity}" WHERE "{column.name}" IS NULL'
            assert _one(base, missing) == 0, column.name


@pytest.mark.parametrize(
    ("entity", "column", "referred"),
    [
        (name, column.name, column.refers)
        for name, entity in ENTITIES.items()
        for column in entity.columns
        if column.refers
    ],
)
def test_every_reference_leads_to_a_record(base, entity, column, referred):
    lost = (
        f'SELECT count(*) FROM "{entity}" WHERE "{column}" IS NOT NULL'
        f' AND "{column}" NOT IN (SELECT id FROM "{referred}")'
    )
    assert _one(base, lost) == 0


@pytest.mark.parametrize(
    ("entity", "column"),
    [
        ("lead", "converted_at"),
        ("opportunity", "closed_at"),
        ("stage_change", "changed_at"),
        ("activity", "created_at"),
        ("activity", "completed_at"),
        ("ticket", "resolved_at"),
        ("usage", "occurred_on"),
    ],
)
def test_nothing_has_happened_after_the_end_of_the_span(base, entity, column):
    assert _one(base, f"SELECT max({column}) < DATE '{SCALE.end}' FROM \"{entity}\"")


def test_an_opportunity_stands_where_its_last_stage_change_left_it(base):
    wrong = """
        SELECT count(*) FROM opportunity AS o JOIN (
            SELECT opportunity_id, max_by(to_stage, changed_at) AS stage,
                max_by(expected_close_on, changed_at) AS expected
            FROM stage_change GROUP BY 1
        ) AS s ON s.opportunity_id = o.id
        WHERE s.stage != o.stage OR s.expected != o.expected_close_on
    """
    assert _one(base, wrong) == 0


def test_a_lead_that_converted_names_an_opportunity_that_names_it(base):
    matched = """
        SELECT count(*) FROM lead AS l JOIN opportunity AS o
        ON o.id = l.opportunity_id AND o.lead_id = l.id AND o.account_id = l.account_id
    """
    assert _one(base, matched) == _one(base, "SELECT count(converted_at) FROM lead") > 0


def test_the_same_seed_makes_the_same_records_on_any_number_of_threads(base):
    with views_of(SCALE) as other:
        other.execute("SET threads = 1")
        for entity in ("lead", "activity", "stage_change"):
            again = other.execute(records_of(other, entity)).fetchall()
            assert set(again) == set(base.execute(f'FROM "{entity}"').fetchall())


def test_another_seed_makes_other_records(base):
    with views_of(replace(SCALE, seed=SCALE.seed + 1)) as other:
        again = other.execute("SELECT created_at FROM lead ORDER BY id").fetchall()
    assert again != base.execute("SELECT created_at FROM lead ORDER BY id").fetchall()
