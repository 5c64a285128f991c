"""Rules on what every KPI needs: a goal, a question, a target, an owner who is there, an action."""

from collections.abc import Iterator, Sequence

from kpi_engine.definitions.parts import inputs_of
from kpi_engine.framework.described import Framework, Member, Split
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.framework.serving import serving
from kpi_engine.framework.words import day, listed

_OFF = 3
"""So many periods off target in a row ask for an action."""


def _no_goal(framework: Framework) -> Iterator[Fault]:
    needed = serving(framework)
    for one in framework.members:
        if one.kpi.key not in needed:
            yield _fault(
                one,
                f"{one.kpi.name} serves no goal",
                "No goal names it, and it is no part, driver or guardrail of one that is named.",
                "Add it to a goal, or retire it",
                Aid.GOALS,
            )


def _no_question(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        if not one.kpi.question.strip().endswith("?"):
            yield _fault(
                one,
                f"{one.kpi.name} answers no question",
                "Its definition asks nothing, so nobody can tell what decision it helps.",
                "Write the business question that it answers",
                Aid.OPEN,
            )


def _no_target(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        if not one.has_target:
            yield _fault(
                one,
                f"{one.kpi.name} has no target",
                "Without one the number has no status, and no good or bad day.",
                "Set a target",
                Aid.SET_TARGET,
            )


def _no_owner(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        if one.keeper is None:
            yield _fault(
                one,
                f"{one.kpi.name} has no owner",
                "Nobody reviews it or drives its improvement.",
                f"Name an owner in {one.kpi.department.value}",
                Aid.ASSIGN,
            )


def _inactive_owner(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        keeper = one.keeper
        if keeper is not None and not keeper.active and not keeper.cover:
            left = f" left on {day(keeper.left_on)}" if keeper.left_on else " may not sign in"
            yield _fault(
                one,
                f"{one.kpi.name} has no active owner",
                f"{keeper.name}{left} and nobody stands in.",
                f"Name an owner in {one.kpi.department.value}",
                Aid.ASSIGN,
            )


def _no_action(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        off = _off_in_a_row(one.statuses)
        if one.actions == 0 and off >= _OFF:
            yield _fault(
                one,
                f"{one.kpi.name} is off target and nothing is done",
                f"Off target for {off} {one.grain.value}s in a row, and no action was taken on it.",
                "Agree on an action with its owner",
                Aid.ACT,
            )


def _shared_without_split(framework: Framework) -> Iterator[Fault]:
    known = framework.by_key()
    for one in framework.members:
        if one.split is not None or one.keeper is None:
            continue
        others = _others(one, [known[key] for key in inputs_of(one.kpi) if key in known])
        if others:
            yield _fault(
                one,
                f"{one.kpi.name} is shared without a split",
                f"{one.keeper.name} answers for it alone, and it is made by {listed(others)} too.",
                "Write down who answers for which share",
                Aid.SPLIT,
            )


def _unconfirmed(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        split: Split | None = one.split
        if split is not None and split.waiting:
            yield _fault(
                one,
                f"The split of {one.kpi.name} is not agreed",
                f"{listed(split.waiting)} did not confirm the share yet.",
                "Ask for their word",
                Aid.SPLIT,
            )


def _others(one: Member, inputs: Sequence[Member]) -> list[str]:
    """Return who else makes the number: the owners of the KPIs that it is built from."""
    mine = "" if one.keeper is None else one.keeper.name
    return sorted({each.keeper.name for each in inputs if each.keeper is not None} - {mine})


def _off_in_a_row(statuses: Sequence[str]) -> int:
    count = 0
    for status in reversed(statuses):
        if status != "bad":
            break
        count += 1
    return count


def _fault(one: Member, title: str, reason: str, fix: str, aid: Aid) -> Fault:
    return Fault(one.kpi.key, title, reason, fix, aid, one.kpi.key)


RULES = (
    Rule(
        "F01",
        Severity.WARNING,
        "Each KPI serves a goal",
        "If nobody decides by it, it goes.",
        1,
        4,
        _no_goal,
        "{count} KPIs serve no goal",
    ),
    Rule(
        "F02",
        Severity.WARNING,
        "Each KPI answers a question",
        "A number without a question is data and no insight.",
        1,
        2,
        _no_question,
        "{count} KPIs answer no question",
    ),
    Rule(
        "F04",
        Severity.WARNING,
        "Each KPI has a target",
        "A KPI is relative: a number alone says nothing.",
        1,
        4,
        _no_target,
        "{count} KPIs have no target",
    ),
    Rule(
        "F05",
        Severity.ERROR,
        "Each KPI has an owner",
        "Every KPI has somebody who reviews it and drives improvement.",
        2,
        6,
        _no_owner,
        "{count} KPIs have no owner",
        "Name an owner for each",
    ),
    Rule(
        "F06",
        Severity.WARNING,
        "A KPI that stays off target has an action",
        "Reporting is not the last step: a KPI without action is a mistake to guard against.",
        2,
        4,
        _no_action,
        "{count} KPIs stay off target without an action",
        tells_numbers=True,
    ),
    Rule(
        "F07",
        Severity.ERROR,
        "Each owner is still there",
        "An owner who left reviews nothing; the KPI looks owned and is not.",
        4,
        8,
        _inactive_owner,
        "{count} KPIs have no active owner",
        "Name an owner for each",
    ),
    Rule(
        "F08",
        Severity.WARNING,
        "A KPI that several people make has a split",
        "Shared without shares, each blames the other; written shares make them solve it together.",
        2,
        4,
        _shared_without_split,
        "{count} KPIs are shared without a split",
    ),
    Rule(
        "F09",
        Severity.HINT,
        "Each share of a split is agreed",
        "A responsibility counts once its owner said yes to it.",
        1,
        1,
        _unconfirmed,
        "{count} splits are not agreed",
    ),
)
"""The rules on what every KPI needs."""
