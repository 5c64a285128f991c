"""Whether row-level security binds the role that the portal was given, and the tables fit."""

from sqlalchemy import Connection, text

from migrations import HEAD
from portal.errors import RoleTooStrongError, SchemaAheadError, SchemaBehindError
from portal.tenancy.owned import SCHEMA

_STANDING = text(
    """
    WITH mine AS (
        SELECT oid, rolname, rolsuper, rolbypassrls FROM pg_roles
        WHERE pg_has_role(session_user, oid, 'MEMBER') OR rolname = session_user
    )
    SELECT session_user AS role,
        (SELECT bool_or(rolsuper) FROM mine) AS superuser,
        (SELECT bool_or(rolbypassrls) FROM mine) AS bypasses,
        EXISTS (SELECT FROM pg_class JOIN mine ON relowner = mine.oid
                WHERE relnamespace = to_regnamespace(:schema)) AS owns_tables,
        EXISTS (SELECT FROM pg_namespace JOIN mine ON nspowner = mine.oid
                WHERE nspname = :schema) AS owns_schema,
        COALESCE(has_schema_privilege(session_user, to_regnamespace(:schema), 'CREATE'), false)
            AS creates
    """
)

_WEAKNESSES = (
    ("superuser", "is, or may become, a superuser"),
    ("bypasses", "may bypass row-level security (BYPASSRLS)"),
    ("owns_tables", "owns tables of the portal"),
    ("owns_schema", "owns the schema of the portal"),
    ("creates", "may create objects beside the portal's tables"),
)


def refuse_strong_role(connection: Connection) -> None:
    """Refuse a role that could see or change what row-level security guards.

    Raises:
        RoleTooStrongError: with each reason.
    """
    found = connection.execute(_STANDING, {"schema": SCHEMA}).mappings().one()
    reasons = [reason for name, reason in _WEAKNESSES if found[name]]
    if reasons:
        raise RoleTooStrongError(
            f"The database role '{found['role']}' {' and '.join(reasons)}, so nothing would keep "
            "one tenant's rows from another. Name a plain login role in PORTAL_DATABASE_URL, and "
            "the tables' owner in PORTAL_DATABASE_OWNER_URL for `portal db upgrade`."
        )


def refuse_other_schema(connection: Connection) -> None:
    """Refuse tables of another release.

    Raises:
        SchemaBehindError: if they are not there, or older.
        SchemaAheadError: if they are newer.
    """
    found = schema_version(connection)
    if found is None:
        raise SchemaBehindError(
            "The database has no tables of the portal that this role may read. "
            "Make them with: portal db upgrade"
        )
    if found > HEAD:
        raise SchemaAheadError(found, HEAD)
    if found != HEAD:
        raise SchemaBehindError(
            f"The database is at version {found} and this portal needs {HEAD}. "
            "Bring it up with: portal db upgrade"
        )


def schema_version(connection: Connection) -> str | None:
    """Return the version of the tables, or None where there are none that this role may read."""
    readable = connection.scalar(
        text(
            "SELECT CASE WHEN has_schema_privilege(to_regnamespace(:schema), 'USAGE')"
            " THEN COALESCE(has_table_privilege(to_regclass(:table), 'SELECT'), false)"
            " ELSE false END"
        ),
        {"schema": SCHEMA, "table": f"{SCHEMA}.alembic_version"},
    )
    if not readable:
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {SCHEMA}.alembic_version"))
    return found
