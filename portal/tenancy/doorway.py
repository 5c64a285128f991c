"""What is asked before there is a tenant: which tenants there are, and whose address it is.

Row-level security shows the application nothing without a tenant. Two functions of the database,
which run as the tables' owner, answer with tenants' keys and nothing else; every row is then read
in a session of its tenant. See docs/adr/0008-the-door-finds-the-tenant.md.
"""

from sqlalchemy import Engine, func, select

from portal.tenancy.keys import TenantKey
from portal.tenancy.owned import SCHEMA

DOOR = TenantKey("~door")
"""Whose rows those are that belong to no tenant: tries to sign in. No tenant can have this key."""

_functions = getattr(func, SCHEMA)


def tenants_of(engine: Engine, email: str) -> tuple[TenantKey, ...]:
    """Return the tenants in which somebody has that address, at most 20."""
    # PostgreSQL's text holds no NUL; an address with one is nobody's.
    if "\0" in email:
        return ()
    with engine.connect() as connection:
        found = connection.scalars(select(_functions.tenants_of(email)))
        return tuple(TenantKey(key) for key in found)


def tenant_keys(engine: Engine) -> tuple[TenantKey, ...]:
    """Return every tenant, for jobs that do something for each."""
    with engine.connect() as connection:
        return tuple(TenantKey(key) for key in connection.scalars(select(_functions.tenant_keys())))
