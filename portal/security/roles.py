"""The roles a person can have in a tenant."""

from enum import StrEnum

from kpi_engine.language import trc


class Role(StrEnum):
    """What a person is to the tenant. One person may have several."""

    REP = "rep"
    LEADER = "leader"
    EXECUTIVE = "executive"
    OWNER = "owner"
    ANALYST = "analyst"
    ADMIN = "admin"


def named(role: Role) -> str:
    """Return a role as a person reads it."""
    return {
        Role.REP: trc("role", "rep"),
        Role.LEADER: trc("role", "leader"),
        Role.EXECUTIVE: trc("role", "executive"),
        Role.OWNER: trc("role", "owner"),
        Role.ANALYST: trc("role", "analyst"),
        Role.ADMIN: trc("role", "admin"),
    }[role]
