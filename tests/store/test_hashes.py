"""Records that differ hash apart, and a record hashes the same on its way in and from its file."""

from datetime import date, datetime
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from kpi_engine.crm.entities import ENTITIES, ColumnType
from kpi_engine.crm.schema import record_schema
from kpi_engine.store.hashes import Hashes, hash_rows
from kpi_engine.store.parquet import ParquetFile
from tests.store.records import connection

VALUES: dict[ColumnType, list[Any]] = {
    ColumnType.TEXT: [None, "", " ", "0", "null", "a", "ab", "b", "\x1f", "a\x1f", "\x00"],
    ColumnType.NUMBER: [None, 0.0, 1.0, -1.0, 0.1, 1e300],
    ColumnType.MONEY: [None, Decimal(0), Decimal("0.0001"), Decimal(1), Decimal(10**13)],
    ColumnType.INTEGER: [None, 0, 1, -1, 2**63 - 1, -(2**63)],
    ColumnType.BOOLEAN: [None, False, True],
    ColumnType.TIME: [None, datetime(1970, 1, 1), datetime(1970, 1, 1, 0, 0, 0, 1)],
    ColumnType.DATE: [None, date(1970, 1, 1), date(1970, 1, 2)],
}
TRICKY = [None, "", "a", "b", "ab", "ba", "aa", "0", "\x1f", "a\x1f", "\x1fa"]


def hashed(entity: str, rows: list[dict[str, Any]]) -> Hashes:
    return hash_rows(connection(), entity, pa.Table.from_pylist(rows, record_schema(entity)))


def test_no_two_values_of_any_column_hash_alike():
    for entity in ENTITIES.values():
        for column in entity.columns[1:]:
            rows = [{"id": "a", "source": "s", column.name: value} for value in VALUES[column.type]]
            found = hashed(entity.name, rows).content
            assert len(set(found.tolist())) == len(rows), (entity.name, column.name)


def test_a_value_does_not_run_over_into_the_next_column():
    rows = [
        {"id": "a", "source": "s", "name": name, "parent_id": parent, "region": region}
        for name, parent, region in product(TRICKY, repeat=3)
    ]
    found = hashed("team", rows).content
    assert len(set(found.tolist())) == len(rows)


def test_small_numbers_in_neighbouring_columns_do_not_cancel():
    rows = [
        {"id": "a", "source": "s", "events": events, "active_users": users}
        for events, users in product([None, *range(-40, 160)], repeat=2)
    ]
    found = hashed("usage", rows).content
    assert len(set(found.tolist())) == len(rows)


def test_keys_differ_in_both_hashes_where_source_and_id_share_their_text():
    keys = [(source, id_) for source, id_ in product(TRICKY[1:], repeat=2)]
    rows = [{"id": id_, "source": source, "name": "A"} for source, id_ in keys]
    found = hashed("team", rows)
    assert len(set(found.first.tolist())) == len(rows)
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert len(pairs) == len(rows)


def test_the_two_hashes_of_a_key_have_nothing_to_do_with_each_other():
    rows = [{"id": str(number), "source": "s"} for number in range(20_000)]
    found = hashed("team", rows)
    bits = np.unpackbits((found.first ^ found.second).view(np.uint8)).mean()
    assert 0.49 < bits < 0.51


def test_the_key_does_not_touch_the_content_nor_the_content_the_key():
    rows = [{"id": id_, "source": "s", "name": name} for id_ in "ab" for name in "xy"]
    found = hashed("team", rows)
    assert found.content[0] == found.content[2] != found.content[1] == found.content[3]
    assert found.first[0] == found.first[1] != found.first[2] == found.first[3]
    assert found.second[0] == found.second[1] != found.second[2] == found.second[3]


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_a_record_hashes_the_same_from_its_file(tmp_path: Path, entity: str):
    columns = ENTITIES[entity].columns[1:]
    most = max(len(values) for values in VALUES.values())
    rows = [
        {"id": f"a{number}", "source": "s", "attributes": "{}" if number else None}
        | {column.name: (VALUES[column.type] * most)[number] for column in columns}
        for number in range(most)
    ]
    table = pa.Table.from_pylist(rows, record_schema(entity))
    with ParquetFile(tmp_path / "rows.parquet", table.schema) as file:
        file.write(table)
        file.finish(0, 0)
    con = connection()
    straight = hash_rows(con, entity, table)
    read = con.sql(f"SELECT * FROM read_parquet('{tmp_path}/rows.parquet')").to_arrow_table()
    for one, other in zip(straight, hash_rows(con, entity, read), strict=True):
        assert one.tolist() == other.tolist()
    assert len(set(straight.content.tolist())) == most


def test_batches_hash_as_their_rows_do():
    rows = [{"id": str(number), "source": "s", "name": None} for number in range(5_000)]
    whole = pa.Table.from_pylist(rows, record_schema("team"))
    expected = hash_rows(connection(), "team", whole)
    pieces = pa.concat_tables([whole.slice(0, 7), whole.slice(7, 4_000), whole.slice(4_007)])
    for one, other in zip(expected, hash_rows(connection(), "team", pieces), strict=True):
        assert one.tolist() == other.tolist()
    assert all(one != other for one, other in combinations(expected.first[:100].tolist(), 2))
