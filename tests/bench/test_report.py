"""A section of the document is replaced by its own bench and no other; differences are told."""

import duckdb
import pytest

from bench.equality import compare
from bench.report import Line, Section, write


def _section(title, measured, *, met=True):
    return Section(title, "What it is.", (Line("time", measured, "at most 1 s", met),))


def test_a_bench_replaces_its_own_section_alone(tmp_path):
    document = tmp_path / "docs" / "benchmarks.md"
    write(document, [_section("One", "1 s"), _section("Two", "2 s")], "day 1", "a machine")
    write(document, [_section("One", "3 s", met=False)], "day 2", "a machine")
    text = document.read_text()
    assert "| time | at most 1 s | 3 s | no |" in text
    assert "| time | at most 1 s | 2 s | yes |" in text
    assert "| 1 s |" not in text
    assert text.count("## ") == 2
    assert text.startswith("# Benchmarks\n")


def _numbers(path, rows):
    with duckdb.connect() as base:
        base.execute(
            "CREATE TABLE t (kpi VARCHAR, m SMALLINT, level VARCHAR, id VARCHAR, value DOUBLE)"
        )
        base.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)
        base.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize(
    ("other", "differing"),
    [
        ([("a", 0, "tenant", None, 10.0), ("b", 0, "owner", "x", 1.0)], {}),
        ([("a", 0, "tenant", None, 10.0 + 1e-9), ("b", 0, "owner", "x", 1.0)], {}),
        ([("a", 0, "tenant", None, 10.1), ("b", 0, "owner", "x", 1.0)], {"a": 1}),
        ([("b", 0, "owner", "x", 1.0)], {"a": 1}),
        ([("a", 0, "tenant", None, 10.0), ("b", 0, "owner", "y", 1.0)], {"b": 2}),
        ([("a", 0, "tenant", None, None), ("b", 0, "owner", "x", 1.0)], {"a": 1}),
    ],
)
def test_numbers_are_compared_one_by_one(tmp_path, other, differing):
    mine = [("a", 0, "tenant", None, 10.0), ("b", 0, "owner", "x", 1.0)]
    one = _numbers(tmp_path / "one.parquet", mine)
    found = compare(one, _numbers(tmp_path / "other.parquet", other))
    assert found.differing == differing
    assert found.same is (not differing)
