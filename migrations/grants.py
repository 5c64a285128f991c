"""What the application's role may do with each table: the least that the services need.

Granted anew after every upgrade, so a portal that changes its role runs `portal db upgrade` once.
"""

import re
from collections.abc import Mapping

from sqlalchemy import Connection, text

SCHEMA = "portal"

GRANTS: Mapping[str, str] = {
    "alembic_version": "SELECT",
    "tenant": "SELECT, INSERT, UPDATE",
    "brand": "SELECT, INSERT, UPDATE",
    "brand_logo": "SELECT, INSERT, DELETE",
    "person": "SELECT, INSERT, UPDATE",
    "load": "SELECT, INSERT, UPDATE (state, finished_at, report, pin)",
    "kpi_definition": "SELECT, INSERT, UPDATE (state, effective_from)",
    "observation": "SELECT, INSERT",
    "open_reading": "SELECT, INSERT, DELETE",
    "record_gaps": "SELECT, INSERT, DELETE",
    "refreshed": "SELECT, INSERT, UPDATE",
    "roster_team": "SELECT, INSERT, DELETE",
    "roster_member": "SELECT, INSERT, DELETE",
    "stamp": "SELECT, INSERT, UPDATE (stamp)",
    "target": "SELECT, INSERT",
    "task_mark": "SELECT, INSERT, UPDATE (person_id, done_at, changed_at)",
    "job_run": "SELECT, INSERT, UPDATE",
    "sign_in": "SELECT, INSERT, UPDATE",
    "password_link": "SELECT, INSERT, UPDATE (used_at)",
    "second_factor": "SELECT, INSERT, UPDATE, DELETE",
    "recovery_code": "SELECT, INSERT, UPDATE (used_at)",
    "provider_link": "SELECT, INSERT, DELETE",
    "sign_in_rule": "SELECT, INSERT, UPDATE",
    "throttle": "SELECT, INSERT, UPDATE, DELETE",
    "audit_event": "SELECT, INSERT",
    "annotation": "SELECT, INSERT",
    "goal_statement": "SELECT, INSERT",
    "goal_support": "SELECT, INSERT",
    "kpi_owner": "SELECT, INSERT",
    "kpi_help": "SELECT, INSERT, UPDATE (ended_at)",
    "kpi_split": "SELECT, INSERT",
    "kpi_share": "SELECT, INSERT",
    "share_acknowledgement": "SELECT, INSERT",
    "kpi_life": "SELECT, INSERT",
    "kpi_bridge": "SELECT, INSERT",
    "kpi_bridge_point": "SELECT, INSERT",
    "review_cycle": "SELECT, INSERT, UPDATE",
    "review": (
        "SELECT, INSERT, UPDATE (state, version, due_on, sign_by, opened_by, opened_by_name,"
        " opened_at, sources, signed_by, signed_by_name, signed_at)"
    ),
    "review_item": "SELECT, INSERT",
    "review_answer": "SELECT, INSERT, UPDATE",
    "review_word": "SELECT, INSERT",
    "review_note": "SELECT, INSERT",
    "review_event": "SELECT, INSERT",
    "review_reader": "SELECT, INSERT, UPDATE",
    "review_paper": "SELECT, INSERT",
    "review_paper_copy": "SELECT, INSERT",
    "kpi_view": "SELECT, INSERT, DELETE",
    "waiver": "SELECT, INSERT",
    "framework_score": "SELECT, INSERT, UPDATE",
    "kept_form": "SELECT, INSERT, DELETE",
    "kpi_draft": "SELECT, INSERT, UPDATE (fields, changed_at), DELETE",
    "kpi_proposal": (
        "SELECT, INSERT, UPDATE (state, decided_by, decided_by_name, decided_at, decision_note,"
        " version, effective_from, alone, ended_at, ended_by, ended_by_name, end_note)"
    ),
    "action": (
        "SELECT, INSERT, UPDATE (title, kind, owner, due_on, state, done_on, direction, size,"
        " lag_days, guardrail, guardrail_side, guardrail_limit, changed_at, version)"
    ),
    "action_event": "SELECT, INSERT",
    "action_verdict": "SELECT, INSERT",
    "inbox_item": "SELECT, INSERT, UPDATE (read_at, acknowledged_at, snoozed_until, mailed_at)",
    "digest_setting": "SELECT, INSERT, UPDATE",
    "digest": "SELECT, INSERT, UPDATE (state, tries, claimed_at, leased_until, items, sent_at)",
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
            there = _there(connection, table, rights)
            _run(connection, f"GRANT {there} ON {SCHEMA}.{table} TO {name}")
    for function in FUNCTIONS:
        if _value(connection, f"SELECT to_regprocedure('{SCHEMA}.{function}')::text"):
            _run(
                connection,
                f"REVOKE ALL ON FUNCTION {SCHEMA}.{function} {everybody}",
                f"GRANT EXECUTE ON FUNCTION {SCHEMA}.{function} TO {name}",
            )


def _there(connection: Connection, table: str, rights: str) -> str:
    """Leave out columns that the table has not: a step down leaves that of an earlier release."""
    told = _value(
        connection,
        "SELECT string_agg(attname, ' ') FROM pg_attribute"
        f" WHERE attrelid = to_regclass('{SCHEMA}.{table}')",
    )
    known = set(told.split())

    def kept(found: re.Match[str]) -> str:
        return f"({', '.join(one for one in found[1].split(', ') if one in known)})"

    return re.sub(r"\(([^)]*)\)", kept, rights)


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def _value(connection: Connection, question: str) -> str:
    found: str = connection.scalar(text(question))
    return found
