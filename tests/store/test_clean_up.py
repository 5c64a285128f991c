"""Clean-up removes what nobody needs, and never what a reader holds."""

import subprocess
import sys
from pathlib import Path

import pytest

from kpi_engine.errors import StoreError
from kpi_engine.store.cleaning import Cleaned
from kpi_engine.store.pins import Pin
from kpi_engine.store.store import Store
from kpi_engine.store.tenant import TenantFacts
from tests.store.records import SOURCE, history, load, now

READER = """
import sys
from pathlib import Path
from kpi_engine.store.pins import Pin
from kpi_engine.store.store import Store
facts = Store(sys.argv[1], Path(sys.argv[2])).tenant("acme")
with facts.lease(Pin.from_json(sys.argv[3])) as held:
    print(held["team"].current[0], flush=True)
    sys.stdin.read()
"""


def rewritten(facts: TenantFacts) -> tuple[Pin, Pin]:
    """Return a compacted pin, and the one that took its place."""
    pin, _ = load(facts, Pin(), {"team": [{"id": "a", "name": "A"}]})
    old = facts.compact(pin, entities=["team"])
    pin, _ = load(facts, old, {"team": [{"id": "a", "name": "B"}]})
    return old, facts.compact(pin, entities=["team"])


def test_a_pin_that_is_kept_keeps_its_files(facts: TenantFacts):
    old, new = rewritten(facts)
    (file,) = facts.facts(old)["team"].current
    assert facts.clean([old, new]) == Cleaned()
    assert Path(file).exists()
    size = Path(file).stat().st_size
    assert facts.clean([new]) == Cleaned(1, size)
    assert not Path(file).exists()


def test_a_version_whose_current_is_gone_is_read_from_the_history(facts: TenantFacts):
    old, new = rewritten(facts)
    before = now(facts.facts(old)["team"], "name"), history(facts.facts(old)["team"], "name")
    facts.clean([new])
    found = facts.facts(old)["team"]
    assert (found.current, found.base) == ((), 0)
    assert (now(found, "name"), history(found, "name")) == before
    assert now(found, "name") == [(SOURCE, "a", "A")]


def test_a_leased_reader_reads_through_compaction_and_clean_up(facts: TenantFacts):
    old, new = rewritten(facts)
    with facts.lease(old) as held:
        assert facts.clean([new]) == Cleaned()
        assert now(held["team"], "name") == [(SOURCE, "a", "A")]
        assert held["team"].current
    assert facts.clean([new]).files == 1


def test_a_lease_may_be_for_some_entities(facts: TenantFacts):
    pin, _ = load(facts, Pin(), {"team": [{"id": "a"}], "product": [{"id": "p"}]})
    with facts.lease(pin, ["team", "quota"]) as held:
        assert list(held) == ["team"]


def test_a_lease_of_another_process_ends_when_it_is_killed(facts: TenantFacts, tmp_path: Path):
    old, new = rewritten(facts)
    places = [str(tmp_path / "root"), str(tmp_path / "cache"), old.to_json()]
    with subprocess.Popen(
        [sys.executable, "-c", READER, *places],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        file = Path(reader.stdout.readline().strip())
        assert file.exists()
        assert facts.clean([new]) == Cleaned()
        assert file.exists()
        reader.kill()
        reader.wait()
        assert facts.clean([new]).files == 1
        assert not file.exists()


def test_facts_found_before_a_clean_up_of_another_process_are_found_anew(
    facts: TenantFacts, tmp_path: Path
):
    old, new = rewritten(facts)
    assert facts.facts(old)["team"].current
    other = Store(str(tmp_path / "root"), tmp_path / "cache2").tenant("acme")
    other.clean([new])
    assert now(facts.facts(old)["team"], "name") == [(SOURCE, "a", "A")]


def test_files_that_no_table_knows_are_removed(facts: TenantFacts, tmp_path: Path):
    pin, _ = load(facts, Pin(), {"team": [{"id": "a"}]})
    stray = tmp_path / "root" / "acme" / "team" / "changes" / "stray.parquet"
    stray.write_bytes(b"cut off")
    assert facts.clean([pin]) == Cleaned(1, 7)
    assert not stray.exists()
    assert now(facts.facts(pin)["team"]) == [(SOURCE, "a")]


def test_rows_of_a_dead_load_go_with_the_roll_back_and_the_next_clean_up(
    facts: TenantFacts, tmp_path: Path
):
    pin, _ = load(facts, Pin(), {"team": [{"id": "a"}]})
    load(facts, pin, {"team": [{"id": "dead"}], "product": [{"id": "dead"}]})
    facts.roll_back(pin)
    facts.roll_back(pin)
    assert facts.clean([pin]).files == 2
    landed, counts = load(facts, pin, {"team": [{"id": "b"}], "product": [{"id": "p"}]}, seq=3)
    assert (counts["team"].inserted, counts["product"].inserted) == (1, 1)
    assert now(facts.facts(landed)["team"]) == [(SOURCE, "a"), (SOURCE, "b")]
    assert now(facts.facts(landed)["product"]) == [(SOURCE, "p")]
    assert len(list((tmp_path / "root" / "acme").glob("*/*/*.parquet"))) == 3


def test_rows_of_a_dead_load_do_not_surface_with_the_next_one(facts: TenantFacts):
    pin, _ = load(facts, Pin(), {"team": [{"id": "a"}], "product": [{"id": "p"}]})
    load(facts, pin, {"team": [{"id": "dead"}], "product": [{"id": "dead"}]})
    third, _ = load(facts, pin, {"team": [{"id": "b"}]}, seq=3)
    fourth, counts = load(facts, third, {"product": [{"id": "dead"}]})
    assert counts["product"].inserted == 1
    assert now(facts.facts(third)["product"]) == [(SOURCE, "p")]
    assert now(facts.facts(fourth)["team"]) == [(SOURCE, "a"), (SOURCE, "b")]


def test_rolling_back_what_landed_changes_nothing(facts: TenantFacts, tmp_path: Path):
    _, new = rewritten(facts)
    before = sorted(str(file) for file in (tmp_path / "root").rglob("*"))
    facts.roll_back(new)
    assert sorted(str(file) for file in (tmp_path / "root").rglob("*")) == before
    assert now(facts.facts(new)["team"], "name") == [(SOURCE, "a", "B")]


def test_derived_leftovers_go_with_their_files(facts: TenantFacts, tmp_path: Path):
    _, new = rewritten(facts)
    facts.clean([new])
    indexes = {file.name for file in (tmp_path / "cache").rglob("index/*")}
    files = {file.stem for file in (tmp_path / "root" / "acme").glob("*/*/*.parquet")}
    assert indexes <= files
    assert indexes


def test_a_clean_up_that_keeps_nothing_is_refused(facts: TenantFacts):
    with pytest.raises(StoreError, match="Nothing would be kept"):
        facts.clean([])
