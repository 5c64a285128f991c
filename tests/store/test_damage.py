"""A file of a pinned version that is missing or damaged is one sentence, never a wrong number."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kpi_engine.errors import StoreError
from kpi_engine.store.pins import Pin
from kpi_engine.store.store import Store
from kpi_engine.store.tenant import TenantFacts
from tests.store.records import load


def remove(file: Path) -> None:
    file.unlink()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def replace(file: Path) -> None:
    file.write_bytes(b"<html>" * (file.stat().st_size // 6 + 1))


def lose_its_end(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:-4] + b"\0\0\0\0")


@pytest.fixture
def landed(facts: TenantFacts) -> Pin:
    pin, _ = load(facts, Pin(), {"team": [{"id": "a"}], "product": [{"id": "p"}]})
    return pin


def again(tmp_path: Path) -> TenantFacts:
    return Store(str(tmp_path / "root"), tmp_path / "cache").tenant("acme")


@pytest.mark.parametrize("damage", [remove, cut, empty, replace, lose_its_end])
def test_a_damaged_file_of_changes_is_named(
    landed: Pin, tmp_path: Path, damage: Callable[[Path], None]
):
    (file,) = (tmp_path / "root" / "acme" / "team" / "changes").glob("*.parquet")
    damage(file)
    with pytest.raises(StoreError, match=f"{file.name} of team is missing or damaged, so version"):
        _ = again(tmp_path).facts(landed)["team"]


def test_the_other_entities_are_still_read(landed: Pin, tmp_path: Path):
    for file in (tmp_path / "root" / "acme" / "team" / "changes").glob("*.parquet"):
        file.unlink()
    assert again(tmp_path).facts(landed)["product"].tail_rows == 1


def test_a_load_onto_a_damaged_entity_is_refused(landed: Pin, tmp_path: Path):
    for file in (tmp_path / "root" / "acme" / "team" / "changes").glob("*.parquet"):
        cut(file)
    with pytest.raises(StoreError, match="missing or damaged"):
        load(again(tmp_path), landed, {"team": [{"id": "b"}]})


def test_bytes_that_flipped_inside_a_file_are_told_when_they_are_read(landed: Pin, tmp_path: Path):
    (file,) = (tmp_path / "root" / "acme" / "team" / "changes").glob("*.parquet")
    data = bytearray(file.read_bytes())
    for place in range(4, len(data) - 60):
        data[place] ^= 0x55
    file.write_bytes(bytes(data))
    with pytest.raises(StoreError, match=r"cannot be read: .*Bring the store back from a backup"):
        again(tmp_path).compact(landed, entities=["team"])


def test_a_check_names_a_file_in_which_one_bit_flipped(facts: TenantFacts, tmp_path: Path):
    rows = [{"id": str(number), "name": f"team {number}"} for number in range(500)]
    pin, _ = load(facts, Pin(), {"team": rows, "product": [{"id": "p"}]})
    pin = facts.compact(pin, entities=["team"])
    assert facts.damaged(pin) == ()
    (file,) = (tmp_path / "root" / "acme" / "team" / "current").glob("*.parquet")
    group = pq.ParquetFile(file).metadata.row_group(0)
    ends = [
        group.column(number).data_page_offset + group.column(number).total_compressed_size
        for number in range(group.num_columns)
        if not group.column(number).has_dictionary_page
    ]
    assert ends
    # The last bytes of a column's only page are data, whatever its header says.
    for place in (end - 5 for end in ends):
        data = bytearray(file.read_bytes())
        data[place] ^= 1
        file.write_bytes(bytes(data))
        assert facts.damaged(pin) == (f"acme/team/current/{file.name}",)
        data[place] ^= 1
        file.write_bytes(bytes(data))
    assert facts.damaged(pin) == ()


def test_a_store_that_was_taken_away_is_told(landed: Pin, tmp_path: Path):
    (tmp_path / "root").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="missing or damaged"):
        _ = again(tmp_path).facts(landed)["team"]


def test_a_log_that_is_no_log_is_told(landed: Pin, tmp_path: Path):
    (log,) = (tmp_path / "root" / "acme" / "team" / "changes" / "_delta_log").glob("*.json")
    log.write_text("{")
    with pytest.raises(StoreError, match="The log of acme/team/changes is damaged"):
        _ = again(tmp_path).facts(landed)["team"]


def test_a_list_of_files_in_the_cache_that_lies_is_not_believed(landed: Pin, tmp_path: Path):
    (manifest,) = (tmp_path / "cache").rglob("team/changes-0.json")
    manifest.write_text(manifest.read_text()[:-3])
    assert again(tmp_path).facts(landed)["team"].tail_rows == 1
    (manifest,) = (tmp_path / "cache").rglob("team/changes-0.json")
    manifest.write_text('{"stamp": null, "files": []}')
    assert again(tmp_path).facts(landed)["team"].tail_rows == 1


def test_a_store_made_anew_in_the_same_folder_is_not_read_from_an_old_cache(
    landed: Pin, tmp_path: Path
):
    (tmp_path / "root").rename(tmp_path / "elsewhere")
    pin, counts = load(again(tmp_path), Pin(), {"team": [{"id": "x"}, {"id": "y"}]})
    assert counts["team"].inserted == 2
    assert again(tmp_path).facts(pin)["team"].tail_rows == 2


@pytest.mark.parametrize("root", ["ftp://server/facts", "/facts/*", "facts[1]"])
def test_a_place_that_cannot_be_read_from_is_refused(tmp_path: Path, root: str):
    with pytest.raises(StoreError, match="cannot lie at"):
        Store(root, tmp_path)
