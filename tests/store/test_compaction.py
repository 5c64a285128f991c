"""Compaction changes where facts lie and nothing of what they say."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from kpi_engine.errors import StoreError
from kpi_engine.store.pins import Pin
from kpi_engine.store.store import Store
from kpi_engine.store.tenant import TenantFacts
from tests.store.records import SOURCE, history, load, now, rows

DAY = datetime(2025, 1, 1)


def visits(count: int) -> list[dict[str, object]]:
    """Rows whose time runs against their ids, some without a time."""
    return [
        {
            "id": f"{number:06}",
            "kind": "visited",
            "occurred_at": DAY - timedelta(minutes=number) if number % 100 else None,
        }
        for number in range(count)
    ]


def test_current_is_sorted_by_time_and_its_positions_count_up(facts: TenantFacts):
    pin, _ = load(facts, Pin(), {"touch": visits(3_000)})
    found = facts.facts(facts.compact(pin, entities=["touch"]))["touch"]
    (file,) = found.current
    table = pq.read_table(file)
    times = table["occurred_at"].to_pylist()
    known = [time for time in times if time is not None]
    assert known == sorted(known)
    assert times[len(known) :] == [None] * 30
    assert table["pos"].to_pylist() == list(range(3_000))
    assert set(table["versions"].to_pylist()) == {1}
    assert pq.ParquetFile(file).metadata.row_group(0).column(0).compression == "SNAPPY"


def test_row_groups_of_current_prune_by_time(facts: TenantFacts):
    pin, _ = load(facts, Pin(), {"touch": visits(250_000)})
    found = facts.facts(facts.compact(pin))["touch"]
    metadata = pq.ParquetFile(found.current[0]).metadata
    column = metadata.schema.names.index("occurred_at")
    spans = [
        metadata.row_group(group).column(column).statistics
        for group in range(metadata.num_row_groups)
    ]
    assert metadata.num_row_groups == 3
    assert all(one.max <= other.min for one, other in pairwise(spans))
    assert found.tail == ()


def test_versions_of_a_record_count_on_through_compactions_and_deletions(facts: TenantFacts):
    def loaded(pin: Pin, name: str | None, *, compacted: bool) -> Pin:
        given = [{"id": "a", "name": name}] if name else []
        pin, _ = load(facts, pin, {"team": [{"id": "z"}, *given]}, full=True)
        return facts.compact(pin, entities=["team"]) if compacted else pin

    pin = Pin()
    for name, compacted, expected in (
        ("one", True, 1),
        ("two", False, None),
        ("three", True, 3),
        (None, True, None),
        ("five", True, 5),
        (None, False, None),
        ("seven", True, 7),
    ):
        pin = loaded(pin, name, compacted=compacted)
        if expected:
            (file,) = facts.facts(pin)["team"].current
            told = rows(f"SELECT versions FROM read_parquet('{file}') WHERE id = 'a'")
            assert told == [(expected,)]
    names = [name for _, id_, name, *_ in history(facts.facts(pin)["team"], "name") if id_ == "a"]
    assert names == ["one", "two", "three", "five", "seven"]


def test_the_old_pin_reads_on_and_the_new_one_says_the_same(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]})
    second, _ = load(facts, first, {"team": [{"id": "b", "name": "C"}]}, full=True)
    third = facts.compact(second, entities=["team"])
    assert third != second
    old, new = facts.facts(second)["team"], facts.facts(third)["team"]
    assert (old.base, new.base, new.tail) == (0, 2, ())
    assert now(old, "name") == now(new, "name") == [(SOURCE, "b", "C")]
    assert history(old, "name") == history(new, "name")


def test_small_files_of_changes_are_joined_and_old_versions_read_as_before(
    facts: TenantFacts, tmp_path: Path
):
    pins = [Pin()]
    for number in range(20):
        given = [{"id": "a", "name": str(number)}, {"id": str(number)}]
        pins.append(load(facts, pins[-1], {"team": given})[0])
    compacted = facts.compact(pins[-1], entities=["team"])
    found = facts.facts(compacted)["team"]
    assert len(found.changes) == 1
    facts.clean([compacted])
    assert len(list((tmp_path / "root" / "acme" / "team").glob("*/*.parquet"))) == 2
    later, _ = load(facts, compacted, {"team": [{"id": "a", "name": "later"}]})
    for number, pin in enumerate(pins[1:]):
        expected = {str(id_): None for id_ in range(number + 1)} | {"a": str(number)}
        told = {id_: name for _, id_, name in now(facts.facts(pin)["team"], "name")}
        assert told == expected
    assert ("crm", "a", "later") in now(facts.facts(later)["team"], "name")
    assert len(history(facts.facts(later)["team"])) == 20 + 21


def test_the_tables_are_delta_tables_that_others_read(facts: TenantFacts, tmp_path: Path):
    first, _ = load(facts, Pin(), {"touch": visits(100)})
    second, _ = load(facts, first, {"touch": visits(50)}, full=True)
    third = facts.compact(second, entities=["touch"])
    folder = tmp_path / "root" / "acme" / "touch"
    changes, current = (DeltaTable(folder / name) for name in ("changes", "current"))
    assert changes.to_pyarrow_table().num_rows == 150
    assert pc.max(current.to_pyarrow_table()["pos"]).as_py() == 49
    assert (changes.version(), current.version()) == (
        third.entities["touch"].changes,
        third.entities["touch"].current,
    )
    assert changes.count() == 150


def test_only_entities_with_a_long_tail_need_it(facts: TenantFacts):
    teams = [{"id": str(number)} for number in range(50_001)]
    pin, _ = load(facts, Pin(), {"team": teams, "product": teams[:50_000]})
    assert facts.needs_compaction(pin) == ("team",)
    pin = facts.compact(pin)
    assert pin.entities["team"].base == 1
    assert pin.entities["product"].current is None
    assert facts.needs_compaction(pin) == ()
    for number in range(41):
        pin, _ = load(facts, pin, {"product": [{"id": "0", "name": str(number)}]})
    assert facts.needs_compaction(pin) == ("product",)


def test_a_damaged_current_is_told_and_made_anew_from_the_history(
    facts: TenantFacts, tmp_path: Path
):
    first, _ = load(facts, Pin(), {"team": [{"id": "a", "name": "A"}, {"id": "b"}]})
    first = facts.compact(first, entities=["team"])
    second, _ = load(facts, first, {"team": [{"id": "a", "name": "B"}]}, full=True)
    (file,) = facts.facts(second)["team"].current
    Path(file).unlink()
    fresh = Store(str(tmp_path / "root"), tmp_path / "cache").tenant("acme")
    with pytest.raises(StoreError, match="Compact the tenant's store anew"):
        _ = fresh.facts(second)["team"]
    third = fresh.compact(second, entities=["team"], anew=True)
    assert now(fresh.facts(third)["team"], "name") == [(SOURCE, "a", "B")]
    assert len(history(fresh.facts(third)["team"])) == 3


def test_facts_say_when_the_tail_needs_no_thought(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [{"id": "a"}, {"id": "b"}]})
    second, _ = load(facts, first, {"team": [{"id": "c"}]})
    third, _ = load(facts, second, {"team": [{"id": "c", "name": "C"}]})
    fourth = facts.compact(third, entities=["team"])
    fifth, _ = load(facts, fourth, {"team": [{"id": "a", "name": "A"}]})
    sixth, _ = load(facts, fifth, {"team": [{"id": "a", "name": "A"}]}, full=True)
    told = {
        pin.seq: (pin.entities["team"].rewritten, facts.facts(pin)["team"].tail_unique)
        for pin in (first, second, third, fifth, sixth)
    }
    assert told == {
        1: (False, True),
        2: (False, True),
        3: (True, False),
        4: (True, True),
        5: (True, False),
    }
