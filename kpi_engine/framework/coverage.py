"""Rules on what is covered: the stages of the journey, goals, and the data itself."""

from collections.abc import Iterable, Iterator

from kpi_engine.definitions.described import KpiClass, Stage, Timing
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.framework.described import JOURNEY, Framework, Goal, Member, Offer
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.framework.words import class_inside, listed, stage_inside, stage_name
from kpi_engine.language import mark, tr, trn


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
                tr("{stage} is not measured", stage=stage_name(stage)),
                tr("No KPI of the stage is adopted, so customers can be lost there unseen."),
                *_adopt(
                    framework.offer(stage), tr("Define a KPI of {stage}", stage=stage_inside(stage))
                ),
            )


def _after_the_fact(framework: Framework) -> Iterator[Fault]:
    for stage in JOURNEY:
        there = framework.at(stage)
        if there and all(one.kpi.timing is Timing.LAGGING for one in there):
            warned = (one for one in framework.offers if one.kpi.timing is Timing.LEADING)
            offer = _first(one for one in warned if one.kpi.stage is stage)
            yield Fault(
                stage.value,
                tr("{stage} is measured only after the fact", stage=stage_name(stage)),
                _late(stage, len(there)),
                *_adopt(offer, tr("Define a leading KPI of {stage}", stage=stage_inside(stage))),
            )


_LOST = {
    Stage.RETENTION: mark("a customer leaves"),
    Stage.SALES: mark("a deal is lost"),
    Stage.SERVICE: mark("a customer is let down"),
    Stage.ONBOARDING: mark("a new customer gives up"),
}


def _late(stage: Stage, count: int) -> str:
    """Return how many KPIs of a stage tell only the result, and what is lost meanwhile."""
    return trn(
        "{count} lagging KPI and nothing that warns before {loss}.",
        "{count} lagging KPIs and nothing that warns before {loss}.",
        count,
        loss=tr(_LOST[stage]) if stage in _LOST else tr("it is too late"),
    )


def _gaps(framework: Framework) -> Iterator[Fault]:
    for stage, kpi_class in gaps(framework):
        yield Fault(
            cell(stage, kpi_class),
            tr(
                "{stage} has no {kpi_class} KPI",
                stage=stage_name(stage),
                kpi_class=class_inside(kpi_class),
            ),
            tr("Its other KPIs are of {classes}.", classes=_classes(framework.at(stage))),
            *_adopt(
                framework.offer(stage, kpi_class),
                tr(
                    "Define one of {kpi_class} for {stage}",
                    kpi_class=class_inside(kpi_class),
                    stage=stage_inside(stage),
                ),
            ),
        )


def _data_quality(framework: Framework) -> Iterator[Fault]:
    if framework.members and not framework.at(Stage.DATA_QUALITY):
        yield Fault(
            "",
            tr("No KPI watches the data itself"),
            tr("Duplicates, missing fields and outdated records bend every other number unseen."),
            *_adopt(
                framework.offer(Stage.DATA_QUALITY),
                tr("Define one, such as the share of open opportunities with a next step"),
            ),
        )


def _no_outcome(framework: Framework) -> Iterator[Fault]:
    for goal in framework.goals:
        if not has_outcome(framework, goal):
            yield Fault(
                goal.key,
                tr("{goal} has no outcome KPI", goal=goal.name),
                trn(
                    "{count} KPI serves it; none is the result.",
                    "{count} KPIs serve it; none is the result.",
                    len(goal.kpis),
                ),
                tr("Add the KPI that says that the goal is reached"),
                Aid.GOALS,
            )


def _no_driver(framework: Framework) -> Iterator[Fault]:
    for goal in framework.goals:
        if not has_driver(framework, goal):
            yield Fault(
                goal.key,
                tr("{goal} has no driver", goal=goal.name),
                tr("All its KPIs tell the result; none tells in time that it will be missed."),
                *_driver(framework, goal),
            )


def _driver(framework: Framework, goal: Goal) -> tuple[str, Aid]:
    """Name a leading KPI that drives one of the goal's."""
    leads = [
        one.kpi.name
        for one in framework.members
        if one.kpi.timing is Timing.LEADING and set(one.kpi.drives) & set(goal.kpis)
    ]
    if not leads:
        return tr("Add a leading KPI"), Aid.GOALS
    return tr("Add {kpi}, which drives it", kpi=leads[0]), Aid.GOALS


def _unowned(framework: Framework) -> Iterator[Fault]:
    for goal in framework.goals:
        if not goal.owner:
            yield Fault(
                goal.key,
                tr("{goal} has no owner", goal=goal.name),
                tr("Nobody says whether the goal is reached, or what follows if it is not."),
                tr("Name an owner of the goal"),
                Aid.GOALS,
            )


def _adopt(offer: Offer | None, otherwise: str) -> tuple[str, Aid, None, KpiKey | None]:
    """Return the last fields of a fault: to adopt what the catalogue has, or else to define it."""
    if offer is None:
        return otherwise, Aid.DEFINE, None, None
    told = tr("Adopt {kpi}", kpi=offer.kpi.name)
    if not offer.measured:
        told = tr("Adopt {kpi} (your data gives it no number yet)", kpi=offer.kpi.name)
    return told, Aid.ADOPT, None, offer.kpi.key


def _first(offers: Iterable[Offer]) -> Offer | None:
    there = list(offers)
    return next((one for one in there if one.measured), there[0] if there else None)


def _classes(members: Iterable[Member]) -> str:
    there = sorted({one.kpi.kpi_class for one in members})
    return listed([class_inside(one) for one in there])


RULES = (
    Rule(
        "C20",
        Severity.WARNING,
        mark("Each stage of the journey has a KPI"),
        mark("Customers are lost where nobody looks."),
        2,
        4,
        _uncovered,
        mark("{count} stages of the journey are not measured"),
        mark("Adopt a KPI for each"),
    ),
    Rule(
        "C21",
        Severity.ERROR,
        mark("Each stage has a KPI that warns before the result"),
        mark("A lagging number tells of customers who are gone; a leading one leaves time to act."),
        3,
        6,
        _after_the_fact,
        mark("{count} stages are measured only after the fact"),
        mark("Adopt a leading KPI for each"),
    ),
    Rule(
        "C22",
        Severity.HINT,
        mark("Each stage has activity, quality and outcome"),
        mark("A missing class leaves open whether effort, its value or its result changed."),
        1,
        4,
        _gaps,
        mark("{count} cells of the journey have no KPI"),
        mark("Adopt one for each, or waive the cell"),
    ),
    Rule(
        "C23",
        Severity.ERROR,
        mark("A KPI watches the data itself"),
        mark("A KPI is as reliable as its data: an inflated pipeline gives false expectations."),
        3,
        3,
        _data_quality,
    ),
    Rule(
        "G31",
        Severity.ERROR,
        mark("Each goal has an outcome"),
        mark("Without the result nobody can say that the goal was reached."),
        2,
        4,
        _no_outcome,
        mark("{count} goals have no outcome"),
    ),
    Rule(
        "G32",
        Severity.WARNING,
        mark("Each goal has a driver"),
        mark("Without a leading KPI the goal is only missed, never steered."),
        2,
        4,
        _no_driver,
        mark("{count} goals have no driver"),
        mark("Add a leading KPI to each"),
    ),
    Rule(
        "G33",
        Severity.HINT,
        mark("Each goal has an owner"),
        mark("What everybody wants and nobody answers for does not happen."),
        1,
        2,
        _unowned,
        mark("{count} goals have no owner"),
    ),
)
"""The rules of coverage."""
