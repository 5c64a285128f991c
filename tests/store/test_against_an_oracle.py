"""Whatever is loaded, compacted, cleaned or lost: each version reads as a plain dict says."""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kpi_engine.store.pins import Pin
from kpi_engine.store.store import Store
from kpi_engine.store.writing import Written
from tests.store.records import history, known_at, load, now

pytestmark = pytest.mark.slow

FOREVER = datetime(9999, 12, 31)
ALWAYS = datetime(1, 1, 1)

ENTITIES = {"touch": "kind", "product": "name"}
"""One that is placed in time and one that is not, each with the column that the test changes."""
Key = tuple[str, str]

Rows = list[tuple[str, str | None]]
rows = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([None, "", "x"])), max_size=5)
loads = st.one_of(
    st.fixed_dictionaries({"touch": rows}), st.fixed_dictionaries(dict.fromkeys(ENTITIES, rows))
)
sources = st.sampled_from(["crm", "crm", "desk"])


@dataclass
class Oracle:
    """All versions of all records, by the plainest means."""

    versions: dict[Key, list[tuple[datetime, str | None, bool]]] = field(default_factory=dict)
    """For each key its versions: since when, value, whether it is a deletion."""

    def now(self) -> dict[Key, str | None]:
        last = {key: versions[-1] for key, versions in self.versions.items()}
        return {key: value for key, (_, value, gone) in sorted(last.items()) if not gone}

    def history(self) -> list[tuple[str, str, str | None, datetime, datetime, datetime]]:
        found = []
        for (source, id_), versions in sorted(self.versions.items()):
            starts = [ALWAYS, *(at for at, _, _ in versions[1:])]
            ends = [*(at for at, _, _ in versions[1:]), FOREVER]
            spans = zip(versions, starts, ends, strict=True)
            held = [(value, start, end) for (_, value, gone), start, end in spans if not gone]
            then = [*(start for _, start, _ in held[1:]), FOREVER]
            found += [
                (source, id_, *span, following) for span, following in zip(held, then, strict=True)
            ]
        return found

    def load(
        self, at: datetime, given: Iterable[tuple[str, str | None]], source: str, *, full: bool
    ) -> Written:
        given = list(given)
        last = dict(given)
        before = self.now()
        counts = {"inserted": 0, "changed": 0, "unchanged": 0, "deleted": 0}
        for id_, value in last.items():
            key = (source, id_)
            if key not in before:
                kind = "inserted"
            else:
                kind = "unchanged" if before[key] == value else "changed"
            counts[kind] += 1
            if kind != "unchanged":
                self.versions.setdefault(key, []).append((at, value, False))
        for key in before:
            if full and key[0] == source and key[1] not in last:
                counts["deleted"] += 1
                self.versions[key].append((at, None, True))
        return Written(read=len(given), repeated=len(given) - len(last), **counts)

    def copy(self) -> "Oracle":
        return Oracle({key: list(versions) for key, versions in self.versions.items()})


class StoreMachine(RuleBasedStateMachine):
    """A store, its landed pins, and for each of them what an oracle says."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.open()
        self.seq = 0
        self.pins: dict[int, Pin] = {0: Pin()}
        self.oracles: dict[int, dict[str, Oracle]] = {0: {name: Oracle() for name in ENTITIES}}
        self.latest = 0

    def open(self) -> None:
        self.store = Store(str(self.folder / "root"), self.folder / "cache")
        self.facts = self.store.tenant("acme")

    @initialize(given=loads)
    def begins(self, given: dict[str, Rows]) -> None:
        self.loads(given, "crm", full=False)

    @rule(given=loads, source=sources, full=st.booleans())
    def lands(self, given: dict[str, Rows], source: str, *, full: bool) -> None:
        self.loads(given, source, full=full)

    @rule(given=loads, source=sources, full=st.booleans())
    def is_previewed_and_lands(self, given: dict[str, Rows], source: str, *, full: bool) -> None:
        before, counts = self.write(given, source, full=full, preview=True)
        assert before == self.pins[self.latest]
        assert self.loads(given, source, full=full) == counts

    @rule(given=loads, full=st.booleans())
    def dies_before_it_lands(self, given: dict[str, Rows], *, full: bool) -> None:
        self.seq += 1
        self.write(given, "crm", full=full, preview=False)
        self.restarts(cache_is_lost=False)

    @rule(names=st.sampled_from([["touch"], sorted(ENTITIES)]), anew=st.booleans())
    def compacts(self, names: list[str], *, anew: bool) -> None:
        pin = self.facts.compact(self.pins[self.latest], entities=names, anew=anew)
        self.pins[self.latest] = pin

    @rule()
    def dies_before_its_compaction_lands(self) -> None:
        self.facts.compact(self.pins[self.latest], entities=sorted(ENTITIES))
        self.restarts(cache_is_lost=False)

    @rule(kept=st.sets(st.integers(0, 3)))
    def cleans(self, kept: set[int]) -> None:
        old = {self.latest - back for back in kept} & set(self.pins)
        self.facts.clean([self.pins[seq] for seq in {self.latest, *old}])

    @rule(cache_is_lost=st.booleans())
    def restarts(self, *, cache_is_lost: bool) -> None:
        self.store.close()
        if cache_is_lost:
            shutil.rmtree(self.folder / "cache", ignore_errors=True)
        self.open()

    @invariant()
    def the_landed_version_reads_as_the_oracle_says(self) -> None:
        self.check(self.latest)

    def teardown(self) -> None:
        for seq in self.pins:
            self.check(seq)
        self.store.close()
        shutil.rmtree(self.folder)

    def loads(self, given: dict[str, Rows], source: str, *, full: bool) -> dict[str, Written]:
        self.seq += 1
        oracles = {name: oracle.copy() for name, oracle in self.oracles[self.latest].items()}
        expected = {
            name: oracles[name].load(known_at(self.seq), given[name], source, full=full)
            for name in given
        }
        pin, counts = self.write(given, source, full=full, preview=False)
        assert counts == expected
        self.latest = self.seq
        self.pins[self.seq], self.oracles[self.seq] = pin, oracles
        return counts

    def check(self, seq: int) -> None:
        facts = self.facts.facts(Pin.from_json(self.pins[seq].to_json()))
        for name, column in ENTITIES.items():
            oracle = self.oracles[seq][name]
            if name not in facts:
                assert not oracle.versions
                continue
            found = {(source, id_): value for source, id_, value in now(facts[name], column)}
            assert found == oracle.now()
            assert history(facts[name], column) == oracle.history()

    def write(
        self, given: dict[str, Rows], source: str, *, full: bool, preview: bool
    ) -> tuple[Pin, dict[str, Written]]:
        seq = self.seq + 1 if preview else self.seq
        records: dict[str, list[dict[str, Any]]] = {
            name: [{"id": id_, ENTITIES[name]: value} for id_, value in pairs]
            for name, pairs in given.items()
        }
        how = {"seq": seq, "source": source, "full": full, "preview": preview}
        return load(self.facts, self.pins[self.latest], records, **how)


TestTheStore = StoreMachine.TestCase
TestTheStore.settings = settings(
    max_examples=20,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
