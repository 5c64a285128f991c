"""The deals, forecasts and tasks of some people, read from the facts at one version.

Whose records are read is part of each statement: without anybody in the scope none is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kpi_engine.compiler.dialect import Dialect, instant
from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.crm.stages import StageMap
from kpi_engine.engine.engine import Engine
from portal.services.deals import NOTHING, Deal, StageChange, State, rule_of, states_of, stays_of


@dataclass(frozen=True, slots=True)
class Whose:
    """The keys of the people whose records are read: source and id. None is everybody's."""

    owners: frozenset[str] | None

    def condition(self, dialect: Dialect, key: str) -> str:
        """Return the SQL that lets their records through, and nobody else's."""
        if self.owners is None:
            return "TRUE"
        if not self.owners:
            return "FALSE"
        return f"{key} IN ({', '.join(dialect.text(one) for one in sorted(self.owners))})"


EVERYBODY = Whose(None)


@dataclass(frozen=True, slots=True)
class DealBook:
    """The deals of some people that were open at or after a moment."""

    deals: tuple[Deal, ...]
    stages: StageMap
    has_stages: bool
    """Whether any stage change of them was recorded."""
    has_dates: bool
    """Whether it was recorded what they were expected to close on, and that it moved."""
    undated: int = 0
    """How many more are open without a moment of their creation, so that nothing places them."""
    ended: tuple[Deal, ...] = ()
    """Those that were won or lost, be it unknown when they began: what was won is added up of
    these, as the KPI does. One that lacks its beginning stands here with its end for it."""

    @property
    def every(self) -> tuple[Deal, ...]:
        """All of them, also those that ended and lack their beginning: these never stood open."""
        there = {deal.key for deal in self.deals}
        return (*self.deals, *(deal for deal in self.ended if deal.key not in there))


def owner_key(engine: Engine, record: str, column: str = "owner_id") -> tuple[str, str]:
    """Return the SQL of the key of a record's owner, and the joins that it needs.

    An id is that of the person in the record's own source, or else of the only one who has it.
    """
    separator = f"chr({ord(KEY_SEPARATOR)})"
    if "user" not in engine.facts:
        return f"({record}.source || {separator} || {record}.{column})", ""
    people = engine.runner.now(engine.facts["user"], ["id", "source"])
    only = f"SELECT p.id, min(p.source) AS source FROM {people} AS p GROUP BY p.id"
    joins = (
        f" LEFT JOIN {people} AS own ON own.source = {record}.source AND own.id = {record}.{column}"
        f" LEFT JOIN ({only} HAVING count(*) = 1) AS other ON other.id = {record}.{column}"
    )
    source = f"coalesce(own.source, other.source, {record}.source)"
    return f"({source} || {separator} || {record}.{column})", joins


def read_deals(engine: Engine, whose: Whose, since: datetime) -> DealBook:
    """Read the deals of some people that were open at or after a moment."""
    if "opportunity" not in engine.facts:
        return DealBook((), engine.stages, has_stages=False, has_dates=False)
    wanted = _wanted(engine, whose, since)
    rows = engine.runner.run(_deals(engine, wanted)).to_pylist()
    changes = _changes(engine, wanted)
    versions = _versions(engine, wanted)
    deals = tuple(
        _deal(row, engine.stages, changes.get(row["key"], []), versions.get(row["key"], []))
        for row in rows
        if _is_placed(row, engine.stages)
    )
    dated = any(one.due is not None for told in changes.values() for one in told)
    moved = any(len(told) > 1 for told in versions.values())
    undated = sum(
        row["created_at"] is None and rule_of(engine.stages, row["stage"]).status == "open"
        for row in rows
    )
    unborn = tuple(
        _deal(dict(row) | {"created_at": row["closed_at"]}, engine.stages, (), ())
        for row in rows
        if _ended_only(row, engine.stages)
    )
    ended = (*(deal for deal in deals if deal.closed is not None), *unborn)
    return DealBook(deals, engine.stages, bool(changes), dated or moved, undated, ended)


_COLUMNS = (
    "name", "stage", "amount", "probability", "created_at", "expected_close_on", "closed_at",
    "next_step", "updated_at",
)  # fmt: skip
_KEY = f"o.source || chr({ord(KEY_SEPARATOR)}) || o.id"


def _wanted(engine: Engine, whose: Whose, since: datetime) -> str:
    """Which deals are read, with the key of each and of its owner."""
    records = engine.runner.now(
        engine.facts["opportunity"], ["id", "source", "owner_id", "account_id", *_COLUMNS]
    )
    key, joins = owner_key(engine, "o")
    return (
        f"SELECT {_KEY} AS key, {key} AS owner, o.* FROM {records} AS o{joins}"
        f" WHERE {whose.condition(engine.runner.dialect, key)}"
        f" AND (o.closed_at IS NULL OR o.closed_at >= {instant(since)})"
    )


def _deals(engine: Engine, wanted: str) -> str:
    account, joins = "NULL", ""
    if "account" in engine.facts:
        records = engine.runner.now(engine.facts["account"], ["id", "source", "name"])
        account = "a.name"
        joins = f" LEFT JOIN {records} AS a ON a.source = w.source AND a.id = w.account_id"
    cells = ", ".join(f"w.{column}" for column in ("key", "owner", "id", *_COLUMNS))
    return f"SELECT {cells}, {account} AS account FROM ({wanted}) AS w{joins} ORDER BY w.key"


def _changes(engine: Engine, wanted: str) -> Mapping[str, list[StageChange]]:
    found: dict[str, list[StageChange]] = defaultdict(list)
    if "stage_change" not in engine.facts:
        return found
    told = ("from_stage", "to_stage", "changed_at", "amount", "expected_close_on")
    records = engine.runner.now(
        engine.facts["stage_change"], ["id", "source", "opportunity_id", *told]
    )
    table = engine.runner.run(
        f"SELECT w.key, {', '.join(f's.{column}' for column in told)} FROM {records} AS s"
        f" JOIN ({wanted}) AS w ON w.source = s.source AND w.id = s.opportunity_id"
        " ORDER BY s.changed_at, s.id"
    )
    columns = [table.column(name).to_pylist() for name in ("key", *told)]
    for key, before, stage, moment, amount, due in zip(*columns, strict=True):
        found[key].append(StageChange(moment, before, stage, amount, due))
    return found


def _versions(engine: Engine, wanted: str) -> Mapping[str, list[State]]:
    facts = engine.facts["opportunity"]
    found: dict[str, list[State]] = defaultdict(list)
    if not facts.rewritten:
        return found
    told = ("amount", "expected_close_on")
    records = engine.runner.versions(facts, ["id", "source", *told])
    table = engine.runner.run(
        f"SELECT w.key, v.valid_from, v.amount, v.expected_close_on FROM {records} AS v"
        f" JOIN ({wanted}) AS w ON w.source = v.source AND w.id = v.id ORDER BY v.valid_from"
    )
    columns = [table.column(name).to_pylist() for name in ("key", "valid_from", *told)]
    for key, since, amount, due in zip(*columns, strict=True):
        found[key].append(State(since, amount or NOTHING, due))
    return found


def _is_placed(row: Mapping[str, Any], stages: StageMap) -> bool:
    """Leave out what no moment places: never created, or ended without saying when."""
    is_open = rule_of(stages, row["stage"]).status == "open"
    return row["created_at"] is not None and (is_open or row["closed_at"] is not None)


def _ended_only(row: Mapping[str, Any], stages: StageMap) -> bool:
    is_open = rule_of(stages, row["stage"]).status == "open"
    return row["created_at"] is None and not is_open and row["closed_at"] is not None


def _deal(
    row: Mapping[str, Any],
    stages: StageMap,
    changes: Sequence[StageChange],
    versions: Sequence[State],
) -> Deal:
    rule = rule_of(stages, row["stage"])
    created: datetime = row["created_at"]
    closed: datetime | None = None if rule.status == "open" else row["closed_at"]
    amount: Decimal = row["amount"] if row["amount"] is not None else NOTHING
    due: date | None = row["expected_close_on"]
    touched: datetime | None = row["updated_at"]
    ended = None if closed is None else (closed, rule.status == "won")
    # What the record now says of a closed deal it says from its close on: a CRM may then empty it.
    told = touched if closed is None else closed
    since = max([created, *(one.moment for one in changes[-1:]), *([told] if told else [])])
    return Deal(
        key=row["key"],
        name=row["name"] or row["id"],
        account=row["account"] or "",
        owner=row["owner"],
        stage=row["stage"],
        rule=rule,
        amount=amount,
        due=due,
        created=created,
        closed=closed,
        next_step=row["next_step"] or "",
        touched=touched,
        states=states_of(State(since, amount, due), changes, versions, created),
        stays=stays_of(changes, stages, created, ended),
        probability=row["probability"],
        valued=row["amount"] is not None,
    )


def of_owners(deals: Iterable[Deal], owners: frozenset[str]) -> tuple[Deal, ...]:
    """Return the deals of some people among those that were read."""
    return tuple(deal for deal in deals if deal.owner in owners)
