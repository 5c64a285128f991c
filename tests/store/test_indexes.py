"""The index is derived: without it, or with a bad one, a load does the same."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kpi_engine.store.hashes import Hashes
from kpi_engine.store.pins import Pin
from kpi_engine.store.runs import Runs
from kpi_engine.store.segments import NOWHERE, Segment, SegmentWriter, pack
from kpi_engine.store.store import Store
from kpi_engine.store.tenant import TenantFacts
from kpi_engine.store.writing import Written
from tests.store.records import load

NAMES = [{"id": str(number), "name": "A"} for number in range(50)]


def segments(cache: Path) -> list[Path]:
    return sorted(file for file in cache.rglob("index/*") if file.is_file())


def remove(file: Path) -> None:
    file.unlink()


def empty(file: Path) -> None:
    file.write_bytes(b"")


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 8)


def lengthen(file: Path) -> None:
    file.write_bytes(file.read_bytes() + bytes(8))


def flip_a_bit(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-20] ^= 1
    file.write_bytes(bytes(data))


def write_noise(file: Path) -> None:
    file.write_bytes(os.urandom(file.stat().st_size))


def say_another_release(file: Path) -> None:
    with file.open("r+b") as handle:
        header = json.loads(handle.read(4096).rstrip(b"\0"))
        handle.seek(0)
        handle.write(json.dumps({**header, "duckdb": "0.0.1"}).encode())
    os.utime(file, ns=(946_684_800_000_000_001, 946_684_800_000_000_001))


DAMAGES = [remove, empty, cut, lengthen, flip_a_bit, write_noise, say_another_release]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_made_again(
    facts: TenantFacts, tmp_path: Path, damage: Callable[[Path], None]
):
    first, _ = load(facts, Pin(), {"team": NAMES})
    compacted = facts.compact(first, entities=["team"])
    second, _ = load(facts, compacted, {"team": [{"id": "3", "name": "B"}]})
    found = segments(tmp_path / "cache")
    assert len(found) == 3
    for file in found:
        damage(file)
    rows = [{"id": "3", "name": "B"}, {"id": "4", "name": "C"}, {"id": "new", "name": "D"}]
    _, counts = load(facts, second, {"team": rows})
    assert counts["team"] == Written(read=3, inserted=1, changed=1, unchanged=1)


def test_an_index_made_from_the_file_is_the_one_that_the_load_wrote(
    facts: TenantFacts, tmp_path: Path
):
    first, _ = load(facts, Pin(), {"team": NAMES})
    compacted = facts.compact(first, entities=["team"])
    rows = [{"id": "3", "name": "B"}, {"id": "9", "name": ""}, {"id": "new"}]
    second, _ = load(facts, compacted, {"team": rows})
    third, _ = load(facts, second, {"team": [{"id": "9", "name": None}]}, full=True)
    before = {file.name: contents(file) for file in segments(tmp_path / "cache")}
    for file in segments(tmp_path / "cache"):
        file.unlink()
    load(facts, third, {"team": NAMES}, preview=True)
    after = {file.name: contents(file) for file in segments(tmp_path / "cache")}
    assert len(after) == 4
    assert {name: found for name, found in before.items() if name in after} == after


def contents(file: Path) -> list[tuple[int, ...]]:
    found = Segment.open(file, "team")
    assert found is not None
    return found.entries().tolist()


def test_stores_that_share_a_cache_do_not_mix(tmp_path: Path):
    one = Store(str(tmp_path / "one"), tmp_path / "cache").tenant("acme")
    other = Store(str(tmp_path / "other"), tmp_path / "cache").tenant("acme")
    load(one, Pin(), {"team": NAMES})
    _, counts = load(other, Pin(), {"team": NAMES})
    assert counts["team"].inserted == len(NAMES)


def test_keys_that_share_their_first_hash_are_told_apart(tmp_path: Path):
    first = np.array([5, 5, 5, 7], np.uint64)
    second = np.array([1, 2, 4, 1], np.uint64)
    place = pack(np.arange(4), np.zeros(4, np.bool_))
    with Runs(tmp_path / "runs") as runs:
        runs.add(Hashes(first, second, second), place)
        with SegmentWriter(tmp_path / "segment", "team", 4) as writer:
            for entries in runs.sorted():
                writer.write(entries)
    segment = Segment.open(tmp_path / "segment", "team")
    assert segment is not None
    with Runs(tmp_path / "asked") as asked:
        words = np.array([4, 5, 5, 5, 5, 7, 9], np.uint64)
        others = np.array([1, 1, 2, 3, 4, 2, 1], np.uint64)
        asked.add(Hashes(words, others, others), np.zeros(7, np.int64))
        keys = next(iter(asked.sorted()))
    assert segment.find(keys).at.tolist() == [NOWHERE, 0, 1, NOWHERE, 2, NOWHERE, NOWHERE]


def test_keys_on_disk_come_back_sorted_and_equal_ones_in_one_run(tmp_path: Path):
    rng = np.random.default_rng(7)
    hashes = [rng.integers(0, 2**64, 5_000, np.uint64) for _ in range(2)]
    with (
        Runs(tmp_path / "small", in_memory=1_000) as small,
        Runs(tmp_path / "large") as large,
    ):
        for start in range(0, 5_000, 600):
            span = slice(start, start + 600)
            # Every key comes twice, so that the later one must be last.
            for number in (start, start + 100_000):
                marks = np.arange(number, number + len(hashes[0][span]), dtype=np.int64)
                for runs in (small, large):
                    runs.add(Hashes(hashes[0][span], hashes[1][span], hashes[1][span]), marks)
        in_parts = list(small.sorted())
        at_once = list(large.sorted())
    assert len(in_parts) == 64
    assert len(at_once) == 1
    assert np.concatenate(in_parts).tolist() == at_once[0].tolist()
    marks = at_once[0]["mark"]
    assert (marks[1::2] - marks[::2] == 100_000).all()
    assert not (tmp_path / "small").exists()


def test_a_large_segment_finds_few_keys_and_many_alike(tmp_path: Path):
    rng = np.random.default_rng(8)
    count = 70_000
    words = rng.integers(0, 2**64, (2, count), np.uint64)
    with Runs(tmp_path / "runs") as runs:
        gone = np.arange(count) % 5 == 0
        runs.add(Hashes(words[0], words[1], words[1]), pack(np.arange(count), gone))
        entries = next(iter(runs.sorted()))
    with SegmentWriter(tmp_path / "segment", "team", count + 3) as writer:
        writer.write(entries[:1_000])
        writer.write(entries[1_000:])
    segment = Segment.open(tmp_path / "segment", "team")
    assert segment is not None
    for step in (1, 7, 20_000):
        hits = segment.find(entries[::step])
        assert hits.at.tolist() == list(range(0, count, step))
        assert hits.content.tolist() == entries["content"][::step].tolist()
        assert hits.marks.tolist() == entries["mark"][::step].tolist()
