"""What every table must be, read from the database's own catalogue and from the models."""

from collections.abc import Iterator

from sqlalchemy import MetaData

EXEMPT = {"alembic_version"}
"""Holds no tenant's data; the application may read it only."""

ACROSS = {"tenant", "person"}
"""The tables' owner, and only the owner, reads these over all tenants: two functions need it."""

_TABLES = """
SELECT c.relname, c.relkind, c.relrowsecurity AND c.relforcerowsecurity,
       a.attnotnull IS TRUE AS has_tenant,
       (SELECT array_agg(pg_get_expr(polqual, polrelid) || ' / '
               || coalesce(pg_get_expr(polwithcheck, polrelid), 'none')
               || CASE WHEN polroles = ARRAY[c.relowner] AND polcmd = 'r'
                  THEN ' to its owner, reading' ELSE '' END ORDER BY polname DESC)
        FROM pg_policy WHERE polrelid = c.oid) AS policies
FROM pg_class c
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
WHERE c.relnamespace = 'portal'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_KEYS = """
SELECT c.relname, i.relname, a.attname = 'tenant_id'
FROM pg_index x
JOIN pg_class c ON c.oid = x.indrelid
JOIN pg_class i ON i.oid = x.indexrelid
LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
WHERE c.relnamespace = 'portal'::regnamespace AND x.indisunique
"""
_REFERENCES = """
SELECT r.relname, k.conname, array_agg(a.attname || '>' || b.attname) AS pairs
FROM pg_constraint k
JOIN pg_class r ON r.oid = k.conrelid
CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS u (mine, theirs)
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.mine
JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.theirs
WHERE k.contype = 'f' AND k.connamespace = 'portal'::regnamespace
GROUP BY 1, 2
"""
_MINE = "(tenant_id = NULLIF(current_setting('app.tenant'::text, true), ''::text))"


def faults_of_tables(connection) -> Iterator[str]:
    """Every table, view or key of the schema that could show or take another tenant's rows."""
    for table, *found in connection.execute(_TABLES).fetchall():
        if table not in EXEMPT:
            yield from _faults_of_table(table, *found)
    for table, index, leads in connection.execute(_KEYS).fetchall():
        if table not in EXEMPT and not leads:
            yield f"{table}.{index} is unique over all tenants"
    for table, name, pairs in connection.execute(_REFERENCES).fetchall():
        if "tenant_id>tenant_id" not in pairs:
            yield f"{table}.{name} may refer to another tenant's row"


def _faults_of_table(name, kind, is_closed, has_tenant, policies) -> Iterator[str]:
    if kind not in {"r", "p"}:
        yield f"{name} is no plain table (a view shows what its owner may see)"
        return
    if not has_tenant:
        yield f"{name} has no tenant_id NOT NULL"
    if not is_closed:
        yield f"{name} has row-level security off or not forced"
    across = ["true / none to its owner, reading"] if name in ACROSS else []
    if policies != [f"{_MINE} / {_MINE}", *across]:
        yield f"{name} has not the one policy by tenant"


def faults_of_models(metadata: MetaData) -> Iterator[str]:
    """Every mapped table whose keys do not begin with the tenant."""
    for table in metadata.sorted_tables:
        if next(iter(table.primary_key.columns)).name != "tenant_id":
            yield f"{table.name} has a primary key that the tenant does not lead"
        for reference in table.foreign_key_constraints:
            if next(iter(reference.columns)).name != "tenant_id":
                yield f"{table.name} refers to a row without its tenant"
