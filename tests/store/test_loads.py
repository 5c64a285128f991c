"""A load is one version: each record once, as its last row says, and nothing before it lands."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from kpi_engine.crm.entities import ENTITIES
from kpi_engine.crm.schema import record_schema
from kpi_engine.errors import StoreError
from kpi_engine.store.pins import Pin
from kpi_engine.store.store import Store
from kpi_engine.store.tenant import TenantFacts
from kpi_engine.store.writing import Written
from tests.store.records import SOURCE, START, load, now, reader


def tree(folder: Path) -> dict[str, int]:
    """Return every file with its time of change."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def a_team(id_: str, name: str = "A") -> dict[str, str]:
    return {"id": id_, "name": name}


def test_the_last_row_of_an_id_counts_and_the_others_are_repeated(facts: TenantFacts):
    rows = [a_team("a", "first"), a_team("b"), a_team("a", "last")]
    pin, counts = load(facts, Pin(), {"team": rows})
    assert counts["team"] == Written(read=3, inserted=2, repeated=1)
    assert now(facts.facts(pin)["team"], "name") == [(SOURCE, "a", "last"), (SOURCE, "b", "A")]


def test_a_repeated_row_that_ends_as_it_was_is_unchanged(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [a_team("a", "A")]})
    second, counts = load(facts, first, {"team": [a_team("a", "other"), a_team("a", "A")]})
    assert counts["team"] == Written(read=2, unchanged=1, repeated=1)
    assert second.entities == first.entities


def test_the_same_rows_again_change_nothing_but_the_version(facts: TenantFacts):
    rows = {"team": [a_team("a"), a_team("b")], "product": [{"id": "p", "list_price": Decimal(1)}]}
    first, _ = load(facts, Pin(), rows)
    second, counts = load(facts, first, rows)
    assert second == Pin(2, first.entities)
    assert counts == {"team": Written(read=2, unchanged=2), "product": Written(1, unchanged=1)}


def test_one_id_in_two_sources_is_two_records(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [a_team("a", "ours")]})
    second, counts = load(facts, first, {"team": [a_team("a", "theirs")]}, source="desk")
    assert counts["team"].inserted == 1
    assert now(facts.facts(second)["team"], "name") == [
        (SOURCE, "a", "ours"),
        ("desk", "a", "theirs"),
    ]


def test_a_full_load_deletes_what_its_source_no_longer_has_and_no_other_source(
    facts: TenantFacts,
):
    first, _ = load(facts, Pin(), {"team": [a_team("a"), a_team("b")]})
    first = facts.compact(first, entities=["team"])
    second, _ = load(facts, first, {"team": [a_team("c")]})
    third, _ = load(facts, second, {"team": [a_team("a")]}, source="desk")
    fourth, counts = load(facts, third, {"team": [a_team("b")]}, full=True)
    assert counts["team"] == Written(read=1, unchanged=1, deleted=2)
    assert now(facts.facts(fourth)["team"]) == [(SOURCE, "b"), ("desk", "a")]


def test_a_full_load_of_nothing_deletes_all_of_its_source(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [a_team("a"), a_team("b")]})
    second, counts = load(facts, first, {"team": []}, full=True)
    assert counts["team"] == Written(deleted=2)
    assert now(facts.facts(second)["team"]) == []
    third = facts.compact(second, entities=["team"])
    assert now(facts.facts(third)["team"]) == []


def test_a_deleted_record_that_comes_back_is_inserted(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [a_team("a")]})
    second, _ = load(facts, first, {"team": []}, full=True)
    third, counts = load(facts, second, {"team": [a_team("a")]})
    assert counts["team"] == Written(read=1, inserted=1)
    assert now(facts.facts(third)["team"]) == [(SOURCE, "a")]
    assert now(facts.facts(second)["team"]) == []


def test_a_preview_counts_and_leaves_the_disk_as_it_was(facts: TenantFacts, tmp_path: Path):
    first, _ = load(facts, Pin(), {"team": [a_team("a"), a_team("b")]})
    before = tree(tmp_path)
    rows = {"team": [a_team("a", "new"), a_team("c")]}
    again, counts = load(facts, first, rows, full=True, preview=True)
    assert counts["team"] == Written(read=2, inserted=1, changed=1, deleted=1)
    assert again == first
    assert tree(tmp_path) == before


def test_nothing_is_seen_before_the_pin_is_used(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [a_team("a")]})
    load(facts, first, {"team": [a_team("b")]})
    assert now(facts.facts(first)["team"]) == [(SOURCE, "a")]


def test_a_load_that_is_not_finished_leaves_no_file(facts: TenantFacts, tmp_path: Path):
    first, _ = load(facts, Pin(), {"team": [a_team("a")]})
    root = tree(tmp_path / "root")
    with facts.load(2, START, "x", first) as writer:
        writer.write("team", reader("team", [a_team("b")]), source=SOURCE)
    assert tree(tmp_path / "root") == root
    assert not list((tmp_path / "cache").rglob("spool/*/*.parquet"))


def test_rows_come_back_as_they_went_in(facts: TenantFacts):
    schema = record_schema("opportunity")
    at = datetime(2017, 3, 31, 23, 59, 59, 999_999)
    row = {
        "id": 'Ünïcode\'s "id"\x00\t',
        "name": "",
        "owner_id": "o",
        "stage": "Won",
        "amount": Decimal("-12345678901234.5678"),
        "probability": 0.1,
        "created_at": at,
        "expect_close_on": None,
        "attributes": '{"a": 1}',
        "source": SOURCE,
    }
    rows = pa.Table.from_pylist([row], schema=schema)
    with facts.load(1, START, "x", Pin()) as writer:
        writer.write("opportunity", rows.to_reader(), source=SOURCE)
        pin = writer.finish()
    for landed in (pin, facts.compact(pin, entities=["opportunity"])):
        found = now(facts.facts(landed)["opportunity"], *schema.names)
        assert [dict(zip(["source", "id", *schema.names], row, strict=True)) for row in found] == (
            rows.to_pylist()
        )


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_every_entity_loads_and_reads_all_its_columns(facts: TenantFacts, entity: str):
    pin, _ = load(facts, Pin(), {entity: [{"id": "a"}]})
    found = now(facts.facts(pin)[entity], *record_schema(entity).names)
    assert [row[:2] for row in found] == [(SOURCE, "a")]


def test_many_entities_land_in_one_version(facts: TenantFacts):
    pin, counts = load(facts, Pin(), {entity: [{"id": "a"}] for entity in ENTITIES})
    assert {found.inserted for found in counts.values()} == {1}
    assert [now(found) for found in facts.facts(pin).values()] == [[(SOURCE, "a")]] * len(ENTITIES)


def test_an_entity_is_written_once_a_load(facts: TenantFacts):
    with facts.load(1, START, "x", Pin()) as writer:
        writer.write("team", reader("team", [a_team("a")]), source=SOURCE)
        with pytest.raises(StoreError, match="brings in team once"):
            writer.write("team", reader("team", [a_team("b")]), source=SOURCE)


def test_a_load_is_finished_once(facts: TenantFacts):
    with facts.load(1, START, "x", Pin()) as writer:
        writer.finish()
        with pytest.raises(StoreError, match="finished already"):
            writer.finish()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (pa.table({"id": ["a"]}), "do not have its columns"),
        (
            pa.table({name: [b"\xff"] for name in record_schema("team").names}),
            "do not have its columns",
        ),
        (
            pa.Table.from_pylist([{"name": "A", "source": SOURCE}], record_schema("team")),
            "A record has no id",
        ),
        (
            pa.Table.from_pylist([{"id": "a", "source": "desk"}], record_schema("team")),
            "not of the source 'crm'",
        ),
        (pa.Table.from_pylist([{"id": "a"}], record_schema("team")), "not of the source 'crm'"),
    ],
)
def test_rows_that_are_no_records_are_refused(facts: TenantFacts, rows: pa.Table, said: str):
    with facts.load(1, START, "x", Pin()) as writer, pytest.raises(StoreError, match=said):
        writer.write("team", rows.to_reader(), source=SOURCE)


def test_a_version_comes_after_the_one_before(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [a_team("a")]})
    with pytest.raises(StoreError, match="cannot follow"), facts.load(1, START, "x", first):
        pass


def test_an_unknown_entity_names_the_nearest(facts: TenantFacts):
    with facts.load(1, START, "x", Pin()) as writer, pytest.raises(StoreError, match="'ticket'"):
        writer.write("tickets", reader("ticket", []), source=SOURCE)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../b", "_leases", "a b", "a\n", "é"])
def test_a_tenant_is_named_like_a_folder(store: Store, name: str):
    with pytest.raises(StoreError, match="cannot be a folder"):
        store.tenant(name)


def test_two_tenants_share_nothing(store: Store):
    ours, theirs = store.tenant("ours"), store.tenant("theirs")
    pin, _ = load(ours, Pin(), {"team": [a_team("a", "ours")]})
    other, counts = load(theirs, Pin(), {"team": [a_team("a", "theirs")]})
    assert counts["team"].inserted == 1
    assert now(ours.facts(pin)["team"], "name") == [(SOURCE, "a", "ours")]
    assert now(theirs.facts(other)["team"], "name") == [(SOURCE, "a", "theirs")]


def test_a_load_larger_than_what_is_held_in_memory_is_the_same(facts: TenantFacts):
    count = 1_100_000
    ids = pa.array([str(number) for number in range(count)])

    def stream(names: pa.Array) -> pa.RecordBatchReader:
        schema = record_schema("team")
        given = {"id": ids, "name": names, "source": pa.repeat(SOURCE, count)}
        empty = pa.nulls(count, pa.string())
        columns = [given.get(name, empty) for name in schema.names]
        return pa.Table.from_arrays(columns, schema=schema).to_reader(50_000)

    def write(pin: Pin, names: pa.Array) -> tuple[Pin, Written]:
        with facts.load(pin.seq + 1, START, "x", pin) as writer:
            counts = writer.write("team", stream(names), source=SOURCE)
            return writer.finish(), counts

    first, counts = write(Pin(), pa.repeat("A", count))
    assert counts == Written(read=count, inserted=count)
    first = facts.compact(first)
    every_third = pa.array(["B" if number % 3 == 0 else "A" for number in range(count)])
    second, counts = write(first, every_third)
    changed = (count + 2) // 3
    assert counts == Written(read=count, changed=changed, unchanged=count - changed)
    names = [name for _, _, name in now(facts.facts(second)["team"], "name")]
    assert (names.count("A"), names.count("B")) == (count - changed, changed)
