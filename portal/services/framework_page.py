"""The page of goals: each as a tree of the KPIs that tell of it and what drives those."""

from collections.abc import Mapping
from dataclasses import dataclass

from kpi_engine.definitions.described import Timing
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr, trn
from portal.readmodels.cards import Head, OwnerShare
from portal.readmodels.framework import FrameworkPage, GoalTree, Node, PastGoal
from portal.security.permissions import Permission
from portal.services import (
    addresses,
    catalogue_words,
    goal_trees,
    goals,
    life_words,
    lifecycles,
    owner_words,
)
from portal.services.desks import Desk
from portal.services.framework_tabs import HOME, tabs
from portal.services.goal_trees import Branch
from portal.services.goals import Goal
from portal.services.lifecycles import Life

GOALS = f"{HOME}/goals"
"""Where goals are changed."""
_SUB = mark("Goals, the KPIs that tell whether they are reached, and what drives those.")


@dataclass(frozen=True, slots=True)
class _Made:
    desk: Desk
    owners: Mapping[KpiKey, tuple[OwnerShare, ...]]
    lives: Mapping[KpiKey, Life]
    may_edit: bool


def read(desk: Desk, csrf: str, said: str = "") -> FrameworkPage:
    """Return the page; `said` is what the last change did."""
    told = goals.goals(desk.session, desk.catalogue, desk.today)
    own = goals.own_goals(desk.session)
    used = lifecycles.adopted(desk.session, desk.catalogue, desk.today)
    made_of = goal_trees.wood(desk.catalogue, used)
    found = {goal.key: goal_trees.branches(goal, made_of) for goal in told}
    keys = {key for tree in found.values() for one in tree for key in one.every()}
    may_edit = desk.may(Permission.FRAMEWORK_EDIT)
    lives = lifecycles.lives(desk.session)
    made = _Made(desk, owner_words.known(desk, keys), lives, may_edit)
    shown = {goal.key for goal in told}
    return FrameworkPage(
        head=Head(tr("Framework"), tr(_SUB)),
        tabs=tabs(HOME),
        said=said,
        csrf=csrf,
        source=goals.source(told) if told or own else "",
        add=f"{GOALS}/new" if may_edit else "",
        take=f"{GOALS}/default" if may_edit and not own else "",
        goals=tuple(_tree(made, goal, found[goal.key]) for goal in told),
        past=tuple(_past(made, goal) for goal in own if goal.key not in shown),
    )


def _tree(made: _Made, goal: Goal, found: tuple[Branch, ...]) -> GoalTree:
    weights = {one.kpi: str(one.weight) for one in goal.supports}
    return GoalTree(
        key=goal.key,
        name=goal.name,
        question=goal.question,
        owners=() if goal.owner is None else (OwnerShare(goal.owner.name, ""),),
        period=_period(made.desk, goal),
        told=_told(made.desk, goal),
        edit=_edit(made, goal),
        nodes=tuple(_node(made, one, weights) for one in found),
    )


def _node(made: _Made, branch: Branch, weights: Mapping[KpiKey, str]) -> Node:
    kpi = branch.kpi
    kpi_class = catalogue_words.titled(kpi.kpi_class)
    stage, timing = catalogue_words.plain(kpi.stage), catalogue_words.plain(kpi.timing)
    return Node(
        key=kpi.key,
        name=kpi.name,
        href=addresses.kpi_page(kpi.key),
        about=f"{kpi_class}, {stage}, {timing}",
        owners=made.owners.get(kpi.key, ()),
        life=life_words.notable(made.lives.get(kpi.key)),
        weight=weights.get(kpi.key, ""),
        how=tr(branch.how),
        inner=tuple(_node(made, one, weights) for one in branch.inner),
    )


def _told(desk: Desk, goal: Goal) -> str:
    kpis = [desk.catalogue[one.kpi] for one in goal.supports]
    lagging = sum(kpi.timing is Timing.LAGGING for kpi in kpis)
    return trn(
        "{count} KPI: {lagging} lagging, {leading} leading.",
        "{count} KPIs: {lagging} lagging, {leading} leading.",
        len(kpis),
        lagging=lagging,
        leading=len(kpis) - lagging,
    )


def _past(made: _Made, goal: Goal) -> PastGoal:
    return PastGoal(goal.name, _period(made.desk, goal), _edit(made, goal))


def _edit(made: _Made, goal: Goal) -> str:
    return f"{GOALS}/{goal.id}" if made.may_edit and goal.id is not None else ""


def _period(desk: Desk, goal: Goal) -> str:
    if goal.start is None:
        return ""
    start = desk.formats.day(goal.start)
    if goal.end is None:
        begun = goal.start <= desk.today
        return tr("Since {day}", day=start) if begun else tr("From {day}", day=start)
    return tr("{first} until {last}", first=start, last=desk.formats.day(goal.end))
