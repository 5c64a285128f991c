"""Tasks and follow-ups that are due: read from the CRM, marked as done here, taken back here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from kpi_engine.compiler.dialect import instant
from kpi_engine.compiler.relations import KEY_SEPARATOR, key_in_full
from kpi_engine.engine.engine import Engine
from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models.task_marks import TaskMark, mark_held, marks_of
from portal.security.actor import Actor
from portal.services import auditing, moments
from portal.services.auditing import Event, Trace
from portal.services.deal_book import Whose, owner_key
from portal.tenancy.session import TenantSession

AHEAD = timedelta(days=7)
"""How far ahead a task is read that is not due yet."""
_MOST = 500
_TITLES = ("subject", "title", "name", "description")


@dataclass(frozen=True, slots=True)
class Task:
    """One open task or follow-up of the CRM. Moments are naive UTC."""

    key: str
    owner: str
    kind: str
    title: str
    """What the CRM calls it; empty where it says nothing."""
    account: str
    deal: str
    """The key of the deal that it is about; empty where it is about none."""
    deal_name: str
    amount: Decimal | None
    stage: str
    person: str
    """The lead or contact that it is about."""
    due: datetime
    done_at: datetime | None = None
    """When it was marked as done here, in UTC."""

    @property
    def token(self) -> str:
        """What a page calls it by; it tells nothing, and leads nowhere for anybody else."""
        return blake2b(self.key.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Tasks:
    """The tasks of one person as of today."""

    overdue: tuple[Task, ...]
    today: tuple[Task, ...]
    done: tuple[Task, ...]
    """Marked as done here since today began."""
    following: Task | None
    """The next one after today, within a week."""


def read_tasks(engine: Engine, whose: Whose, until: datetime) -> tuple[Task, ...]:
    """Read the open tasks and follow-ups of some people that are due before a moment."""
    if "activity" not in engine.facts:
        return ()
    told = ("kind", "owner_id", "lead_id", "contact_id", "account_id", "opportunity_id", "due_at")
    records = engine.runner.now(
        engine.facts["activity"], ["id", "source", "completed_at", "attributes", *told]
    )
    key, joins = owner_key(engine, "t")
    far, joined = _about(engine)
    table = engine.runner.run(
        f"SELECT t.source || chr({ord(KEY_SEPARATOR)}) || t.id AS key, {key} AS owner, t.kind,"
        f" t.due_at, t.attributes, {far} FROM {records} AS t{joins}{joined}"
        " WHERE t.kind IN ('task', 'follow_up') AND t.completed_at IS NULL"
        f" AND t.due_at < {instant(until)} AND {whose.condition(engine.runner.dialect, key)}"
        f" ORDER BY t.due_at DESC, t.id LIMIT {_MOST}"
    )
    return tuple(_task(row) for row in reversed(table.to_pylist()))


def read_overdue(engine: Engine, whose: Whose, start: datetime, end: datetime) -> Mapping[str, int]:
    """Count each person's tasks that were due before `start` and stood undone at `end`."""
    if "activity" not in engine.facts:
        return {}
    told = ["id", "source", "kind", "owner_id", "due_at", "completed_at"]
    records = engine.runner.now(engine.facts["activity"], told)
    key, joins = owner_key(engine, "t")
    table = engine.runner.run(
        f"SELECT {key} AS owner, count(*) AS many FROM {records} AS t{joins}"
        f" WHERE t.kind IN ('task', 'follow_up') AND t.due_at < {instant(start)}"
        f" AND (t.completed_at IS NULL OR t.completed_at >= {instant(end)})"
        f" AND {whose.condition(engine.runner.dialect, key)} GROUP BY 1"
    )
    return {row["owner"]: row["many"] for row in table.to_pylist()}


_ABOUT = {
    "account": ("account_id", {"name": "account"}),
    "opportunity": (
        "opportunity_id",
        {"id": "deal", "name": "deal_name", "amount": "amount", "stage": "stage"},
    ),
    "lead": ("lead_id", {"name": "lead", "company": "company"}),
    "contact": ("contact_id", {"first_name": "first", "last_name": "last"}),
}


def _about(engine: Engine) -> tuple[str, str]:
    """Return the cells that tell what a task `t` is about, and the joins they need."""
    cells, joins = [], ""
    for place, (entity, (column, names)) in enumerate(_ABOUT.items()):
        if entity in engine.facts:
            records = engine.runner.now(engine.facts[entity], sorted({"id", "source", *names}))
            joins += f" LEFT JOIN {records} AS r{place}"
            joins += f" ON r{place}.source = t.source AND r{place}.id = t.{column}"
            cells += [f"r{place}.{own} AS {shown}" for own, shown in names.items()]
        else:
            cells += [f"NULL AS {shown}" for shown in names.values()]
    return ", ".join(cells), joins


def _task(row: Mapping[str, Any]) -> Task:
    source = str(row["key"]).partition(KEY_SEPARATOR)[0]
    person = " ".join(part for part in (row["first"], row["last"]) if part) or row["lead"] or ""
    return Task(
        key=row["key"],
        owner=row["owner"],
        kind=row["kind"],
        title=_title(row["attributes"]),
        account=row["account"] or row["company"] or "",
        deal=f"{source}{KEY_SEPARATOR}{row['deal']}" if row["deal"] else "",
        deal_name=row["deal_name"] or "",
        amount=row["amount"],
        stage=row["stage"] or "",
        person=person,
        due=row["due_at"],
    )


def _title(attributes: str | None) -> str:
    found = json.loads(attributes) if attributes else {}
    return next((str(found[name]) for name in _TITLES if found.get(name)), "")


def with_marks(session: TenantSession, tasks: Sequence[Task]) -> tuple[Task, ...]:
    """Return the tasks with what was marked here."""
    if not tasks:
        return ()
    rows = session.scalars(marks_of([task.key for task in tasks]))
    marks = {row.activity: row.done_at for row in rows}
    return tuple(replace(task, done_at=marks.get(task.key)) for task in tasks)


def sorted_out(tasks: Iterable[Task], day: datetime) -> Tasks:
    """Sort tasks by how urgent they are on the day that begins at a moment, naive UTC."""
    overdue, today, done, later = [], [], [], []
    for task in sorted(tasks, key=lambda one: (one.due, one.key)):
        if task.done_at is not None:
            if moments.naive(task.done_at) >= day:
                done.append(task)
        elif task.due < day:
            overdue.append(task)
        elif task.due < day + timedelta(days=1):
            today.append(task)
        else:
            later.append(task)
    return Tasks(tuple(overdue), tuple(today), tuple(done), later[0] if later else None)


def mark(
    session: TenantSession,
    actor: Actor,
    mine: Sequence[Task],
    token: str,
    done: bool,  # noqa: FBT001 - what is said of the task
    trace: Trace,
) -> Task:
    """Mark one of a person's own tasks as done, or take that back; return it as it now is.

    Raises:
        BadInputError: if it is none of theirs.
    """
    task = next((one for one in mine if one.token == token), None)
    if task is None:
        raise BadInputError(tr("That task is not open any more, or is none of yours."))
    moment = trace.at if done else None
    row = session.scalars(mark_held(task.key)).one_or_none()
    if row is None:
        made = TaskMark(
            activity=task.key, person_id=actor.person, done_at=moment, changed_at=trace.at
        )
        if not session.insert_new(made):
            row = session.scalars(mark_held(task.key)).one()
    if row is not None:
        row.done_at, row.changed_at, row.person_id = moment, trace.at, actor.person
    told = {"undone": not done}
    name = key_in_full(task.key)
    auditing.note(session, actor, Event.TASK_COMPLETED, name, told, trace=trace)
    return replace(task, done_at=moment)
