"""How tests of numbers reach services: the workshop, and who is asked about."""

from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.store.store import Store
from portal.models.observations import ScopeKind
from portal.services.engines import Workshop
from portal.services.numbers import Who


def workshop_of(desk, database):
    """Return what questions are answered with, over the store of a desk."""
    store = Store(str(desk.home / "facts"), desk.home / "cache", {})
    return Workshop(database, store, lambda kept: open_duckdb(kept, desk.home / "cache" / "spill"))


def owner(key):
    """Return a person of the one source of the tests."""
    return Who(ScopeKind.OWNER, f"crm\x1f{key}")


def team(key):
    """Return a team of the one source of the tests."""
    return Who(ScopeKind.TEAM, f"crm\x1f{key}")
