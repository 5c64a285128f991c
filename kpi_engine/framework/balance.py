"""Rules on the set as a whole: classes in balance, and no more KPIs than people can follow."""

from collections import Counter
from collections.abc import Iterator

from kpi_engine.definitions.described import KpiClass
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.framework.described import Framework, Member
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.framework.serving import serving
from kpi_engine.framework.words import class_name, counted, listed, per_cent

LOW, HIGH, TOO_HIGH = 0.20, 0.45, 0.60
"""The band that each class should lie in, and the share that no class may pass."""
MOST, MOST_A_PERSON = 30, 7
"""So many KPIs a framework, and one person, can really follow."""
_SMALLEST = 5
"""Shares of fewer KPIs say nothing."""
_MISSING = {
    KpiClass.ACTIVITY: "Nothing tells what effort goes in, so a bad result cannot be explained.",
    KpiClass.QUALITY: "Effort and results stand there without what links them.",
    KpiClass.OUTCOME: "Effort is measured and no result, so nothing shows that it pays.",
}
_ABOVE = {
    KpiClass.ACTIVITY: "effort without proof of value",
    KpiClass.QUALITY: "value of effort, with too little of what went in and what came out",
    KpiClass.OUTCOME: "results, too late to act on",
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
                f"No {one.value} KPI in the framework",
                _MISSING[one],
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
                f"{class_name(one)} is only {per_cent(now)} of the framework",
                f"{_count(framework, one)}; a class under {per_cent(LOW)} is easily overlooked.",
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
                f"{class_name(one)} is {per_cent(now)} of the framework",
                f"{_count(framework, one)}, no class over {per_cent(low)}: {_ABOVE[one]}.",
                _retire(least) if least else f"Retire one of {one.value} or adopt of the others",
                Aid.RETIRE,
                towards=least.kpi.key if least else None,
            )


def _more(
    framework: Framework, kpi_class: KpiClass
) -> tuple[str, Aid, KpiKey | None, KpiKey | None]:
    """Return the last fields of a fault: what to adopt of a class, or to retire of the others."""
    if len(framework.members) > MOST:
        return "Retire some of the other classes first: there are too many", Aid.RETIRE, None, None
    of_class = [one for one in framework.offers if one.kpi.kpi_class is kpi_class]
    offer = next((one for one in of_class if one.measured), of_class[0] if of_class else None)
    if offer is None:
        return f"Define a KPI of {kpi_class.value}", Aid.DEFINE, None, None
    return f"Adopt {offer.kpi.name}", Aid.ADOPT, None, offer.kpi.key


def _count(framework: Framework, kpi_class: KpiClass) -> str:
    return f"{len(framework.of_class(kpi_class))} of {counted(len(framework.members), 'KPI')}"


def _least_used(framework: Framework, kpi_class: KpiClass) -> Member | None:
    """Return the KPI of a class that is missed least: no goal needs it, or nobody looks at it."""
    needed = serving(framework)
    spare = [one for one in framework.of_class(kpi_class) if one.kpi.key not in needed]
    unseen = [one for one in framework.of_class(kpi_class) if one.viewers == 0]
    both = [one for one in spare if one in unseen]
    return next(iter((*both, *unseen, *spare)), None)


def _retire(member: Member) -> str:
    why = "no views for 90 days" if member.viewers == 0 else "no goal needs it"
    return f"Retire {member.kpi.name} ({why})"


def _too_many_of_one(framework: Framework) -> Iterator[Fault]:
    held = Counter(one.keeper.name for one in framework.members if one.keeper is not None)
    for name, count in sorted(held.items()):
        if count > MOST_A_PERSON:
            yield Fault(
                name,
                f"{name} answers for {count} KPIs",
                f"More than {MOST_A_PERSON} fit on no home and are not all reviewed with care.",
                f"Hand {count - MOST_A_PERSON} to somebody else, or retire them",
                Aid.HAND_OVER,
            )


def _too_many(framework: Framework) -> Iterator[Fault]:
    count = len(framework.members)
    if count > MOST:
        needed = serving(framework)
        spare = [one.kpi.name for one in framework.members if one.kpi.key not in needed]
        ask = f"Begin with {listed(spare)}: no goal needs them" if spare else "Retire the weakest"
        yield Fault(
            "",
            f"{count} KPIs are more than people can follow",
            f"Over {MOST}, attention is spread so thin that a red number is one of many.",
            ask,
            Aid.RETIRE,
        )


RULES = (
    Rule(
        "B11",
        Severity.ERROR,
        "Each class has a KPI",
        "Activity, quality and outcome explain each other; relying on fewer misleads.",
        3,
        6,
        _no_class,
    ),
    Rule(
        "B12",
        Severity.ERROR,
        f"No class is more than {per_cent(TOO_HIGH)} of the framework",
        "Activity without quality wastes effort; quality without outcomes proves nothing.",
        4,
        4,
        _overweight,
    ),
    Rule(
        "B14",
        Severity.WARNING,
        f"Each class is {LOW * 100:.0f} to {per_cent(HIGH)} of the framework",
        "Within the band effort, its value and its result are read together.",
        3,
        6,
        _band,
    ),
    Rule(
        "B15",
        Severity.WARNING,
        f"Nobody answers for more than {MOST_A_PERSON} KPIs",
        "A home shows seven; what does not fit there is owned on paper only.",
        1,
        3,
        _too_many_of_one,
        "{count} people answer for too many KPIs",
        "Hand some to somebody else, or retire them",
    ),
    Rule(
        "B16",
        Severity.WARNING,
        f"A framework has at most {MOST} KPIs",
        "A few, well chosen: not an airliner's cockpit.",
        3,
        3,
        _too_many,
    ),
)
"""The rules of balance."""
