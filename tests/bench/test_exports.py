"""The files that are imported in the benches are what a source would export."""

import csv

import duckdb
import pytest

from bench.exports import CHANGED, beginning, changes, source_file
from kpi_engine.crm.entities import ENTITIES
from portal.connectors.source_file import read_source


def _rows(file):
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_beginning_of_a_file_has_its_heading_and_so_many_rows(made, tmp_path):
    whole = made.records / "activity.csv"
    part = beginning(whole, 5, tmp_path)
    assert part.read_bytes().splitlines() == whole.read_bytes().splitlines()[:6]


def test_the_source_file_names_every_column_of_the_entity(tmp_path):
    source = read_source(source_file(tmp_path, {"activity": "activity.csv"}))
    (table,) = source.tables
    assert {field.name for field in table.fields} == set(ENTITIES["activity"].names)
    assert source.stages["Won"].status == "won"


@pytest.mark.parametrize("entity", list(CHANGED))
def test_changes_are_of_records_that_are_there_and_differ_each_turn(made, tmp_path, entity):
    first = _rows(changes(made.records, tmp_path / "1", 1).parent / f"{entity}.csv")
    second = _rows(changes(made.records, tmp_path / "2", 2).parent / f"{entity}.csv")
    ids = [row["id"] for row in first]
    assert ids == [row["id"] for row in second]
    assert all(one != other for one, other in zip(first, second, strict=True))
    there = duckdb.sql(f"SELECT id FROM read_parquet('{made.records / entity}.parquet')")
    assert set(ids) <= {found for (found,) in there.fetchall()}
    assert 0 < len(ids) <= CHANGED[entity][0]


def test_a_load_of_changes_is_a_thousand_records():
    assert sum(count for count, _ in CHANGED.values()) == 1_000
