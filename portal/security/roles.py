"""The roles a person can have in a tenant."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the tenant. One person may have several."""

    REP = "rep"
    LEADER = "leader"
    EXECUTIVE = "executive"
    OWNER = "owner"
    ANALYST = "analyst"
    ADMIN = "admin"
