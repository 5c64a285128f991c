"""An engine that is too slow, or has no memory: a state of the page, and the next is answered."""

from threading import Event

import duckdb
import pytest

from kpi_engine.engines.duckdb import DuckDb
from portal.services import data_fills, records, remembering, sales_facts, workshops
from portal.services.shelf import Shelf
from portal.services.too_slow import TooSlowError, bounded

_ENDLESS = "SELECT count(*) FROM range(100000000) a, range(100000) b"


class Interrupted:
    """A connection of which one hears that it was interrupted, while it did nothing."""

    def __init__(self, connection, heard):
        self.connection, self.heard = connection, heard

    def interrupt(self):
        self.connection.interrupt()
        self.heard.set()


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    _nothing_kept(monkeypatch)


def _nothing_kept(monkeypatch):
    for kept, name in (
        (sales_facts, "_SHELF"),
        (remembering, "_SHELF"),
        (data_fills, "_KEPT"),
    ):
        monkeypatch.setattr(kept, name, Shelf(8))


def _hurry(patch):
    """Pages wait for hardly anything."""
    patch.setattr(workshops, "bounded", lambda runner, _: bounded(runner, 0.2))


def _before_each(monkeypatch, work):
    """Let an engine do something before each question."""
    for name in ("run", "_columns"):
        real = getattr(DuckDb, name)

        def asked(self, *each, real=real):
            work(self.connection)
            return real(self, *each)

        monkeypatch.setattr(DuckDb, name, asked)


@pytest.mark.parametrize(
    ("role", "path"), [("rep", "/"), ("leader", "/?home=leader"), ("analyst", "/kpis/data")]
)
def test_a_page_that_takes_too_long_says_so_and_the_next_is_answered(own, monkeypatch, role, path):
    browser = own.browser(role)
    # Whoever looked before: what the engine is asked is asked again.
    browser.get(path)
    _nothing_kept(monkeypatch)
    with monkeypatch.context() as slow:
        _hurry(slow)
        _before_each(slow, lambda connection: connection.execute(_ENDLESS))
        told = browser.get(path)
    assert "it was stopped" in told.text
    assert told.status_code in {200, 503}
    assert "Traceback" not in told.text
    # The frame is there: who reads it goes on to another page.
    assert "<nav" in told.text
    assert "it was stopped" not in browser.get(path).text


def test_the_records_behind_a_number_are_left_out_and_the_number_stays(own, monkeypatch):
    browser, path = own.browser("analyst"), "/kpis/win_rate?records=all"
    whole = browser.get(path)
    assert whole.status_code == 200
    with monkeypatch.context() as slow:

        def find(opened, _):
            with bounded(opened.engine.runner, 0.2):
                opened.engine.runner.connection.execute(_ENDLESS)

        slow.setattr(records, "find_in", find)
        told = browser.get(path)
    assert told.status_code == 200
    assert "it was stopped" in told.text
    assert browser.get(path).status_code == 200


def test_an_engine_without_memory_is_told_and_no_fault(own, monkeypatch):
    browser = own.browser("rep")

    def starve(_):
        raise duckdb.OutOfMemoryException("CANARY could not allocate block")

    with monkeypatch.context() as poor:
        _before_each(poor, starve)
        told = browser.get("/")
    assert told.status_code == 503
    assert "not enough memory" in told.text
    assert "CANARY" not in told.text
    assert browser.get("/").status_code == 200


def test_a_time_that_ends_between_two_statements_stops_the_next_one(place):
    """One interrupt would be lost there, and what comes next would run for ever."""
    *_, workshop = place
    watched = Event()
    with workshop.runner(workshop.store) as runner:
        seen = DuckDb(Interrupted(runner.connection, watched))

        def late():
            with bounded(seen, 0.01):
                watched.wait()
                runner.run(_ENDLESS)

        with pytest.raises(TooSlowError):
            late()
