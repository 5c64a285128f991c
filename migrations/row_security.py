"""Row-level security of one table: on, forced, and by the transaction's tenant."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op

SCHEMA = "portal"

# '' is what the setting falls back to after a transaction that set it; it is no tenant.
_MINE = "tenant_id = NULLIF(current_setting('app.tenant', true), '')"


def protect(table: str) -> None:
    """Show and take rows of the transaction's tenant only; without one, none. Owners included."""
    name = f"{SCHEMA}.{table}"
    op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {name} USING ({_MINE}) WITH CHECK ({_MINE})")


@contextmanager
def lifted(*tables: str) -> Iterator[None]:
    """Let the owner see every tenant's rows of `tables`, for a step that moves them."""
    for table in tables:
        op.execute(f"ALTER TABLE {SCHEMA}.{table} NO FORCE ROW LEVEL SECURITY")
    yield
    for table in tables:
        op.execute(f"ALTER TABLE {SCHEMA}.{table} FORCE ROW LEVEL SECURITY")
