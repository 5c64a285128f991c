"""A disk that is full, and memory that is not there: one sentence, and everything as it was."""

import errno
import json
import os
import resource
import subprocess
import sys
from contextlib import contextmanager

import duckdb
import pytest

from portal.services import shortages
from portal.services.import_report import Outcome
from portal.tenancy.names import OWNER
from tests.imports.conftest import Shop

_ROWS = 5_000
_SOURCE = """\
source: crm
stages:
  Open: {status: open}
tables:
  - file: deals.csv
    entity: opportunity
    fields: {id: id, owner_id: owner, stage: stage, amount: amount, created_at: made}
"""


@contextmanager
def _full_disk(size):
    """No file of this process may grow beyond so many bytes: a full disk, for any user."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _deals(amount):
    rows = (f"{n},ann,Open,{amount},2024-01-{n % 28 + 1:02}\n" for n in range(_ROWS))
    return "id,owner,stage,amount,made\n" + "".join(rows)


def _amounts(shop):
    return {row["amount"] for row in shop.records("opportunity", "amount")}


def _left(folder):
    """The files that a load made for itself, and those that fell aside with it."""
    return [path for path in folder.rglob("*") if path.is_file() and "work-" in str(path)]


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """A shop with a version of 5,000 deals, and files with other amounts to come."""
    shop.write("deals.csv", _deals(1))
    shop.load(_SOURCE)
    shop.write("deals.csv", _deals(2))
    return shop


@pytest.mark.parametrize("size", [1_000, 20_000, 50_000])
def test_a_full_disk_lands_nothing_and_the_next_import_lands_all(filled, size):
    before = filled.version()
    with _full_disk(size), pytest.raises(Exception) as caught:  # noqa: PT011 - of any library
        filled.load()
    said = shortages.sentence(caught.value) or str(caught.value)
    assert "no room left" in said
    assert (filled.version(), _amounts(filled)) == (before, {1})
    assert not _left(filled.folder)
    assert filled.load().outcome is Outcome.LANDED
    assert _amounts(filled) == {2}


def test_the_command_says_it_in_a_sentence_and_so_does_the_list_of_loads(portal, tmp_path):
    (tmp_path / "source.yaml").write_text(_SOURCE)
    (tmp_path / "deals.csv").write_text(_deals(1))
    assert portal("tenant", "create", "acme", "--name", "Acme").status == 0
    with _full_disk(20_000):
        said = portal("import", "--tenant", "acme", tmp_path / "source.yaml")
    assert (said.status, said.out) == (2, "")
    assert "no room left" in said.err
    assert said.err.count("\n") == 1
    loads = json.loads(portal("store", "loads", "--tenant", "acme", "--format", "json").out)
    assert [each["state"] for each in loads] == ["failed"]
    assert portal("import", "--tenant", "acme", tmp_path / "source.yaml").status == 0


def test_an_import_without_memory_lands_nothing_and_says_so(filled, monkeypatch):
    before = filled.version()
    with monkeypatch.context() as patch:
        patch.setattr("portal.connectors.workroom._MEMORY", "100KB")
        with pytest.raises(duckdb.OutOfMemoryException) as caught:
            filled.load()
    assert "not enough memory" in shortages.sentence(caught.value)
    assert (filled.version(), _amounts(filled)) == (before, {1})
    assert not _left(filled.folder)
    assert filled.load().outcome is Outcome.LANDED


_SMALL = """\
import os, resource, sys
from portal.cli.main import run
from portal.services import imports, import_run  # all that an import loads
import kpi_engine.store.store, deltalake, pyarrow.parquet
held = int(open("/proc/self/statm").read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
resource.setrlimit(resource.RLIMIT_AS, (held + int(sys.argv[1]) * 1_000_000,) * 2)
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for what it holds")
def test_wherever_memory_ends_an_import_lands_whole_or_not_at_all(portal, tmp_path):
    """A library may end the process by itself: as with a kill, nothing of it is seen."""
    (tmp_path / "source.yaml").write_text(_SOURCE)
    assert portal("tenant", "create", "acme", "--name", "Acme").status == 0
    (tmp_path / "deals.csv").write_text(_deals(1))
    assert portal("import", "--tenant", "acme", tmp_path / "source.yaml").status == 0
    version, words = 1, ("import", "--tenant", "acme", str(tmp_path / "source.yaml"))
    for number, room in enumerate((50, 300), start=2):
        (tmp_path / "deals.csv").write_text(_deals(number))
        ended = subprocess.run(
            [sys.executable, "-c", _SMALL, str(room), *words],
            check=False,
            capture_output=True,
            text=True,
            env=dict(os.environ),
        )
        assert "Traceback" not in ended.stderr
        shown = json.loads(portal("store", "loads", "--tenant", "acme", "--format", "json").out)
        newest = max(each["version"] for each in shown if each["state"] == "landed")
        assert (newest > version) == (ended.returncode == 0)
        version = newest
    assert portal(*words).status == 0


def test_a_database_whose_disk_is_full_ends_a_refresh_in_a_sentence(
    portal, tmp_path, server, own_database
):
    (tmp_path / "source.yaml").write_text(_SOURCE)
    (tmp_path / "deals.csv").write_text(_deals(1))
    assert portal("tenant", "create", "acme", "--name", "Acme").status == 0
    assert portal("import", "--tenant", "acme", tmp_path / "source.yaml").status == 0
    with server.superuser(own_database) as owner:
        owner.execute(f"SET ROLE {OWNER}")
        owner.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
        )
        owner.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON portal.observation"
            " EXECUTE FUNCTION full_disk()"
        )
        said = portal("refresh", "--tenant", "acme", "--back", "2")
        assert (said.status, said.out) == (2, "")
        assert "no room left" in said.err
        owner.execute("DROP FUNCTION full_disk CASCADE")
    assert portal("refresh", "--tenant", "acme", "--back", "2").status == 0


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (OSError(errno.ENOSPC, "x"), "room"),
        (OSError(errno.EDQUOT, "x"), "room"),
        (OSError("Generic error: No space left on device (os error 28)"), "room"),
        (duckdb.IOException("Could not write file: No space left on device"), "room"),
        (MemoryError(), "memory"),
        (OSError(errno.ENOENT, "x"), ""),
        (ValueError("no room"), ""),
    ],
)
def test_every_library_s_way_of_saying_it_is_known(error, word):
    said = shortages.sentence(error)
    assert word in said if word else said is None
