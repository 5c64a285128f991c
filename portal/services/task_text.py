"""Today's tasks in words, account by account, the most urgent first."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kpi_engine.periods import Calendar
from kpi_engine.units import Unit
from portal.readmodels.cards import Status, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.rep_home import TaskGroup, TaskPanel, TaskRow
from portal.readmodels.tongues import NBSP
from portal.services.opportunities import Flag, OpenDeal
from portal.services.tasks import Task, Tasks

_MOST = 12
_MIDNIGHT = (0, 0)


def panel(
    todo: Tasks, deals: Mapping[str, OpenDeal], day: datetime, calendar: Calendar, formats: Formats
) -> TaskPanel:
    """Return what is to be done today.

    Args:
        todo: The tasks, sorted out.
        deals: The person's open deals by key.
        day: The first instant of today, naive UTC.
        calendar: The tenant's.
        formats: The reader's.
    """
    due = [*todo.overdue, *todo.today]
    shown = [*due[:_MOST], *todo.done]
    accounts = {task.account or task.person for task in shown} - {""}
    rest = len(due) - _MOST
    groups = _groups(shown, deals, day, calendar, formats)
    pills = []
    if todo.overdue:
        pills.append(Status(Tone.BAD, f"{len(todo.overdue)} overdue", "clock"))
    if todo.today:
        pills.append(Status(Tone.NEUTRAL, f"{len(todo.today)} due today", "calendar-event"))
    open_ones = f"{len(due)} open {'task' if len(due) == 1 else 'tasks'}"
    where = f" at {len(accounts)} {'account' if len(accounts) == 1 else 'accounts'}"
    return TaskPanel(
        sub=f"{open_ones}{where if accounts else ''}, most urgent first." if shown else "",
        pills=tuple(pills),
        groups=groups,
        empty="" if shown else _nothing(todo, calendar, formats),
        more=f"{rest} more are due; they follow when these are done." if rest > 0 else "",
    )


def _nothing(todo: Tasks, calendar: Calendar, formats: Formats) -> str:
    if todo.following is None:
        return "Nothing is overdue or due today, nor within a week."
    day = formats.day(calendar.local_date(todo.following.due), year=False)
    return f"Nothing is overdue or due today. The next task is due on {day}."


def _groups(
    tasks: Sequence[Task],
    deals: Mapping[str, OpenDeal],
    day: datetime,
    calendar: Calendar,
    formats: Formats,
) -> tuple[TaskGroup, ...]:
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault(task.account or task.person or task.deal_name, []).append(task)
    return tuple(
        TaskGroup(
            account or "No account",
            _about(mine[0], deals, formats),
            tuple(row(task, day, calendar, formats) for task in mine),
        )
        for account, mine in found.items()
    )


def _about(task: Task, deals: Mapping[str, OpenDeal], formats: Formats) -> str:
    """Say of which deal it is and how that stands."""
    if not task.deal_name:
        return "Lead" if task.person and not task.account else ""
    parts = [] if not task.amount else [formats.short(float(task.amount), Unit.MONEY)]
    found = deals.get(task.deal)
    if found is not None and found.flag is Flag.STALLED:
        parts.append(f"stalled {int(found.age)}{NBSP}d")
    elif found is not None and found.flag is Flag.PAST_DUE:
        parts.append("past close date")
    elif task.stage:
        parts.append(task.stage)
    return ", ".join(parts)


def row(task: Task, day: datetime, calendar: Calendar, formats: Formats) -> TaskRow:
    """Return one task as a row."""
    when, at = None, ""
    if task.due < day:
        late = (calendar.local_date(day) - calendar.local_date(task.due)).days
        when = Status(Tone.BAD, f"{late}{NBSP}d overdue", "clock")
    else:
        zone = ZoneInfo(calendar.timezone)
        local = task.due.replace(tzinfo=UTC).astimezone(zone)
        at = "today" if (local.hour, local.minute) == _MIDNIGHT else f"{local:%H:%M}"
    done = ""
    if task.done_at is not None:
        done = f"Done {task.done_at.astimezone(ZoneInfo(calendar.timezone)):%H:%M}"
    del formats
    return TaskRow(task.token, _title(task), when, at, done)


def _title(task: Task) -> str:
    if task.title:
        return task.title
    what = "Follow up" if task.kind == "follow_up" else "Task"
    if task.person:
        return f"{what} {'with' if task.kind == 'follow_up' else 'about'} {task.person}"
    if task.deal_name:
        return f"{what} {'on' if task.kind == 'follow_up' else 'about'} {task.deal_name}"
    return what
