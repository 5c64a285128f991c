"""Rules on the set as a whole: classes in balance, and no more KPIs than people can follow."""

from collections import Counter
from collections.abc import Iterator

from kpi_engine.definitions.described import KpiClass
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.framework.described import Framework, Member
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.framework.serving import serving
from kpi_engine.framework.words import class_inside, class_name, counted, listed, per_cent
from kpi_engine.language import mark, tr

LOW, HIGH, TOO_HIGH = 0.20, 0.45, 0.60
"""The band that each class should lie in, and the share that no class may pass."""
MOST, MOST_A_PERSON = 30, 7
"""So many KPIs a framework, and one person, can really follow."""
_SMALLEST = 5
"""Shares of fewer KPIs say nothing."""
_MISSING = {
    KpiClass.ACTIVITY: mark(
        "Nothing tells what effort goes in, so a bad result cannot be explained."
    ),
    KpiClass.QUALITY: mark("Effort and results stand there without what links them."),
    KpiClass.OUTCOME: mark("Effort is measured and no result, so nothing shows that it pays."),
}
_ABOVE = {
    KpiClass.ACTIVITY: mark("effort without proof of value"),
    KpiClass.QUALITY: mark("value of effort, with too little of what went in and what came out"),
    KpiClass.OUTCOME: mark("results, too late to act on"),
}


def share(framework: Framework, kpi_class: KpiClass) -> float:
    """Return the share of a class in the framework; 0 in an empty one."""
    count = len(framework.members)
    return len(framework.of_class(kpi_class)) / count if count else 0.0


def _no_class(framework: Framework) -> Iterator[Fault]:
    if not framework.members:
        return
    for one in KpiClass:
        if not framework.of_class(one):
            yield Fault(
                one.value,
                tr("No {kpi_class} KPI in the framework", kpi_class=class_inside(one)),
                tr(_MISSING[one]),
                *_more(framework, one),
            )


def _overweight(framework: Framework) -> Iterator[Fault]:
    yield from _above(framework, TOO_HIGH, 1.0)


def _band(framework: Framework) -> Iterator[Fault]:
    yield from _above(framework, HIGH, TOO_HIGH)
    if len(framework.members) < _SMALLEST:
        return
    for one in KpiClass:
        now = share(framework, one)
        if 0 < now < LOW:
            yield Fault(
                one.value,
                tr(
                    "{kpi_class} is only {share} of the framework",
                    kpi_class=class_name(one),
                    share=per_cent(now),
                ),
                tr(
                    "{counted}; a class under {least} is easily overlooked.",
                    counted=_count(framework, one),
                    least=per_cent(LOW),
                ),
                *_more(framework, one),
            )


def _above(framework: Framework, low: float, high: float) -> Iterator[Fault]:
    if len(framework.members) < _SMALLEST:
        return
    for one in KpiClass:
        now = share(framework, one)
        if low < now <= high:
            least = _least_used(framework, one)
            yield Fault(
                one.value,
                tr(
                    "{kpi_class} is {share} of the framework",
                    kpi_class=class_name(one),
                    share=per_cent(now),
                ),
                tr(
                    "{counted}, no class over {most}: {effect}.",
                    counted=_count(framework, one),
                    most=per_cent(low),
                    effect=tr(_ABOVE[one]),
                ),
                _retire(least)
                if least
                else tr(
                    "Retire one of {kpi_class} or adopt of the others", kpi_class=class_inside(one)
                ),
                Aid.RETIRE,
                towards=least.kpi.key if least else None,
            )


def _more(
    framework: Framework, kpi_class: KpiClass
) -> tuple[str, Aid, KpiKey | None, KpiKey | None]:
    """Return the last fields of a fault: what to adopt of a class, or to retire of the others."""
    if len(framework.members) > MOST:
        told = tr("Retire some of the other classes first: there are too many")
        return told, Aid.RETIRE, None, None
    of_class = [one for one in framework.offers if one.kpi.kpi_class is kpi_class]
    offer = next((one for one in of_class if one.measured), of_class[0] if of_class else None)
    if offer is None:
        told = tr("Define a KPI of {kpi_class}", kpi_class=class_inside(kpi_class))
        return told, Aid.DEFINE, None, None
    return tr("Adopt {kpi}", kpi=offer.kpi.name), Aid.ADOPT, None, offer.kpi.key


def _count(framework: Framework, kpi_class: KpiClass) -> str:
    here, everywhere = len(framework.of_class(kpi_class)), counted(len(framework.members))
    return tr("{count} of {counted}", count=here, counted=everywhere)


def _least_used(framework: Framework, kpi_class: KpiClass) -> Member | None:
    """Return the KPI of a class that is missed least: no goal needs it, or nobody looks at it."""
    needed = serving(framework)
    spare = [one for one in framework.of_class(kpi_class) if one.kpi.key not in needed]
    unseen = [one for one in framework.of_class(kpi_class) if one.viewers == 0]
    both = [one for one in spare if one in unseen]
    return next(iter((*both, *unseen, *spare)), None)


def _retire(member: Member) -> str:
    if member.viewers == 0:
        return tr("Retire {kpi} (no views for 90 days)", kpi=member.kpi.name)
    return tr("Retire {kpi} (no goal needs it)", kpi=member.kpi.name)


def _too_many_of_one(framework: Framework) -> Iterator[Fault]:
    held = Counter(one.keeper.name for one in framework.members if one.keeper is not None)
    for name, count in sorted(held.items()):
        if count > MOST_A_PERSON:
            yield Fault(
                name,
                tr("{name} answers for {count} KPIs", name=name, count=count),
                tr(
                    "More than {most} fit on no home and are not all reviewed with care.",
                    most=MOST_A_PERSON,
                ),
                tr("Hand {count} to somebody else, or retire them", count=count - MOST_A_PERSON),
                Aid.HAND_OVER,
            )


def _too_many(framework: Framework) -> Iterator[Fault]:
    count = len(framework.members)
    if count > MOST:
        needed = serving(framework)
        spare = [one.kpi.name for one in framework.members if one.kpi.key not in needed]
        ask = tr("Retire the weakest")
        if spare:
            ask = tr("Begin with {names}: no goal needs them", names=listed(spare))
        yield Fault(
            "",
            tr("{count} KPIs are more than people can follow", count=count),
            tr(
                "Over {most}, attention is spread so thin that a red number is one of many.",
                most=MOST,
            ),
            ask,
            Aid.RETIRE,
        )


RULES = (
    Rule(
        "B11",
        Severity.ERROR,
        mark("Each class has a KPI"),
        mark("Activity, quality and outcome explain each other; relying on fewer misleads."),
        3,
        6,
        _no_class,
    ),
    Rule(
        "B12",
        Severity.ERROR,
        mark("No class is more than {most} of the framework"),
        mark("Activity without quality wastes effort; quality without outcomes proves nothing."),
        4,
        4,
        _overweight,
        figures={"most": per_cent(TOO_HIGH)},
    ),
    Rule(
        "B14",
        Severity.WARNING,
        mark("Each class is {least} to {most} of the framework"),
        mark("Within the band effort, its value and its result are read together."),
        3,
        6,
        _band,
        figures={"least": f"{LOW * 100:.0f}", "most": per_cent(HIGH)},
    ),
    Rule(
        "B15",
        Severity.WARNING,
        mark("Nobody answers for more than {most} KPIs"),
        mark("A home shows seven; what does not fit there is owned on paper only."),
        1,
        3,
        _too_many_of_one,
        mark("{count} people answer for too many KPIs"),
        mark("Hand some to somebody else, or retire them"),
        figures={"most": MOST_A_PERSON},
    ),
    Rule(
        "B16",
        Severity.WARNING,
        mark("A framework has at most {most} KPIs"),
        mark("A few, well chosen: not an airliner's cockpit."),
        3,
        3,
        _too_many,
        figures={"most": MOST},
    ),
)
"""The rules of balance."""
