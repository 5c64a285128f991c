"""Rules on what every KPI needs: a goal, a question, a target, an owner who is there, an action."""

from collections.abc import Iterator, Sequence

from kpi_engine.definitions.parts import inputs_of
from kpi_engine.framework.described import Framework, Keeper, Member, Split
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.framework.serving import serving
from kpi_engine.framework.words import day, department_inside, lasting, listed
from kpi_engine.language import mark, tr

_OFF = 3
"""So many periods off target in a row ask for an action."""


def _no_goal(framework: Framework) -> Iterator[Fault]:
    needed = serving(framework)
    for one in framework.members:
        if one.kpi.key not in needed:
            yield _fault(
                one,
                tr("{kpi} serves no goal", kpi=one.kpi.name),
                tr(
                    "No goal names it, and it is no part, driver or guardrail of one that is named."
                ),
                tr("Add it to a goal, or retire it"),
                Aid.GOALS,
            )


def _no_question(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        if not one.kpi.question.strip().endswith("?"):
            yield _fault(
                one,
                tr("{kpi} answers no question", kpi=one.kpi.name),
                tr("Its definition asks nothing, so nobody can tell what decision it helps."),
                tr("Write the business question that it answers"),
                Aid.OPEN,
            )


def _no_target(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        if not one.has_target:
            yield _fault(
                one,
                tr("{kpi} has no target", kpi=one.kpi.name),
                tr("Without one the number has no status, and no good or bad day."),
                tr("Set a target"),
                Aid.SET_TARGET,
            )


def _no_owner(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        if one.keeper is None:
            yield _fault(
                one,
                tr("{kpi} has no owner", kpi=one.kpi.name),
                tr("Nobody reviews it or drives its improvement."),
                tr(
                    "Name an owner in {department}",
                    department=department_inside(one.kpi.department),
                ),
                Aid.ASSIGN,
            )


def _inactive_owner(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        keeper = one.keeper
        if keeper is not None and not keeper.active and not keeper.cover:
            yield _fault(
                one,
                tr("{kpi} has no active owner", kpi=one.kpi.name),
                _gone(keeper),
                tr(
                    "Name an owner in {department}",
                    department=department_inside(one.kpi.department),
                ),
                Aid.ASSIGN,
            )


def _gone(keeper: Keeper) -> str:
    if keeper.left_on is None:
        return tr("{name} may not sign in and nobody stands in.", name=keeper.name)
    left = day(keeper.left_on)
    return tr("{name} left on {day} and nobody stands in.", name=keeper.name, day=left)


def _no_action(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        off = _off_in_a_row(one.statuses)
        if one.actions == 0 and off >= _OFF:
            yield _fault(
                one,
                tr("{kpi} is off target and nothing is done", kpi=one.kpi.name),
                tr(
                    "Off target for {time} in a row, and no action was taken on it.",
                    time=lasting(off, one.grain),
                ),
                tr("Agree on an action with its owner"),
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
                tr("{kpi} is shared without a split", kpi=one.kpi.name),
                tr(
                    "{name} answers for it alone, and it is made by {others} too.",
                    name=one.keeper.name,
                    others=listed(others),
                ),
                tr("Write down who answers for which share"),
                Aid.SPLIT,
            )


def _unconfirmed(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        split: Split | None = one.split
        if split is not None and split.waiting:
            yield _fault(
                one,
                tr("The split of {kpi} is not agreed", kpi=one.kpi.name),
                tr("{names} did not confirm the share yet.", names=listed(split.waiting)),
                tr("Ask for their word"),
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
        mark("Each KPI serves a goal"),
        mark("If nobody decides by it, it goes."),
        1,
        4,
        _no_goal,
        mark("{count} KPIs serve no goal"),
    ),
    Rule(
        "F02",
        Severity.WARNING,
        mark("Each KPI answers a question"),
        mark("A number without a question is data and no insight."),
        1,
        2,
        _no_question,
        mark("{count} KPIs answer no question"),
    ),
    Rule(
        "F04",
        Severity.WARNING,
        mark("Each KPI has a target"),
        mark("A KPI is relative: a number alone says nothing."),
        1,
        4,
        _no_target,
        mark("{count} KPIs have no target"),
    ),
    Rule(
        "F05",
        Severity.ERROR,
        mark("Each KPI has an owner"),
        mark("Every KPI has somebody who reviews it and drives improvement."),
        2,
        6,
        _no_owner,
        mark("{count} KPIs have no owner"),
        mark("Name an owner for each"),
    ),
    Rule(
        "F06",
        Severity.WARNING,
        mark("A KPI that stays off target has an action"),
        mark("Reporting is not the last step: a KPI without action is a mistake to guard against."),
        2,
        4,
        _no_action,
        mark("{count} KPIs stay off target without an action"),
        tells_numbers=True,
    ),
    Rule(
        "F07",
        Severity.ERROR,
        mark("Each owner is still there"),
        mark("An owner who left reviews nothing; the KPI looks owned and is not."),
        4,
        8,
        _inactive_owner,
        mark("{count} KPIs have no active owner"),
        mark("Name an owner for each"),
    ),
    Rule(
        "F08",
        Severity.WARNING,
        mark("A KPI that several people make has a split"),
        mark(
            "Shared without shares, each blames the other; written shares make them solve it"
            " together."
        ),
        2,
        4,
        _shared_without_split,
        mark("{count} KPIs are shared without a split"),
    ),
    Rule(
        "F09",
        Severity.HINT,
        mark("Each share of a split is agreed"),
        mark("A responsibility counts once its owner said yes to it."),
        1,
        1,
        _unconfirmed,
        mark("{count} splits are not agreed"),
    ),
)
"""The rules on what every KPI needs."""
