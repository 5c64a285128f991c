"""Which statements the tenant's filter does not reach, found before any of them is sent."""

from collections.abc import Iterable

from sqlalchemy import ClauseElement, Column, Table, TextClause
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import visitors
from sqlalchemy.sql.functions import FunctionElement

from portal.tenancy.owned import TenantOwned


def leak(state: ORMExecuteState) -> str | None:
    """Return why a statement may not be asked, or None.

    The filter reaches mapped classes, wherever they stand. It does not reach tables and text, rows
    that come as parameters, or a statement that changes the transaction's tenant.
    """
    if not state.is_orm_statement or state.is_from_statement:
        return "Ask through mapped classes; tables and text leak."
    if state.is_insert or (state.is_update and isinstance(state.parameters, list)):
        return BULK
    if not all(issubclass(mapper.class_, TenantOwned) for mapper in state.all_mappers):
        return "Only classes that belong to a tenant can be asked for."
    assert isinstance(state.statement, ClauseElement)  # noqa: S101 - every statement is one
    parts = [each for each in visitors.iterate(state.statement) if isinstance(each, ClauseElement)]
    return _word(parts) or _stray(parts, state)


BULK = "Add rows with add or add_rows; bulk methods pass the tenant by."


def _word(parts: Iterable[object]) -> str | None:
    """Return why a part that is no table may not stand there."""
    for part in parts:
        if isinstance(part, TextClause):
            return "Ask through mapped classes; text leaks."
        if isinstance(part, FunctionElement) and part.name == "set_config":
            return "A session's tenant is said once, when it is opened."
    return None


def _stray(parts: Iterable[ClauseElement], state: ORMExecuteState) -> str | None:
    """Return why a table stands there, if it is none of a mapped class that does."""
    seen, mapped = set(), {str(mapper.local_table) for mapper in state.all_mappers}
    for part in parts:
        table = part.table if isinstance(part, Column) else part
        if isinstance(table, Table):
            seen.add(table.key)
        if _MAPPED in part._annotations:  # noqa: SLF001 - see _MAPPED
            mapped.add(str(table))
    named = seen - mapped
    if named:
        return f"Ask through mapped classes; the table {', '.join(sorted(named))} leaks."
    return None


_MAPPED = "parententity"
"""SQLAlchemy's mark on what came through a class; there is no public way to ask for it."""
