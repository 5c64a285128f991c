"""Goals are stated: made, changed, ended, or taken over from the default framework."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from kpi_engine.language import mark, tr
from portal.errors import BadInputError
from portal.models.goals import GoalStatement, GoalSupport
from portal.security.permissions import Permission
from portal.services import auditing, goals, inputs, ownership_changes, typed_words
from portal.services.auditing import Event, Trace
from portal.services.desks import Desk
from portal.services.framework import Support
from portal.services.goals import Goal
from portal.services.granted import require
from portal.services.typed_words import NotThereError

MOST_KPIS = 12
"""So many KPIs one goal has at most: more cannot be looked at together."""
MOST_GOALS = 12
_HEAVIEST = 100
_GONE = mark("There is no such goal. Reload the page to see those there are.")


@dataclass(frozen=True, slots=True)
class GoalEdit:
    """What is to be said of a goal. It ends before `end`, if it ends."""

    name: str
    question: str
    owner: UUID | None
    start: date
    end: date | None
    supports: tuple[Support, ...]


def add_goal(desk: Desk, edit: GoalEdit, trace: Trace) -> Goal:
    """Make a goal.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if a part of it can't be used.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    own = goals.own_goals(desk.session)
    if sum(goal.holds(desk.today) for goal in own) >= MOST_GOALS:
        raise BadInputError(
            tr("{count} goals are enough. End one before you add another.", count=MOST_GOALS)
        )
    checked = _checked(desk, edit)
    made = Goal(
        id=uuid4(),
        key=_key(checked.name, {goal.key for goal in own}),
        name=checked.name,
        question=checked.question,
        owner=None,
        start=checked.start,
        end=checked.end,
        supports=checked.supports,
        default=False,
    )
    return _state(desk, made, checked.owner, len(own) + 1, trace)


def change_goal(desk: Desk, goal: str, seen: int, edit: GoalEdit, trace: Trace) -> Goal:
    """State a goal anew, if it still stands as the person saw it.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if there is no such goal, somebody changed it since, or a part can't be used.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    before, position = _found(desk, goal, seen)
    checked = _checked(desk, edit)
    after = replace(
        before,
        name=checked.name,
        question=checked.question,
        start=checked.start,
        end=checked.end,
        supports=checked.supports,
    )
    return _state(desk, after, checked.owner, position, trace)


def end_goal(desk: Desk, goal: str, seen: int, trace: Trace) -> Goal:
    """End a goal: from today it is none any more. What it was stays kept.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if there is no such goal, or somebody changed it since.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    before, position = _found(desk, goal, seen)
    start = min(before.start or desk.today, desk.today)
    after = replace(before, start=start, end=desk.today)
    return _state(desk, after, _owner(before), position, trace)


def give_goal(desk: Desk, goal: Goal, owner: UUID, trace: Trace) -> Goal:
    """Give a goal to another owner, who is known to be active."""
    position = _found(desk, str(goal.id), goal.revision)[1]
    return _state(desk, goal, owner, position, trace)


def take_default(desk: Desk, trace: Trace) -> int:
    """Make the goals of the default framework the tenant's own, to be changed from there.

    Raises:
        DeniedError: if the person may not change the framework.
        BadInputError: if the tenant has goals of its own.
    """
    require(desk.actor, Permission.FRAMEWORK_EDIT)
    if goals.own_goals(desk.session):
        raise BadInputError(tr("The company has goals of its own already."))
    found = goals.default_goals(desk.catalogue)
    for position, goal in enumerate(found, 1):
        made = replace(goal, id=uuid4(), start=desk.today, default=False)
        _state(desk, made, None, position, trace)
    return len(found)


def _state(desk: Desk, goal: Goal, owner: UUID | None, position: int, trace: Trace) -> Goal:
    assert goal.id is not None  # noqa: S101 - only the default framework's have none
    row = GoalStatement(
        id=uuid4(),
        goal=goal.id,
        key=goal.key,
        revision=goal.revision + 1,
        position=position,
        name=goal.name,
        question=goal.question,
        owner=owner,
        start_day=goal.start,
        end_day=goal.end,
        **ownership_changes.said(desk, trace),
    )
    if not desk.session.insert_new(row):
        raise BadInputError(tr(typed_words.OVERTAKEN))
    for one in goal.supports:
        support = GoalSupport(id=uuid4(), statement=row.id, kpi=one.kpi, weight=one.weight)
        desk.session.add(support)
    desk.session.flush()
    detail = {
        "name": goal.name,
        "kpis": [f"{one.kpi} {one.weight}" for one in goal.supports],
        "end": str(goal.end or ""),
        "revision": row.revision,
    }
    auditing.note(desk.session, desk.actor, Event.GOAL_CHANGED, goal.key, detail, trace=trace)
    return replace(goal, revision=row.revision)


def _found(desk: Desk, wanted: str, seen: int) -> tuple[Goal, int]:
    """Return a goal as it now stands and its place, if that is how the person saw it."""
    goal_id = typed_words.one_id(tr("goal"), wanted)
    for position, goal in enumerate(goals.own_goals(desk.session), 1):
        if goal.id == goal_id:
            if goal.revision != seen:
                raise BadInputError(
                    tr(
                        "Somebody changed the goal '{name}' since you opened it. Look at how it"
                        " stands now, and change it again.",
                        name=goal.name,
                    )
                )
            return goal, position
    raise NotThereError(tr(_GONE))


def _checked(desk: Desk, edit: GoalEdit) -> GoalEdit:
    if edit.end is not None and edit.end <= edit.start:
        raise BadInputError(tr("The goal ends before it starts. Put its days in order."))
    if edit.owner is not None:
        ownership_changes.active_person(desk, edit.owner)
    supports = _supports(desk, edit.supports)
    name = inputs.line(tr("The goal's name"), edit.name)
    question = typed_words.text(tr("The goal's business question"), edit.question)
    return replace(edit, name=name, question=question, supports=supports)


def _supports(desk: Desk, given: tuple[Support, ...]) -> tuple[Support, ...]:
    supports = tuple(sorted(given, key=lambda one: (-one.weight, one.kpi)))
    if not supports:
        raise BadInputError(tr("A goal needs a KPI that tells whether it is reached. Choose one."))
    if len(supports) > MOST_KPIS:
        raise BadInputError(
            tr("A goal has at most {count} KPIs. Choose the few that matter.", count=MOST_KPIS)
        )
    if len({one.kpi for one in supports}) != len(supports):
        raise BadInputError(tr("A KPI stands twice in the goal. Leave one of the two out."))
    for one in supports:
        if one.kpi not in desk.catalogue:
            raise BadInputError(tr("The goal names a KPI that there is not. Reload the page."))
        if not 1 <= one.weight <= _HEAVIEST:
            raise BadInputError(tr("A weight is a whole number from 1 to 100."))
    return supports


def _owner(goal: Goal) -> UUID | None:
    return None if goal.owner is None else goal.owner.id


def _key(name: str, taken: set[str]) -> str:
    """A name for addresses from the goal's name, which may be written in any letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:40] or "goal"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key
