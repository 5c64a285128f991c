"""What earlier forecasts were worth: whether they ran over, under, or missed both ways."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from kpi_engine.language import mark, tr
from kpi_engine.units import Unit
from portal.readmodels.formats import Formats
from portal.services.deals import NOTHING
from portal.services.sales_facts import PeriodView, TeamFacts

NOTABLE, BAD = 0.05, 0.10
"""Parts of what came: a forecast that far off is worth a word, or a colour."""


def bias_now(facts: TeamFacts, seen: PeriodView) -> float | None:
    """Return how far forecasts ran over at this distance from the end, between two horizons."""
    biases = [(one.days, one.bias) for one in facts.judged if one.bias is not None]
    return _at(biases, seen)


def _missed_now(facts: TeamFacts, seen: PeriodView) -> float | None:
    """Return how far forecasts missed at this distance from the end, whichever way."""
    misses = [(one.days, 1 - one.accuracy) for one in facts.judged if one.accuracy is not None]
    return _at(misses, seen)


def _at(horizons: Sequence[tuple[int, float]], seen: PeriodView) -> float | None:
    """Return what lies between two horizons at this distance from the end."""
    left, there = (seen.period.end - seen.until).days, sorted(horizons)
    if not there:
        return None
    below = [one for one in there if one[0] <= left] or there[:1]
    above = [one for one in there if one[0] >= left] or there[-1:]
    (near, low), (far, high) = below[-1], above[0]
    return low if near == far else low + (high - low) * (left - near) / (far - near)


def meant(said: Decimal, bias: float) -> Decimal:
    """Return what a promise then means, by how far earlier ones ran over (more than -1)."""
    return said / (1 + Decimal(bias))


def verdict(
    facts: TeamFacts, seen: PeriodView, formats: Formats, said: Decimal | None
) -> tuple[str, str]:
    """Return what earlier forecasts were worth, as a fact and the rest of its sentence.

    Where earlier ones promised nothing at all, no promise of today can be told by them.
    """
    if not facts.judged or all(one.accuracy is None for one in facts.judged):
        return tr("No earlier forecast"), tr("can be compared with what came.")
    bias = bias_now(facts, seen)
    if bias is None or seen.until >= seen.period.end:
        return "", ""
    days, share = (seen.period.end - seen.until).days, formats.per_cent(abs(bias))
    missed = _missed_now(facts, seen)
    if abs(bias) <= NOTABLE and missed is not None and missed > NOTABLE:
        # Too much in one quarter and too little in the next cancel out, and neither came true.
        rest = tr(_BOTH_WAYS, days=days, share=formats.per_cent(missed))
        return tr("Forecasts leaned neither way:"), rest
    if abs(bias) <= NOTABLE:
        most = formats.per_cent(NOTABLE)
        rest = tr(
            "{days} days before the end they missed by less than {share}.", days=days, share=most
        )
        return tr("Forecasts were fair:"), rest
    rest = tr(_RAN_OVER if bias > 0 else _RAN_UNDER, days=days, share=share)
    if said is None or bias <= -1:
        return tr("Earlier forecasts were off:"), rest
    promised = formats.short(float(said), Unit.MONEY)
    real = formats.short(float(meant(said, bias)), Unit.MONEY)
    return tr("{promised} then means about {real}:", promised=promised, real=real), rest


_RAN_OVER = mark("{days} days before the end earlier ones ran {share} over.")
_RAN_UNDER = mark("{days} days before the end earlier ones ran {share} under.")
_BOTH_WAYS = mark(
    "{days} days before the end they missed by {share}, sometimes over and sometimes under."
)
_TEAM_OVER = mark("{name} ran {share} over, 60 days before the end.")
_TEAM_UNDER = mark("{name} ran {share} under, 60 days before the end.")


def astray(facts: TeamFacts, formats: Formats, team_of: Callable[[str], str]) -> str:
    """Name the territory whose people promised farthest from what came, if it is far."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for owner, (said, came) in facts.promised.items():
        before = sums.get(team_of(owner), (NOTHING, NOTHING))
        sums[team_of(owner)] = (before[0] + said, before[1] + came)
    off = {name: float((said - came) / came) for name, (said, came) in sums.items() if came}
    worst = max(off, key=lambda name: abs(off[name]), default="")
    if not worst or abs(off[worst]) <= BAD:
        return ""
    told = _TEAM_OVER if off[worst] > 0 else _TEAM_UNDER
    return f" {tr(told, name=worst, share=formats.per_cent(abs(off[worst])))}"
