"""One entity at a pinned version as SQL: its records now, or all that was ever known of them.

The text is the same for every engine; only the table expressions that read the files differ.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from kpi_engine.store.pins import EntityFacts

EARLIEST = "CAST('0001-01-01 00:00:00' AS TIMESTAMP)"
"""`valid_from` of a record's first version: what is known first held before it was loaded too."""
LATEST = "CAST('9999-12-31 00:00:00' AS TIMESTAMP)"
"""`valid_to` of the version that still holds."""


class Role(StrEnum):
    """The sets of files that a relation reads."""

    CURRENT = "current"
    TAIL = "tail"
    CHANGES = "changes"


Tables = Callable[[Role], str]
"""Gives the table expression that reads the files of a role."""


def duckdb_tables(facts: EntityFacts) -> Tables:
    """Return the table expressions by which DuckDB reads the files of `facts`."""

    def table(role: Role) -> str:
        files: tuple[str, ...] = getattr(facts, role)
        return read_files(files)

    return table


def read_files(addresses: Iterable[str]) -> str:
    """Return the table expression by which DuckDB reads Parquet files."""
    quoted = ("'" + address.replace("'", "''") + "'" for address in addresses)
    return f"read_parquet([{', '.join(quoted)}])"


def now_relation(facts: EntityFacts, columns: Sequence[str], tables: Tables | None = None) -> str:
    """Return a relation, in brackets, with the records of an entity as of the pinned version.

    Args:
        facts: The files of the version; `current` or `tail` may be empty, not both.
        columns: Names of record columns, or `seq` and `loaded_at`.
        tables: How the engine reads the files of a role; DuckDB's way if left out.

    Returns:
        One row a record that is not deleted; `columns` only, in no order.
    """
    read = tables or duckdb_tables(facts)
    parts = []
    if facts.current:
        parts.append(f"SELECT {_named(columns, 'c')} FROM {_untouched(facts, read)}")
    if facts.tail:
        parts.append(_latest(facts, columns, read))
    return "(" + "\nUNION ALL\n".join(parts) + ")"


def history_relation(
    facts: EntityFacts, columns: Sequence[str], tables: Tables | None = None
) -> str:
    """Return a relation, in brackets, with every version of the records of an entity.

    Args:
        facts: The files of the version.
        columns: Names of record columns, or `seq` and `loaded_at`.
        tables: How the engine reads the files of a role; DuckDB's way if left out.

    Returns:
        One row a version: `columns`, then `valid_from` and `valid_to`, half-open, naive UTC. The
        first version holds from `EARLIEST`, the one that holds now until `LATEST`; a deletion
        ends a version and is no row. `next_from` is when the next version begins, else `LATEST`:
        it is after `valid_to` where a record was deleted and came back.
    """
    read = tables or duckdb_tables(facts)
    always = f"{EARLIEST} AS valid_from, {LATEST} AS valid_to, {LATEST} AS next_from"
    if not facts.rewritten:
        now = now_relation(facts, columns, read)
        return f"(SELECT {_named(columns, 'n')}, {always} FROM {now} AS n)"
    if not facts.current:
        return f"({_versions(facts, columns, read)})"
    rewritten = _versions(facts, columns, read, _rewritten(facts, read))
    return (
        f"(SELECT {_named(columns, 'c')}, {always} FROM {_untouched(facts, read)}"
        f" WHERE c.versions = 1\nUNION ALL\n{rewritten})"
    )


def compacted_relation(facts: EntityFacts, columns: Sequence[str]) -> str:
    """Return DuckDB's relation of the records now, and the `versions` that each has had.

    Args:
        facts: The files of the version.
        columns: Names of columns that `current` and `changes` share; `source` and `id` among them.
    """
    read = duckdb_tables(facts)
    parts = []
    if facts.current:
        shown = _named([*columns, "versions"], "c")
        parts.append(f"SELECT {shown} FROM {_untouched(facts, read)}")
    if facts.tail:
        latest = _latest(facts, columns, read)
        if facts.rewritten:
            counted = f"CAST(k.n{_earlier(facts)} AS INTEGER) AS versions"
            latest = f"SELECT l.*, {counted} FROM ({latest}) AS l {_counts(facts, read)}"
        else:
            latest = f"SELECT l.*, CAST(1 AS INTEGER) AS versions FROM ({latest}) AS l"
        parts.append(latest)
    return f"({' UNION ALL '.join(parts)})"


def _earlier(facts: EntityFacts) -> str:
    return " + coalesce(p.versions, e.n, 0)" if facts.current else ""


def _counts(facts: EntityFacts, read: Tables) -> str:
    """Join to the tail's records `l` how many versions each has in the tail and had before it."""
    tail, changes = read(Role.TAIL), read(Role.CHANGES)
    counts = (
        "JOIN (SELECT t.source, t.id, count(*) AS n, max(t.replaces) AS replaced"
        f" FROM {tail} AS t WHERE {_in_tail(facts, 't')} GROUP BY t.source, t.id) AS k"
        " ON k.source = l.source AND k.id = l.id"
    )
    if not facts.current:
        return counts
    # A record that was deleted before `base` is not in `current`; its versions are in `changes`.
    gone = f"SELECT d.source, d.id FROM {changes} AS d WHERE d.deleted AND d.seq <= {facts.base}"
    return (
        f"{counts} LEFT JOIN (SELECT c.pos, c.versions FROM {read(Role.CURRENT)} AS c"
        f" SEMI JOIN ({_replaced(facts, read)}) AS r ON r.replaces = c.pos) AS p"
        " ON p.pos = k.replaced"
        f" LEFT JOIN (SELECT h.source, h.id, count(*) AS n FROM {changes} AS h"
        f" SEMI JOIN ({gone}) AS g ON g.source = h.source AND g.id = h.id"
        f" WHERE h.seq <= {facts.base} GROUP BY h.source, h.id) AS e"
        " ON e.source = l.source AND e.id = l.id"
    )


def _named(columns: Iterable[str], alias: str) -> str:
    return ", ".join(f"{alias}.{column} AS {column}" for column in columns)


def _untouched(facts: EntityFacts, read: Tables) -> str:
    """`current` as `c` without the records that have a newer version in the tail."""
    current = f"{read(Role.CURRENT)} AS c"
    if not facts.tail:
        return current
    # As joins, not as EXISTS, which DuckDB plans badly where other conditions stand beside it.
    return f"{current} ANTI JOIN ({_replaced(facts, read)}) AS r ON r.replaces = c.pos"


def _replaced(facts: EntityFacts, read: Tables) -> str:
    tail = f"{read(Role.TAIL)} AS t"
    return f"SELECT t.replaces FROM {tail} WHERE t.replaces IS NOT NULL AND {_in_tail(facts, 't')}"


def _in_tail(facts: EntityFacts, alias: str) -> str:
    return f"{alias}.seq > {facts.base} AND {alias}.seq <= {facts.seq}"


def _latest(facts: EntityFacts, columns: Sequence[str], read: Tables) -> str:
    """The last row of each record in the tail, unless it is a deletion."""
    rows = f"{read(Role.TAIL)} AS t WHERE {_in_tail(facts, 't')}"
    if facts.tail_unique:
        return f"SELECT {_named(columns, 't')} FROM {rows}"
    ranked = (
        f"SELECT {_named(columns, 't')}, t.deleted AS is_gone, row_number() OVER"
        f" (PARTITION BY t.source, t.id ORDER BY t.seq DESC) AS age FROM {rows}"
    )
    return f"SELECT {_named(columns, 'l')} FROM ({ranked}) AS l WHERE l.age = 1 AND NOT l.is_gone"


def _versions(
    facts: EntityFacts, columns: Sequence[str], read: Tables, keys: str | None = None
) -> str:
    """Every row of `changes` with its span, for all records or those whose key is in `keys`."""
    only = f" SEMI JOIN ({keys}) AS k ON k.source = h.source AND k.id = h.id" if keys else ""
    span = "OVER (PARTITION BY h.source, h.id ORDER BY h.seq)"
    ranked = (
        f"SELECT {_named(columns, 'h')}, h.deleted AS is_gone, h.source AS of_source,"
        " h.id AS of_id, h.seq AS of_seq,"
        f" CASE WHEN row_number() {span} = 1 THEN {EARLIEST} ELSE h.loaded_at END AS valid_from,"
        f" coalesce(lead(h.loaded_at) {span}, {LATEST}) AS valid_to"
        f" FROM {read(Role.CHANGES)} AS h{only} WHERE h.seq <= {facts.seq}"
    )
    # Of the rows that are left: the window comes after the condition.
    then = "lead(v.valid_from) OVER (PARTITION BY v.of_source, v.of_id ORDER BY v.of_seq)"
    return (
        f"SELECT {_named(columns, 'v')}, v.valid_from AS valid_from, v.valid_to AS valid_to,"
        f" coalesce({then}, {LATEST}) AS next_from FROM ({ranked}) AS v WHERE NOT v.is_gone"
    )


def _rewritten(facts: EntityFacts, read: Tables) -> str:
    """The keys of all records with more than one version, and some with one."""
    gone = f"{read(Role.CHANGES)} AS d WHERE d.deleted AND d.seq <= {facts.seq}"
    parts = [
        f"SELECT c.source, c.id FROM {read(Role.CURRENT)} AS c WHERE c.versions > 1",
        f"SELECT d.source, d.id FROM {gone}",
    ]
    if facts.tail:
        tail = f"SELECT t.source, t.id FROM {read(Role.TAIL)} AS t WHERE {_in_tail(facts, 't')}"
        parts.append(tail)
    return " UNION ALL ".join(parts)
