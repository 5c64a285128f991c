"""What the tests of sudden death run in other processes: loads, told by their number alone.

What has landed is kept as the portal keeps it, changed in one step: here by renaming a file.
"""

import json
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpi_engine.store.pins import Pin
from kpi_engine.store.store import Store
from kpi_engine.store.tenant import TenantFacts
from tests.store.records import load, now

ENTITIES = ("product", "team")
RECORDS = 40
TOUCHES = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"})
"""The events of Python that touch the disk: a test counts them to the moment of death."""

Told = dict[str, dict[str, tuple[str, int]]]
"""By entity and id: the name, and the version that the record is of."""


@dataclass(frozen=True)
class Landed:
    """The pin, and which loads it is made of."""

    pin: Pin
    seqs: tuple[int, ...] = ()

    def store(self, folder: Path) -> None:
        beside = folder / f"landed-{os.getpid()}"
        beside.write_text(json.dumps([self.pin.to_json(), self.seqs]))
        beside.replace(folder / "landed.json")


def tenant(folder: Path) -> TenantFacts:
    return Store(str(folder / "root"), folder / "cache").tenant("acme")


def landed(folder: Path) -> Landed:
    file = folder / "landed.json"
    if not file.exists():
        return Landed(Pin())
    pin, seqs = json.loads(file.read_text())
    return Landed(Pin.from_json(pin), tuple(seqs))


def rows_of(seq: int) -> tuple[dict[str, list[dict[str, Any]]], bool]:
    """Return the rows of a load, and whether it is full."""
    teams = range(seq % 3, RECORDS, 2)
    products = range(RECORDS - seq % 7)
    rows = {
        "team": [{"id": str(number), "name": str(seq)} for number in teams],
        "product": [{"id": str(number), "name": str(seq)} for number in products],
    }
    return rows, seq % 5 == 0


def expected(seqs: Iterable[int]) -> Told:
    """Return what a store says in which these loads have landed."""
    said: Told = {entity: {} for entity in ENTITIES}
    for seq in seqs:
        rows, full = rows_of(seq)
        for entity, given in rows.items():
            if full:
                said[entity].clear()
            said[entity] |= {row["id"]: (row["name"], seq) for row in given}
    return said


def told(facts: TenantFacts, pin: Pin) -> Told:
    """Return what the store says at a pin."""
    found = facts.facts(pin)
    said: Told = {entity: {} for entity in ENTITIES}
    for entity in found:
        rows = now(found[entity], "name", "seq")
        said[entity] = {id_: (name, seq) for _, id_, name, seq in rows}
    return said


def loads(folder: Path, count: int) -> None:
    """Land loads, and compact and clean up in between."""
    facts = tenant(folder)
    for _ in range(count):
        before = landed(folder)
        seq = _never_tried(folder)
        rows, full = rows_of(seq)
        pin, _ = load(facts, before.pin, rows, seq=seq, full=full)
        after = Landed(pin, (*before.seqs, seq))
        after.store(folder)
        if seq % 3 == 0:
            compacted = facts.compact(pin, entities=ENTITIES)
            Landed(compacted, after.seqs).store(folder)
        if seq % 4 == 0:
            facts.clean([landed(folder).pin])


def loads_until(folder: Path, touch: int) -> None:
    """Load until the disk was touched so many times, then die at once."""
    left = touch

    def count(name: str, _: object) -> None:
        nonlocal left
        if name in TOUCHES:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    loads(folder, 1_000)


def reads_until_done(folder: Path, out: Path) -> None:
    """Read what has landed again and again; write how many versions were seen, or an error."""
    facts = tenant(folder)
    seen: set[int] = set()
    while not (folder / "done").exists():
        there = landed(folder)
        with facts.lease(there.pin):
            if told(facts, there.pin) != expected(there.seqs):
                out.write_text(f"wrong at {there}: {told(facts, there.pin)}")
                return
        seen.add(there.pin.seq)
    out.write_text(str(len(seen)))


def _never_tried(folder: Path) -> int:
    """Return the next version, which no load has had, be it dead."""
    with (folder / "tries").open("ab") as file:
        file.write(b".")
        return file.tell()
