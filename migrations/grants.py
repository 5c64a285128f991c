"""What the application's role may do with each table: the least that the services need.

Granted anew after every upgrade, so a portal that changes its role runs `portal db upgrade` once.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

SCHEMA = "portal"

GRANTS: Mapping[str, str] = {
    "alembic_version": "SELECT",
    "tenant": "SELECT, INSERT, UPDATE",
    "person": "SELECT, INSERT, UPDATE",
    "load": "SELECT, INSERT, UPDATE (state, finished_at, report, pin)",
    "kpi_definition": "SELECT, INSERT, UPDATE (state, effective_from)",
    "observation": "SELECT, INSERT",
    "open_reading": "SELECT, INSERT, DELETE",
    "refreshed": "SELECT, INSERT, UPDATE",
    "roster_team": "SELECT, INSERT, DELETE",
    "roster_member": "SELECT, INSERT, DELETE",
    "target": "SELECT, INSERT",
    "task_mark": "SELECT, INSERT, UPDATE (person_id, done_at, changed_at)",
    "job_run": "SELECT, INSERT, UPDATE",
    "sign_in": "SELECT, INSERT, UPDATE",
    "password_link": "SELECT, INSERT, UPDATE (used_at)",
    "throttle": "SELECT, INSERT, UPDATE, DELETE",
    "audit_event": "SELECT, INSERT",
    "annotation": "SELECT, INSERT",
}
"""No DELETE where nothing deletes, no TRUNCATE anywhere: it would pass row-level security by."""

FUNCTIONS = ("tenants_of(text)", "tenant_keys()")
"""What the application may call to find a tenant; everybody else may not."""


def grant(connection: Connection, role: str) -> None:
    """Take from `role` and from everybody what they had, and grant `role` what is written here."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    name, database = quote(role), quote(_value(connection, "SELECT current_database()"))
    everybody = f"FROM PUBLIC, {name}"
    _run(
        connection,
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} {everybody}",
        f"REVOKE ALL ON SCHEMA {SCHEMA} {everybody}",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {name}",
        # Even an object of a session's own would give foreign SQL a place to stand.
        f"REVOKE TEMPORARY, CREATE ON DATABASE {database} {everybody}",
    )
    if _value(connection, "SELECT to_regnamespace('public')::text"):
        _run(connection, f"REVOKE CREATE ON SCHEMA public {everybody}")
    for table, rights in GRANTS.items():
        if _value(connection, f"SELECT to_regclass('{SCHEMA}.{table}')::text"):
            _run(connection, f"GRANT {rights} ON {SCHEMA}.{table} TO {name}")
    for function in FUNCTIONS:
        if _value(connection, f"SELECT to_regprocedure('{SCHEMA}.{function}')::text"):
            _run(
                connection,
                f"REVOKE ALL ON FUNCTION {SCHEMA}.{function} {everybody}",
                f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{function} TO {name}",
            )


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def _value(connection: Connection, question: str) -> str:
    found: str = connection.scalar(text(question))
    return found
