"""Rules on use: vanity metrics, KPIs that nobody looks at, and cadences that counts don't bear."""

from collections.abc import Iterator

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.framework.cadence import Bearing, advised, bearings, is_share
from kpi_engine.framework.described import Framework, Member
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.framework.vanity import evidence, is_plain
from kpi_engine.framework.words import figure, grain_inside, points
from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain

DAYS = 90
"""Nobody looked for so long: nobody decides by it."""
_WHOLE = 20
_EACH = {
    Grain.DAY: mark("daily"),
    Grain.WEEK: mark("weekly"),
    Grain.MONTH: mark("monthly"),
    Grain.QUARTER: mark("quarterly"),
    Grain.YEAR: mark("yearly"),
}


def _vanity(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        found = evidence(one, framework)
        if found.suspect:
            told = "; ".join(found.signs)
            rate = _rate(one, framework)
            yield Fault(
                one.kpi.key,
                tr("{kpi} looks like a vanity metric", kpi=one.kpi.name),
                tr("It has no denominator; {signs}.", signs=told),
                tr("Read {kpi} in its place", kpi=rate.name)
                if rate
                else tr("Replace it by a rate, or retire it"),
                Aid.COMPARE if rate else Aid.RETIRE,
                one.kpi.key,
                rate.key if rate else None,
            )


def _rate(member: Member, framework: Framework) -> Kpi | None:
    """Return the KPI with a denominator that guards this count."""
    catalogue = framework.catalogue
    named = [catalogue[key] for key in member.kpi.guardrails if key in catalogue]
    return next((kpi for kpi in named if not is_plain(kpi)), None)


def _unseen(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        if one.viewers == 0:
            yield Fault(
                one.kpi.key,
                tr("Nobody looks at {kpi}", kpi=one.kpi.name),
                tr("Nobody opened its page in {count} days.", count=DAYS),
                tr("Retire it, or put it on a home"),
                Aid.RETIRE,
                one.kpi.key,
            )


def _too_fine(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        found = bearings(one.kpi, one.usual, one.aim, framework.catalogue)
        now = next((each for each in found if each.usual.grain is one.kpi.cadence), None)
        if now is not None and not now.bears:
            share = is_share(one.kpi, framework.catalogue)
            longer = advised(found, one.kpi.cadence)
            yield Fault(
                one.kpi.key,
                tr(
                    "{kpi} is read {often}, and its counts do not bear it",
                    kpi=one.kpi.name,
                    often=tr(_EACH[one.kpi.cadence]),
                ),
                _reason(now, longer, share),
                tr("Set the cadence to {often}", often=tr(_EACH[longer.usual.grain]))
                if longer
                else tr("Widen what is called off target: chance alone reaches it"),
                Aid.SET_CADENCE if longer else Aid.SET_TARGET,
                one.kpi.key,
            )


def _reason(now: Bearing, longer: Bearing | None, share: bool) -> str:  # noqa: FBT001 - how it is told
    known = {"count": figure(now.usual.n), "grain": grain_inside(now.usual.grain)}
    known |= {"spread": _spread(now, share), "gap": _told(now.gap, share)}
    told = tr(
        "About {count} of them a {grain}: chance alone moves it by {spread}, and the gap to tell"
        " is {gap}.",
        **known,
    )
    if share:
        told = tr(
            "About {count} counted a {grain}: chance alone moves it by {spread}, and the gap to"
            " tell is {gap}.",
            **known,
        )
    if longer is None:
        return tr("{told} No longer period bears it either.", told=told)
    grain, spread = grain_inside(longer.usual.grain), _spread(longer, share)
    return tr("{told} A {grain} bears it: {spread}.", told=told, grain=grain, spread=spread)


def _spread(one: Bearing, share: bool) -> str:  # noqa: FBT001 - as above
    return f"±{_told(one.spread, share)}"


def _told(size: float, share: bool) -> str:  # noqa: FBT001 - as above
    return points(size) if share else figure(size, 0 if size >= _WHOLE else 1)


RULES = (
    Rule(
        "V31",
        Severity.WARNING,
        mark("No KPI is there for vanity"),
        mark(
            "Total contacts say nothing of lead quality; a number that only flatters decides"
            " nothing."
        ),
        2,
        4,
        _vanity,
        mark("{count} KPIs look like vanity metrics"),
        mark("Read a rate in the place of each, or retire it"),
        tells_numbers=True,
    ),
    Rule(
        "V34",
        Severity.HINT,
        mark("Each KPI is looked at within {count} days"),
        mark("It helps a decision; if nobody decides by it, it goes."),
        1,
        2,
        _unseen,
        mark("Nobody looks at {count} KPIs"),
        figures={"count": DAYS},
    ),
    Rule(
        "N42",
        Severity.HINT,
        mark("No cadence is finer than the counts bear"),
        mark("Too often is noise: leads by week mean something, by hour they don't."),
        1,
        2,
        _too_fine,
        mark("{count} KPIs are read more often than their counts bear"),
        mark("Set a longer cadence for each"),
        tells_numbers=True,
    ),
)
"""The rules on use."""
