"""The forms of goals and of a hand-over: what they show, and what was typed, read and checked."""

from dataclasses import replace
from datetime import timedelta

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr, trn
from portal.errors import BadInputError
from portal.models.goals import past_of
from portal.readmodels.framework_forms import GoalForm, HandoverForm, Option
from portal.services import form_parts, goals, ownership, typed_words
from portal.services.desks import Desk
from portal.services.form_parts import Typed
from portal.services.framework import Support
from portal.services.framework_tabs import HOME, OWNERS
from portal.services.goal_changes import MOST_KPIS, GoalEdit
from portal.services.goals import Goal
from portal.services.handovers import Handover
from portal.services.typed_words import NotThereError

_DAY = timedelta(days=1)
_EMPTY_ROWS, _LEAST_ROWS, _FIGURES = 2, 4, 3


def goal_form(desk: Desk, wanted: str = "") -> GoalForm:
    """Return the form of a goal, or of a new one.

    Raises:
        BadInputError: if there is no such goal.
    """
    goal = _goal(desk, wanted) if wanted else None
    supports = () if goal is None else goal.supports
    rows = [(str(one.kpi), str(one.weight)) for one in supports]
    ended = goal is None or (goal.end is not None and goal.end <= desk.today)
    return GoalForm(
        title=tr("Add a goal") if goal is None else tr("Change a goal"),
        name="" if goal is None else goal.name,
        question="" if goal is None else goal.question,
        owner="" if goal is None or goal.owner is None else str(goal.owner.id),
        start=str(desk.today if goal is None or goal.start is None else goal.start),
        end="" if goal is None or goal.end is None else str(goal.end - _DAY),
        revision="" if goal is None else str(goal.revision),
        rows=_more(rows),
        people=form_parts.people(desk, () if goal is None or goal.owner is None else (goal.owner,)),
        kpis=form_parts.kpis(desk.catalogue.values()),
        end_action="" if ended else f"{HOME}/goals/{wanted}/end",
        told="" if goal is None else _stated(desk, goal),
    )


def goal_typed(typed: Typed) -> GoalEdit:
    """Return a goal as it was typed.

    Raises:
        BadInputError: if a day or a weight is none.
    """
    last = typed_words.perhaps_day(tr("The goal's last day"), form_parts.first(typed, "end"))
    owner = form_parts.first(typed, "owner")
    return GoalEdit(
        form_parts.first(typed, "name"),
        form_parts.first(typed, "question"),
        typed_words.person_id(owner) if owner else None,
        typed_words.day(tr("The goal's first day"), form_parts.first(typed, "start")),
        None if last is None else last + _DAY,
        tuple(Support(KpiKey(kpi), _weight(weight)) for kpi, weight in _pairs(typed) if kpi),
    )


def goal_again(form: GoalForm, typed: Typed) -> GoalForm:
    """Return the form with what was typed in it, to be shown again."""
    return replace(
        form,
        name=form_parts.first(typed, "name"),
        question=form_parts.first(typed, "question"),
        owner=form_parts.first(typed, "owner"),
        start=form_parts.first(typed, "start"),
        end=form_parts.first(typed, "end"),
        rows=_more(_pairs(typed)),
    )


def handover_form(desk: Desk) -> HandoverForm:
    """Return the form that hands over what somebody answers for; those with anything lead."""
    people = sorted(ownership.everybody(desk.session).values(), key=lambda one: one.name)
    leaving = tuple(Option(str(one.id), form_parts.person(one)) for one in people)
    return HandoverForm(leaving, form_parts.people(desk, ()), OWNERS)


def handover_typed(typed: Typed) -> Handover:
    """Return who hands everything to whom, as it was typed.

    Raises:
        BadInputError: if one of the two is nobody.
    """
    return Handover(
        typed_words.person_id(form_parts.first(typed, "leaving")),
        typed_words.person_id(form_parts.first(typed, "taking")),
        form_parts.first(typed, "reason"),
    )


def _goal(desk: Desk, wanted: str) -> Goal:
    for goal in goals.own_goals(desk.session):
        if str(goal.id) == wanted:
            return goal
    raise NotThereError(tr("There is no such goal."))


def _stated(desk: Desk, goal: Goal) -> str:
    assert goal.id is not None  # noqa: S101 - a tenant's own goal has one
    rows = list(desk.session.scalars(past_of(goal.id)))
    last, count = rows[0], len(rows)
    return trn(
        "Last stated by {name}, {day}; {count} statement are kept.",
        "Last stated by {name}, {day}; {count} statements are kept.",
        count,
        name=last.set_by_name,
        day=desk.day_of(last.set_at),
    )


def _pairs(typed: Typed) -> list[tuple[str, str]]:
    """Return the KPIs and their weights, as far as both were sent."""
    kpis, weights = form_parts.every(typed, "kpi"), form_parts.every(typed, "weight")
    return list(zip(kpis, weights, strict=False))


def _more(rows: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    kept = [row for row in rows if row[0]]
    count = min(max(len(kept) + _EMPTY_ROWS, _LEAST_ROWS), MOST_KPIS)
    return tuple(kept + [("", "")] * (count - len(kept)))


def _weight(typed: str) -> int:
    if not typed.strip().isdecimal() or len(typed.strip()) > _FIGURES:
        raise BadInputError(tr("A weight is a whole number from 1 to 100."))
    return int(typed)
