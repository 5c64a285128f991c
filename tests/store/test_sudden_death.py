"""A process may be killed at any moment: the version before or the new one is there, whole."""

import random
import signal
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest

from tests.store import crashing
from tests.store.crashing import (
    expected,
    landed,
    loads,
    loads_until,
    reads_until_done,
    tenant,
    told,
)

_RANDOM = random.Random(2)
TOUCHES = sorted(_RANDOM.sample(range(5, 600), 15))
DELAYS = [_RANDOM.uniform(0.02, 0.6) for _ in range(10)]


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """A server of processes that have everything imported, so that each starts at once."""
    context = get_context("forkserver")
    context.set_forkserver_preload([crashing.__name__])
    return context


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all deaths: each process finds what the one before has left."""
    return tmp_path_factory.mktemp("deaths")


def check(folder: Path) -> None:
    there = landed(folder)
    facts = tenant(folder)
    assert told(facts, there.pin) == expected(there.seqs)


def die(process: ForkServerProcess, wait: float | None = None) -> None:
    process.start()
    process.join(wait)
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("touch", TOUCHES)
def test_killed_at_a_touch_of_the_disk(processes: ForkServerContext, folder: Path, touch: int):
    die(processes.Process(target=loads_until, args=(folder, touch)))
    check(folder)


@pytest.mark.parametrize("delay", DELAYS)
def test_killed_after_a_while(processes: ForkServerContext, folder: Path, delay: float):
    die(processes.Process(target=loads, args=(folder, 1_000)), delay)
    check(folder)


def test_after_all_deaths_loads_land_and_nothing_is_left_over(folder: Path):
    before = landed(folder).seqs
    loads(folder, 3)
    check(folder)
    there = landed(folder)
    assert len(there.seqs) == len(before) + 3
    facts = tenant(folder)
    compacted = facts.compact(there.pin, entities=crashing.ENTITIES)
    facts.clean([compacted])
    spools = folder.glob("cache/*/acme/spool/*")
    assert [path.name for path in spools] == ["claims"]
    assert not list(folder.glob("cache/*/acme/spool/claims/[!.]*"))
    held = facts.facts(compacted)
    needed = {file for found in held.values() for file in (*found.current, *found.changes)}
    assert {str(file) for file in folder.glob("root/acme/*/*/*.parquet")} == needed
    assert told(facts, compacted) == expected(there.seqs)


def test_two_processes_read_whole_versions_while_one_writes(
    processes: ForkServerContext, tmp_path: Path
):
    loads(tmp_path, 1)
    readers = [
        processes.Process(target=reads_until_done, args=(tmp_path, tmp_path / f"reader-{number}"))
        for number in range(2)
    ]
    for reader in readers:
        reader.start()
    loads(tmp_path, 12)
    (tmp_path / "done").touch()
    for reader in readers:
        reader.join()
    said = [(tmp_path / f"reader-{number}").read_text() for number in range(2)]
    assert all(text.isdigit() and int(text) > 1 for text in said), said
