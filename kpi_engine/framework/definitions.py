"""Rules on definitions: duplicates, complexity, and guardrails where a number can be gamed."""

from collections.abc import Callable, Hashable, Iterator

from kpi_engine.definitions.described import Better, KpiClass
from kpi_engine.definitions.kinds import KpiRef, Part, Ratio
from kpi_engine.definitions.words import in_words
from kpi_engine.framework.described import Framework, Member
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.framework.simplicity import BUDGET, Simplicity, simplicity
from kpi_engine.framework.words import listed
from kpi_engine.language import mark, tr


def _same_measure(framework: Framework) -> Iterator[Fault]:
    for first, other in _pairs(framework, lambda one: one.fingerprint):
        yield Fault(
            other.kpi.key,
            tr("{kpi} is {other} under another name", kpi=other.kpi.name, other=first.kpi.name),
            tr("Both have the same measure, so they can only ever say the same."),
            tr("Retire one and keep {kpi}", kpi=first.kpi.name),
            Aid.COMPARE,
            other.kpi.key,
            first.kpi.key,
        )


def _same_parts(framework: Framework) -> Iterator[Fault]:
    for first, other in _pairs(framework, lambda one: _parts(one, framework)):
        if first.fingerprint != other.fingerprint:
            yield Fault(
                other.kpi.key,
                tr(
                    "{kpi} and {other} are made of the same two numbers",
                    kpi=other.kpi.name,
                    other=first.kpi.name,
                ),
                tr("One divides what the other divides: when one is known, so is the other."),
                tr("Keep the one that people act on"),
                Aid.COMPARE,
                other.kpi.key,
                first.kpi.key,
            )


def _pairs(
    framework: Framework, told: Callable[[Member], Hashable | None]
) -> Iterator[tuple[Member, Member]]:
    seen: dict[Hashable, Member] = {}
    for one in framework.members:
        mark = told(one)
        if mark is None:
            continue
        if mark in seen:
            yield seen[mark], one
        else:
            seen[mark] = one


def _parts(member: Member, framework: Framework) -> frozenset[str] | None:
    """Return what a ratio is made of, whichever way round; None for what is no ratio."""
    measure = member.kpi.measure
    if isinstance(measure, Ratio):
        return frozenset({_told(measure.over, framework), _told(measure.under, framework)})
    return None


def _told(part: Part, framework: Framework) -> str:
    if isinstance(part, KpiRef):
        return _told(framework.catalogue.kpi(part.key).measure, framework)
    return in_words(part)


def _complex(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        found = simplicity(one.kpi, framework.catalogue)
        if found.too_complex:
            yield Fault(
                one.kpi.key,
                tr(
                    "{kpi} takes {count} inputs to understand", kpi=one.kpi.name, count=found.inputs
                ),
                _why_complex(found),
                _split(one, found, framework),
                Aid.OPEN,
                one.kpi.key,
            )


def _why_complex(found: Simplicity) -> str:
    told = {"names": listed(found.names), "index": found.index, "most": BUDGET}
    if found.ratios > 1:
        return tr(
            "Made of {names}, a ratio inside a ratio. Complexity {index} of at most {most}: when"
            " it moves, nobody sees why at once.",
            **told,
        )
    return tr(
        "Made of {names}. Complexity {index} of at most {most}: when it moves, nobody sees why"
        " at once.",
        **told,
    )


def _split(member: Member, found: Simplicity, framework: Framework) -> str:
    names = list(dict.fromkeys(found.names))
    drivers = [
        one.kpi.name
        for one in framework.members
        if member.kpi.key in one.kpi.drives and one.kpi.name not in names
    ]
    two = [*names, *drivers][:2]
    if len(two) < 2:  # noqa: PLR2004 - two are to be shown
        return tr("Split it into two simple KPIs")
    return tr(
        "Split into two: show {first} and {second} beside each other", first=two[0], second=two[1]
    )


def _unguarded(framework: Framework) -> Iterator[Fault]:
    known = framework.by_key()
    for one in framework.members:
        kpi = one.kpi
        if kpi.kpi_class is not KpiClass.ACTIVITY or kpi.better is not Better.HIGHER:
            continue
        if any(key in known for key in kpi.guardrails):
            continue
        named = [key for key in kpi.guardrails if key in framework.catalogue]
        guard = framework.catalogue[named[0]] if named else None
        yield Fault(
            kpi.key,
            tr("{kpi} can be gamed", kpi=kpi.name),
            tr("More of it always looks better, and no KPI of the framework watches its quality."),
            tr("Adopt {kpi} as its guardrail", kpi=guard.name)
            if guard
            else tr("Name a guardrail for it"),
            Aid.ADOPT if guard else Aid.OPEN,
            kpi.key,
            guard.key if guard else None,
        )


RULES = (
    Rule(
        "D51",
        Severity.ERROR,
        mark("No KPI is there twice"),
        mark("Two names for one number split its owners, its targets and its history."),
        3,
        3,
        _same_measure,
        mark("{count} KPIs are there under two names"),
        mark("Keep one of each"),
    ),
    Rule(
        "D52",
        Severity.WARNING,
        mark("No two KPIs are made of the same two numbers"),
        mark("The second adds no knowledge, and moves whenever the first does."),
        1,
        2,
        _same_parts,
        mark("{count} pairs of KPIs are made of the same numbers"),
    ),
    Rule(
        "D53",
        Severity.HINT,
        mark("No KPI takes more than {most} inputs"),
        mark("Read at once, understood at once: two simple KPIs beat one with layers."),
        1,
        2,
        _complex,
        mark("{count} KPIs are too complex to read at once"),
        mark("Split each into two simple KPIs"),
        figures={"most": BUDGET},
    ),
    Rule(
        "D54",
        Severity.WARNING,
        mark("Each activity has a guardrail"),
        mark("Call volume breeds rushed conversations unless their quality is watched beside it."),
        1,
        3,
        _unguarded,
        mark("{count} activities have no guardrail"),
        mark("Adopt a guardrail for each"),
    ),
)
"""The rules on definitions."""
