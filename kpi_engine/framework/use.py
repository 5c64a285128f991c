"""Rules on use: vanity metrics, KPIs that nobody looks at, and cadences that counts don't bear."""

from collections.abc import Iterator

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.framework.cadence import Bearing, advised, bearings, is_share
from kpi_engine.framework.described import Framework, Member
from kpi_engine.framework.rule import Aid, Fault, Rule, Severity
from kpi_engine.framework.vanity import evidence, is_plain
from kpi_engine.framework.words import points
from kpi_engine.periods import Grain

DAYS = 90
"""Nobody looked for so long: nobody decides by it."""
_WHOLE = 20
_EACH = {
    Grain.DAY: "daily",
    Grain.WEEK: "weekly",
    Grain.MONTH: "monthly",
    Grain.QUARTER: "quarterly",
    Grain.YEAR: "yearly",
}


def _vanity(framework: Framework) -> Iterator[Fault]:
    for one in framework.members:
        found = evidence(one, framework)
        if found.suspect:
            told = "; ".join(found.signs)
            rate = _rate(one, framework)
            yield Fault(
                one.kpi.key,
                f"{one.kpi.name} looks like a vanity metric",
                f"It has no denominator; {told}.",
                f"Read {rate.name} in its place" if rate else "Replace it by a rate, or retire it",
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
                f"Nobody looks at {one.kpi.name}",
                f"Nobody opened its page in {DAYS} days.",
                "Retire it, or put it on a home",
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
                f"{one.kpi.name} is read {_EACH[one.kpi.cadence]}, and its counts do not bear it",
                _reason(now, longer, share),
                f"Set the cadence to {_EACH[longer.usual.grain]}"
                if longer
                else "Widen what is called off target: chance alone reaches it",
                Aid.SET_CADENCE if longer else Aid.SET_TARGET,
                one.kpi.key,
            )


def _reason(now: Bearing, longer: Bearing | None, share: bool) -> str:  # noqa: FBT001 - how it is told
    grain = now.usual.grain.value
    what = "counted" if share else "of them"
    told = f"About {now.usual.n:.0f} {what} a {grain}: chance alone moves it by"
    told += f" {_spread(now, share)}, and the gap to tell is {_told(now.gap, share)}."
    if longer is None:
        return f"{told} No longer period bears it either."
    return f"{told} A {longer.usual.grain.value} bears it: {_spread(longer, share)}."


def _spread(one: Bearing, share: bool) -> str:  # noqa: FBT001 - as above
    return f"±{_told(one.spread, share)}"


def _told(size: float, share: bool) -> str:  # noqa: FBT001 - as above
    return points(size) if share else f"{size:.0f}" if size >= _WHOLE else f"{size:.1f}"


RULES = (
    Rule(
        "V31",
        Severity.WARNING,
        "No KPI is there for vanity",
        "Total contacts say nothing of lead quality; a number that only flatters decides nothing.",
        2,
        4,
        _vanity,
        "{count} KPIs look like vanity metrics",
        "Read a rate in the place of each, or retire it",
        tells_numbers=True,
    ),
    Rule(
        "V34",
        Severity.HINT,
        f"Each KPI is looked at within {DAYS} days",
        "It helps a decision; if nobody decides by it, it goes.",
        1,
        2,
        _unseen,
        "Nobody looks at {count} KPIs",
    ),
    Rule(
        "N42",
        Severity.HINT,
        "No cadence is finer than the counts bear",
        "Too often is noise: leads by week mean something, by hour they don't.",
        1,
        2,
        _too_fine,
        "{count} KPIs are read more often than their counts bear",
        "Set a longer cadence for each",
        tells_numbers=True,
    ),
)
"""The rules on use."""
