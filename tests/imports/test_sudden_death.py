"""An import that is killed leaves the old facts or the new ones, never a mixture.

The quick run tries 12 moments, or as many as `KILLS` says; it prints when each death came (`-s`).
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpi_engine.store.relation import now_relation
from kpi_engine.store.store import Store
from portal.config import Config
from portal.services import loads
from portal.tenancy.database import open_database
from portal.tenancy.keys import tenant_key

pytestmark = pytest.mark.slow

_KILLS = int(os.environ.get("KILLS", "12"))
_ROWS = 20_000
_KEY = tenant_key("acme")
_SOURCE = """\
source: crm
stages:
  {stage}: {{status: open}}
tables:
  - file: people.csv
    entity: user
    fields: {{id: id, name: name}}
  - file: deals.csv
    entity: opportunity
    fields: {{id: id, owner_id: owner, stage: stage, amount: amount}}
  - file: calls.csv
    entity: activity
    fields: {{id: id, kind: {{value: call}}, owner_id: owner, created_at: made}}
"""


def _write(folder: Path, era: int) -> Path:
    """Write the files of one era: every record of every entity differs from the other's."""
    folder.mkdir(exist_ok=True)
    people = (f"p{n},era {era}\n" for n in range(100))
    deals = (f"d{n},p{n % 100},era {era},{era}\n" for n in range(_ROWS))
    calls = (f"c{n},p{n % 100},{2000 + era}-01-01 10:00:00\n" for n in range(_ROWS))
    (folder / "people.csv").write_text("id,name\n" + "".join(people))
    (folder / "deals.csv").write_text("id,owner,stage,amount\n" + "".join(deals))
    (folder / "calls.csv").write_text("id,owner,made\n" + "".join(calls))
    source = folder / "source.yaml"
    source.write_text(_SOURCE.format(stage=f"era {era}"))
    return source


def _eras() -> list[set[int]]:
    """Return the eras that the store shows, by entity."""
    config = Config.from_environ(os.environ)
    database = open_database(config)
    try:
        with database.session(_KEY) as session:
            pin = loads.current_pin(session)
    finally:
        database.close()
    facts = Store(config.store, config.home / "other-cache").tenant(_KEY).facts(pin)
    shown = (
        ("user", "name", "name[5:]::INT", 100),
        ("opportunity", "amount", "amount::INT", _ROWS),
        ("activity", "created_at", "year(created_at) - 2000", _ROWS),
    )
    found = []
    with duckdb.connect() as con:
        for entity, column, era, rows in shown:
            query = (
                f"SELECT {era}, count(*) FROM {now_relation(facts[entity], [column])} GROUP BY 1"
            )
            counts = dict(con.sql(query).fetchall())
            assert sum(counts.values()) == rows
            found.append(set(counts))
    return found


def _start(source: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "portal.cli", "import", "--tenant", "acme", str(source)]
    return subprocess.Popen(
        [*command, "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _finish(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Wait for an import that has to land; return its report."""
    said, wrong = process.communicate()
    assert process.returncode == 0, wrong
    report: dict[str, Any] = json.loads(said)
    return report


def _commits() -> int:
    """Return how many commits the tables of facts hold: each entity has its own."""
    store = Path(Config.from_environ(os.environ).store)
    return sum(1 for _ in store.glob("acme/*/changes/_delta_log/*.json"))


def test_a_killed_import_is_seen_whole_or_not_at_all(portal, tmp_path):
    assert portal("tenant", "create", "acme", "--name", "Acme").status == 0
    sources = [_write(tmp_path / f"era{era}", era) for era in (1, 2)]
    _finish(_start(sources[0]))
    began = time.monotonic()
    _finish(_start(sources[1]))
    length = time.monotonic() - began
    present, came = 2, Counter[str]()
    chance = random.Random(20240601)
    for _ in range(_KILLS):
        aim, before = 1 if present == 2 else 2, _commits()
        running = _start(sources[aim - 1])
        time.sleep(length * chance.uniform(0.25, 1.1))
        running.send_signal(signal.SIGKILL)
        killed = running.wait() == -signal.SIGKILL
        running.communicate()
        eras = _eras()
        assert eras in ([{present}] * 3, [{aim}] * 3)
        came[_when(killed=killed, landed=eras == [{aim}] * 3, wrote=_commits() > before)] += 1
        assert portal("import", "--tenant", "acme", sources[aim - 1]).status == 0
        assert _eras() == [{aim}] * 3
        present = aim
    print(f"{_KILLS} kills: {dict(came)}")  # noqa: T201 - the finding of a long run
    assert came["too late"] < _KILLS * 2 / 3


def _when(*, killed: bool, landed: bool, wrote: bool) -> str:
    """Say when a signal came: the rows of a load are in their tables before it lands."""
    if not killed:
        return "too late"
    if landed:
        return "after landing"
    return "between the first table and landing" if wrote else "before any table"


def test_two_imports_at_once_both_land(portal, tmp_path):
    assert portal("tenant", "create", "acme", "--name", "Acme").status == 0
    sources = []
    for name in ("one", "two", "three"):
        source = _write(tmp_path / name, 1)
        source.write_text(source.read_text().replace("source: crm", f"source: {name}"))
        sources.append(source)
    running = [_start(source) for source in sources]
    reports = [_finish(process) for process in running]
    assert sorted(report["version"] for report in reports) == [1, 2, 3]
    assert {report["inserted"] for report in reports} == {100 + 2 * _ROWS}
