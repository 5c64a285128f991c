"""Today's tasks in words, account by account, the most urgent first."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from kpi_engine.language import tr, trn
from kpi_engine.periods import Calendar
from kpi_engine.units import Unit
from portal.readmodels.cards import Status, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.rep_home import TaskGroup, TaskPanel, TaskRow
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
    # Of what is open: an account whose last task was done a moment ago stands there still.
    accounts = {task.account or task.person for task in due} - {""}
    rest = len(due) - _MOST
    groups = _groups(shown, deals, day, calendar, formats)
    pills = []
    if todo.overdue:
        pills.append(Status(Tone.BAD, tr("{count} overdue", count=len(todo.overdue)), "clock"))
    if todo.today:
        today = tr("{count} due today", count=len(todo.today))
        pills.append(Status(Tone.NEUTRAL, today, "calendar-event"))
    told = trn("{count} open task", "{count} open tasks", len(due))
    if accounts:
        told = trn(
            "{tasks} at {count} account", "{tasks} at {count} accounts", len(accounts), tasks=told
        )
    return TaskPanel(
        sub=tr("{tasks}, most urgent first.", tasks=told) if due else _all_done(shown),
        pills=tuple(pills),
        groups=groups,
        empty="" if shown else _nothing(todo, calendar, formats),
        more=tr("{count} more are due; they follow when these are done.", count=rest)
        if rest > 0
        else "",
    )


def _all_done(shown: Sequence[Task]) -> str:
    return tr("All that was due is done.") if shown else ""


def _nothing(todo: Tasks, calendar: Calendar, formats: Formats) -> str:
    if todo.following is None:
        return tr("Nothing is overdue or due today, nor within a week.")
    day = formats.day(calendar.local_date(todo.following.due), year=False)
    return tr("Nothing is overdue or due today. The next task is due on {day}.", day=day)


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
            account or tr("No account"),
            _about(mine[0], deals, formats),
            tuple(row(task, day, calendar, formats) for task in mine),
        )
        for account, mine in found.items()
    )


def _about(task: Task, deals: Mapping[str, OpenDeal], formats: Formats) -> str:
    """Say of which deal it is and how that stands."""
    if not task.deal_name:
        return tr("Lead") if task.person and not task.account else ""
    parts = [] if not task.amount else [formats.short(float(task.amount), Unit.MONEY)]
    found = deals.get(task.deal)
    if found is not None and found.flag is Flag.STALLED:
        parts.append(tr("stalled {count}\u00a0d", count=int(found.age)))
    elif found is not None and found.flag is Flag.PAST_DUE:
        parts.append(tr("past close date"))
    elif task.stage:
        parts.append(task.stage)
    return ", ".join(parts)


def row(task: Task, day: datetime, calendar: Calendar, formats: Formats) -> TaskRow:
    """Return one task as a row."""
    when, at = None, ""
    if task.due < day:
        late = (calendar.local_date(day) - calendar.local_date(task.due)).days
        when = Status(Tone.BAD, tr("{count}\u00a0d overdue", count=late), "clock")
    else:
        zone = ZoneInfo(calendar.timezone)
        local = task.due.replace(tzinfo=UTC).astimezone(zone)
        at = tr("today") if (local.hour, local.minute) == _MIDNIGHT else f"{local:%H:%M}"
    done = ""
    if task.done_at is not None:
        moment = task.done_at.astimezone(ZoneInfo(calendar.timezone))
        done = tr("Done {time}", time=f"{moment:%H:%M}")
    del formats
    return TaskRow(task.token, _title(task), when, at, done)


def _title(task: Task) -> str:
    if task.title:
        return task.title
    about = task.person or task.deal_name
    if task.kind != "follow_up":
        return tr("Task about {name}", name=about) if about else tr("Task")
    if task.person:
        return tr("Follow up with {name}", name=task.person)
    return tr("Follow up on {name}", name=about) if about else tr("Follow up")
