"""Who is asked about in tests of numbers."""

from portal.models.observations import ScopeKind
from portal.services.numbers import Who


def owner(key):
    """Return a person of the one source of the tests."""
    return Who(ScopeKind.OWNER, f"crm\x1f{key}")


def team(key):
    """Return a team of the one source of the tests."""
    return Who(ScopeKind.TEAM, f"crm\x1f{key}")
