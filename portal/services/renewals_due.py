"""The renewals that come up: whose, how much, when, and what warns that they may be lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kpi_engine.compiler.dialect import instant
from kpi_engine.compiler.relations import KEY_SEPARATOR
from kpi_engine.engine.engine import Engine
from kpi_engine.language import mark, tr, trc
from kpi_engine.periods import Grain
from kpi_engine.units import Unit
from portal.models.observations import ScopeKind
from portal.readmodels.company import Cell, Listing
from portal.services import kept_views, numbers
from portal.services.deal_book import EVERYBODY, Whose, owner_key
from portal.services.desks import Desk, View
from portal.services.engines import Opened, Workshop, open_engine

AHEAD = timedelta(days=90)
"""So far ahead a renewal is listed."""
_RECENT = timedelta(days=30)
_MOST = 12
_TITLE = mark("Renewals due")
_LESS = 0.5
"""Use that fell to less than this of what it was is a warning."""
_MANY_TICKETS = 2


@dataclass(frozen=True, slots=True)
class Due:
    """One renewal that has not been decided."""

    account: str
    owner: str | None
    on: date
    amount: float | None
    used: int | None
    """On how many of the last 30 days the account used the product; None where nobody recorded."""
    used_before: int | None
    """The same of the 30 days before."""
    tickets: int | None
    """How many tickets of the account are open."""


def listing(desk: Desk, workshop: Workshop, view: View) -> Listing:
    """Return the renewals of the next 90 days, the first due leading."""
    start = _start(desk, view)
    end = start + AHEAD
    first, last = desk.formats.day(start), desk.formats.day(end - timedelta(days=1))
    title = tr(_TITLE)
    key = kept_views.key_of(desk, view, "renewals", start, end)
    found = kept_views.SHELF.get(key, lambda: _found(desk, workshop, view, start))
    if found is None:
        why = tr("No renewals were loaded, so none can be told to be due.")
        return Listing("renewals", title, "", (), (), why)
    sub = tr(
        "Contracts not decided yet, due {first} to {last}. Those at risk first: use halved, or"
        " tickets open.",
        first=first,
        last=last,
    )
    if not found:
        empty = tr("No contract is due {first} to {last}.", first=first, last=last)
        return Listing("renewals", title, "", (), (), empty)
    more = len(found) - _MOST
    return Listing(
        "renewals",
        title,
        sub,
        _heads(),
        tuple(_row(one, desk) for one in found[:_MOST]),
        more=tr("and {count} more", count=more) if more > 0 else "",
    )


def _heads() -> tuple[str, ...]:
    return (
        tr("Account"),
        trc("head of a column of days", "Due"),
        tr("Amount"),
        tr("Owner"),
        tr("Days used, last 30"),
        tr("Open tickets"),
        tr("Risk"),
    )


def _found(desk: Desk, workshop: Workshop, view: View, start: date) -> tuple[Due, ...] | None:
    """Return what is due, those at risk first; None where no renewal was ever loaded."""
    with open_engine(workshop, desk.actor.tenant) as opened:
        if "renewal" not in opened.engine.facts or "account" not in opened.engine.facts:
            return None
        due = read(opened, _whose(desk, view), start, start + AHEAD)
    return tuple(sorted(due, key=lambda one: not risks(one)))


def _start(desk: Desk, view: View) -> date:
    """Return the day from which renewals come up: today, or the end of a past month."""
    latest = numbers.latest(desk.session, desk.calendar, Grain.MONTH, desk.today)
    runs = numbers.runs_on(desk.session, desk.calendar, Grain.MONTH, desk.today)
    return desk.today if runs and view.last == latest else view.last.end


def _whose(desk: Desk, view: View) -> Whose:
    if view.who.kind is ScopeKind.TENANT:
        return EVERYBODY
    if view.who.kind is ScopeKind.OWNER:
        return Whose(frozenset({view.who.id}))
    return Whose(frozenset(one.key for one in desk.roster.members(view.who.id)))


def read(opened: Opened, whose: Whose, start: date, end: date) -> tuple[Due, ...]:
    """Return the undecided renewals due in [start, end)."""
    moment = opened.calendar.instant(start)
    rows = opened.engine.runner.run(_statement(opened.engine, whose, (start, end), moment))
    return tuple(_due(row) for row in rows.to_pylist())


def _due(row: Mapping[str, Any]) -> Due:
    amount = row["amount_due"]
    return Due(
        str(row["account"]),
        row["owner"],
        row["due_on"],
        None if amount is None else float(amount),
        row["used"],
        row["used_before"],
        row["tickets"],
    )


def _statement(engine: Engine, whose: Whose, due: tuple[date, date], moment: datetime) -> str:
    facts, now = engine.facts, engine.runner.now
    start, _ = due
    accounts = now(facts["account"], ["id", "source", "name", "owner_id"])
    key, joins = owner_key(engine, "a")
    used, used_before, tickets = "NULL::BIGINT", "NULL::BIGINT", "NULL::BIGINT"
    same = "FROM {0} AS x WHERE x.home = r.home AND x.account_id = r.account_id"
    if "usage" in facts:
        count = f"(SELECT count(DISTINCT x.occurred_on) {same.format(_homed(engine, 'usage'))}"
        recent, before = (start - _RECENT, start), (start - 2 * _RECENT, start - _RECENT)
        used = f"{count} AND {_within('x.occurred_on', recent)})"
        used_before = f"{count} AND {_within('x.occurred_on', before)})"
    if "ticket" in facts:
        then = instant(moment)
        tickets = (
            f"(SELECT count(*) {same.format(_homed(engine, 'ticket'))}"
            f" AND x.created_at < {then} AND (x.resolved_at IS NULL OR x.resolved_at >= {then}))"
        )
    name = "NULL"
    if "user" in facts:
        people = now(facts["user"], ["id", "source", "name"])
        own = f"p.source || chr({ord(KEY_SEPARATOR)}) || p.id = {key}"
        name = f"(SELECT min(p.name) FROM {people} AS p WHERE {own})"
    return (
        f"SELECT coalesce(a.name, r.account_id) AS account, {name} AS owner, r.due_on,"
        f" r.amount_due, {used} AS used, {used_before} AS used_before, {tickets} AS tickets"
        f" FROM {_homed(engine, 'renewal')} AS r LEFT JOIN {accounts} AS a"
        f" ON a.source = r.home AND a.id = r.account_id{joins}"
        f" WHERE {_within('r.due_on', due)}"
        f" AND {whose.condition(engine.runner.dialect, key)}"
        " AND coalesce(r.outcome, 'pending') = 'pending'"
        " ORDER BY r.due_on, r.amount_due DESC NULLS LAST, account"
    )


_TOLD = {
    "renewal": ["due_on", "outcome", "amount_due"],
    "usage": ["occurred_on"],
    "ticket": ["created_at", "resolved_at"],
}


def _homed(engine: Engine, entity: str) -> str:
    """Return records with the source of their account as `home`.

    It is their own where that has the account, or else the only one that does: what is billed or
    used is often told by another source than the CRM.
    """
    accounts = engine.runner.now(engine.facts["account"], ["id", "source"])
    told = ["source", "account_id", *_TOLD[entity]]
    records = engine.runner.now(engine.facts[entity], told)
    only = f"SELECT b.id, min(b.source) AS source FROM {accounts} AS b GROUP BY b.id"
    return (
        f"(SELECT e.*, coalesce(own.source, other.source, e.source) AS home FROM {records} AS e"
        f" LEFT JOIN {accounts} AS own ON own.source = e.source AND own.id = e.account_id"
        f" LEFT JOIN ({only} HAVING count(*) = 1) AS other ON other.id = e.account_id)"
    )


def _within(column: str, days: tuple[date, date]) -> str:
    start, end = days
    return f"{column} >= DATE '{start.isoformat()}' AND {column} < DATE '{end.isoformat()}'"


def _row(due: Due, desk: Desk) -> tuple[Cell, ...]:
    formats = desk.formats
    return (
        Cell(due.account, number=False),
        Cell(formats.day(due.on), number=False),
        Cell(tr("not told") if due.amount is None else formats.short(due.amount, Unit.MONEY)),
        Cell(due.owner or tr("nobody"), number=False),
        Cell(_used(due, formats.number)),
        Cell(tr("not recorded") if due.tickets is None else formats.number(due.tickets)),
        Cell(risk(due), number=False),
    )


def _used(due: Due, number: Any) -> str:  # noqa: ANN401 - Formats.number
    if due.used is None or due.used_before is None:
        return tr("not recorded")
    now, before = number(due.used), number(due.used_before)
    return tr("{now} (before {before})", now=now, before=before)


def risk(due: Due) -> str:
    """Return what warns of a loss, in words; 'none seen' where nothing does."""
    return ", ".join(risks(due)) or tr("none seen")


def risks(due: Due) -> tuple[str, ...]:
    """Return each thing that warns of a loss."""
    found = []
    if due.used is not None and due.used_before and due.used <= due.used_before * _LESS:
        found.append(tr("use halved") if due.used else tr("use stopped"))
    elif due.used == 0 and due.used_before == 0:
        found.append(tr("not in use"))
    if due.tickets is not None and due.tickets >= _MANY_TICKETS:
        found.append(tr("tickets open"))
    return tuple(found)
