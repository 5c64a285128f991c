"""An import that slept so long that its turn was another's: nothing of it is ever in a number."""

import pytest
from sqlalchemy import text

from kpi_engine.store.tables import Table
from portal.errors import LoadOvertakenError
from portal.services import imports
from portal.services.import_report import Outcome
from portal.services.office import Office
from tests.imports.conftest import Shop, shop
from tests.imports.sources import DEALS, PEOPLE, deals

__all__ = ["shop"]

_WHEN = ("while it reads", "while it lands", "before it is landed")


@pytest.fixture
def sold(shop: Shop) -> Shop:
    shop.write("people.csv", PEOPLE)
    shop.write("deals.csv", deals())
    shop.load(DEALS)
    return shop


def _amounts(shop):
    return [row["amount"] for row in shop.records("opportunity", "amount")]


def _lose_every_lock(database):
    """The server takes the sleeper for gone, and lets go of what it held."""
    with database.engine.connect() as connection:
        told = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        connection.execute(text(f"{told} AND pid <> pg_backend_pid()"))


def _watch(monkeypatch, when, sleep):
    """Let the first who comes to a place sleep there; return who watches the reading."""
    if when == "while it reads":
        return imports.Watch(reads=sleep)
    owner, name = (
        (Table, "commit") if when == "while it lands" else (imports.ImportRun, "_with_rejected")
    )
    real = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *each, **named: sleep() or real(*each, **named))
    return imports.Watch()


@pytest.mark.parametrize("when", _WHEN)
def test_nothing_of_it_is_in_the_facts_then_or_after_the_next_import(
    sold, database, tmp_path, monkeypatch, when
):
    slept = []
    (tmp_path / "late").mkdir()
    (tmp_path / "late" / "people.csv").write_text(PEOPLE)
    (tmp_path / "late" / "deals.csv").write_text(deals(_2="2,bob,Won,222,2024-01-02"))
    # Another entity than the sleeper changes, so that no table's log stands in its way.
    sold.write("people.csv", PEOPLE.replace("Ann", "Anna"))

    def sleep(*_):
        if not slept:
            slept.append(True)
            _lose_every_lock(database)
            assert sold.load().outcome is Outcome.LANDED

    watch = _watch(monkeypatch, when, sleep)
    office = Office(database, sold.store, sold.folder / "home", sold.clock)
    order = imports.Order(sold.data / "source.yaml", data=tmp_path / "late")
    with pytest.raises(LoadOvertakenError):
        imports.run_import(office, sold.tenant, order, watch)
    assert slept
    assert _amounts(sold) == [10, 100, 1000]
    sold.write("deals.csv", deals(_4="4,ann,Open,4,2024-01-04"))
    assert sold.load().outcome is Outcome.LANDED
    assert _amounts(sold) == [10, 100, 1000, 4]
    assert [row["name"] for row in sold.records("user", "name")] == ["Anna", "Bob"]
