"""Rules on what is covered: the stages of the journey, goals, and the data itself."""

from collections.abc import Iterable, Iterator

from kpi_engine.definitions.described import KpiClass, Stage, Timing
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.framework.described import JOURNEY, Framework, Goal, Member, Offer
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.framework.words import counted, listed, stage_name


def gaps(framework: Framework) -> tuple[tuple[Stage, KpiClass], ...]:
    """Return the cells of stage and class without a KPI, in stages that have any."""
    return tuple(
        (stage, kpi_class)
        for stage in JOURNEY
        if framework.at(stage)
        for kpi_class in KpiClass
        if not framework.at(stage, kpi_class)
    )


def cell(stage: Stage, kpi_class: KpiClass) -> str:
    """Return the place of a cell, as waivers name it."""
    return f"{stage.value}/{kpi_class.value}"


def has_driver(framework: Framework, goal: Goal) -> bool:
    """Say whether a KPI of a goal tells before the result."""
    return any(one.kpi.timing is Timing.LEADING for one in _serving(framework, goal))


def has_outcome(framework: Framework, goal: Goal) -> bool:
    """Say whether a KPI of a goal is the result itself."""
    return any(one.kpi.kpi_class is KpiClass.OUTCOME for one in _serving(framework, goal))


def _serving(framework: Framework, goal: Goal) -> list[Member]:
    known = framework.by_key()
    return [known[key] for key in goal.kpis if key in known]


def _uncovered(framework: Framework) -> Iterator[Fault]:
    for stage in JOURNEY:
        if not framework.at(stage):
            yield Fault(
                stage.value,
                f"{stage_name(stage)} is not measured",
                "No KPI of the stage is adopted, so customers can be lost there unseen.",
                *_adopt(framework.offer(stage), f"Define a KPI of {_plain(stage)}"),
            )


def _after_the_fact(framework: Framework) -> Iterator[Fault]:
    for stage in JOURNEY:
        there = framework.at(stage)
        if there and all(one.kpi.timing is Timing.LAGGING for one in there):
            warned = (one for one in framework.offers if one.kpi.timing is Timing.LEADING)
            offer = _first(one for one in warned if one.kpi.stage is stage)
            yield Fault(
                stage.value,
                f"{stage_name(stage)} is measured only after the fact",
                f"{counted(len(there), 'lagging KPI')} and nothing that warns before"
                f" {_LOST.get(stage, 'it is too late')}.",
                *_adopt(offer, f"Define a leading KPI of {_plain(stage)}"),
            )


_LOST = {
    Stage.RETENTION: "a customer leaves",
    Stage.SALES: "a deal is lost",
    Stage.SERVICE: "a customer is let down",
    Stage.ONBOARDING: "a new customer gives up",
}


def _gaps(framework: Framework) -> Iterator[Fault]:
    for stage, kpi_class in gaps(framework):
        yield Fault(
            cell(stage, kpi_class),
            f"{stage_name(stage)} has no {kpi_class.value} KPI",
            f"Its other KPIs are of {_classes(framework.at(stage))}.",
            *_adopt(
                framework.offer(stage, kpi_class),
                f"Define one of {kpi_class.value} for {_plain(stage)}",
            ),
        )


def _data_quality(framework: Framework) -> Iterator[Fault]:
    if framework.members and not framework.at(Stage.DATA_QUALITY):
        yield Fault(
            "",
            "No KPI watches the data itself",
            "Duplicates, missing fields and outdated records bend every other number unseen.",
            *_adopt(
                framework.offer(Stage.DATA_QUALITY),
                "Define one, such as the share of open opportunities with a next step",
            ),
        )


def _no_outcome(framework: Framework) -> Iterator[Fault]:
    for goal in framework.goals:
        if not has_outcome(framework, goal):
            yield Fault(
                goal.key,
                f"{goal.name} has no outcome KPI",
                f"{counted(len(goal.kpis), 'KPI serves', 'KPIs serve')} it; none is the result.",
                "Add the KPI that says that the goal is reached",
                Aid.GOALS,
            )


def _no_driver(framework: Framework) -> Iterator[Fault]:
    for goal in framework.goals:
        if not has_driver(framework, goal):
            yield Fault(
                goal.key,
                f"{goal.name} has no driver",
                "All its KPIs tell the result; none tells in time that it will be missed.",
                *_driver(framework, goal),
            )


def _driver(framework: Framework, goal: Goal) -> tuple[str, Aid]:
    """Name a leading KPI that drives one of the goal's."""
    leads = [
        one.kpi.name
        for one in framework.members
        if one.kpi.timing is Timing.LEADING and set(one.kpi.drives) & set(goal.kpis)
    ]
    return (f"Add {leads[0]}, which drives it" if leads else "Add a leading KPI", Aid.GOALS)


def _unowned(framework: Framework) -> Iterator[Fault]:
    for goal in framework.goals:
        if not goal.owner:
            yield Fault(
                goal.key,
                f"{goal.name} has no owner",
                "Nobody says whether the goal is reached, or what follows if it is not.",
                "Name an owner of the goal",
                Aid.GOALS,
            )


def _adopt(offer: Offer | None, otherwise: str) -> tuple[str, Aid, None, KpiKey | None]:
    """Return the last fields of a fault: to adopt what the catalogue has, or else to define it."""
    if offer is None:
        return otherwise, Aid.DEFINE, None, None
    known = "" if offer.measured else " (your data gives it no number yet)"
    return f"Adopt {offer.kpi.name}{known}", Aid.ADOPT, None, offer.kpi.key


def _first(offers: Iterable[Offer]) -> Offer | None:
    there = list(offers)
    return next((one for one in there if one.measured), there[0] if there else None)


def _classes(members: Iterable[Member]) -> str:
    return listed(sorted({one.kpi.kpi_class.value for one in members}))


def _plain(stage: Stage) -> str:
    return stage.value.replace("_", " ")


RULES = (
    Rule(
        "C20",
        Severity.WARNING,
        "Each stage of the journey has a KPI",
        "Customers are lost where nobody looks.",
        2,
        4,
        _uncovered,
        "{count} stages of the journey are not measured",
        "Adopt a KPI for each",
    ),
    Rule(
        "C21",
        Severity.ERROR,
        "Each stage has a KPI that warns before the result",
        "A lagging number tells of customers who are gone; a leading one leaves time to act.",
        3,
        6,
        _after_the_fact,
        "{count} stages are measured only after the fact",
        "Adopt a leading KPI for each",
    ),
    Rule(
        "C22",
        Severity.HINT,
        "Each stage has activity, quality and outcome",
        "A missing class leaves open whether effort, its value or its result changed.",
        1,
        4,
        _gaps,
        "{count} cells of the journey have no KPI",
        "Adopt one for each, or waive the cell",
    ),
    Rule(
        "C23",
        Severity.ERROR,
        "A KPI watches the data itself",
        "A KPI is as reliable as its data: an inflated pipeline gives false expectations.",
        3,
        3,
        _data_quality,
    ),
    Rule(
        "G31",
        Severity.ERROR,
        "Each goal has an outcome",
        "Without the result nobody can say that the goal was reached.",
        2,
        4,
        _no_outcome,
        "{count} goals have no outcome",
    ),
    Rule(
        "G32",
        Severity.WARNING,
        "Each goal has a driver",
        "Without a leading KPI the goal is only missed, never steered.",
        2,
        4,
        _no_driver,
        "{count} goals have no driver",
        "Add a leading KPI to each",
    ),
    Rule(
        "G33",
        Severity.HINT,
        "Each goal has an owner",
        "What everybody wants and nobody answers for does not happen.",
        1,
        2,
        _unowned,
        "{count} goals have no owner",
    ),
)
"""The rules of coverage."""
