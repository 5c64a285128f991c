"""A guardrail's alarm in words: what rose, what fell, by how much, and the review's question."""

from dataclasses import dataclass

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.periods import Grain, Period
from kpi_engine.statistics.shift import Shift
from kpi_engine.units import Unit
from portal.readmodels.formats import Formats

_A = {
    Grain.DAY: "a day",
    Grain.WEEK: "a week",
    Grain.MONTH: "a month",
    Grain.QUARTER: "a quarter",
    Grain.YEAR: "a year",
}
_ADDED = {Unit.COUNT, Unit.MONEY}
_SURE, _GUARD_SURE = 95, 90
_SIGNS = "+\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Pairing:
    """A pair of KPIs that moved apart."""

    primary: Kpi
    guard: Kpi
    moved: Shift
    guarded: Shift
    spans: tuple[tuple[Period, ...], tuple[Period, ...]]
    """The late periods that have final numbers, of the primary and of the guardrail."""
    per_unit: bool
    """Whether the guardrail is told per hundred of the primary."""

    @property
    def grain(self) -> Grain:
        """How long the periods are."""
        return self.spans[0][0].grain


def sentence(pair: Pairing, formats: Formats) -> str:
    """Return what happened: 'In the 8 weeks to Week 46 calls made rose 37 % while ...'."""
    return f"{_window(pair, formats)} {_fact(pair, formats)}."


def _window(pair: Pairing, formats: Formats) -> str:
    periods = pair.spans[0]
    last = formats.period(periods[-1])
    many = len(periods)
    return f"In the {many} {pair.grain.value}s to {last}" if many > 1 else f"In {last}"


def _fact(pair: Pairing, formats: Formats) -> str:
    first = f"{_lower(pair.primary.name)} {_moved(pair.moved, pair.primary.unit, formats)}"
    return f"{first} while {_called(pair)} {_moved(pair.guarded, _unit(pair), formats)}"


def question(pair: Pairing, formats: Formats) -> str:
    """Return the question on unhealthy behaviour, pre-filled."""
    told = _capital(_fact(pair, formats))
    name = _lower(pair.primary.name)
    return (
        f"Possibly. {told}, both beyond chance. Is {name} being chased at the cost of"
        f" {_lower(pair.guard.name)}?"
    )


def evidence(pair: Pairing, formats: Formats) -> tuple[str, str]:
    """Return a line for each of the two: what it was, what it is, how sure the difference is."""
    own = pair.primary.unit in _ADDED
    guards = pair.guard.unit in _ADDED and not pair.per_unit
    each = f" {_A[pair.grain]}"
    tails = [
        f"{each * added}, {_span(span, formats)} against before ({per} % {{sure}})"
        for added, span, per in zip((own, guards), pair.spans, (_SURE, _GUARD_SURE), strict=True)
    ]
    return (
        _line(pair.primary.name, pair.moved, pair.primary.unit, formats, tails[0]),
        _line(_capital(_called(pair)), pair.guarded, _unit(pair), formats, tails[1]),
    )


def _line(name: str, moved: Shift, unit: Unit, formats: Formats, tail: str) -> str:
    ends, sure = _ends(moved, unit, formats), _interval(moved, unit, formats)
    return f"{name}: {ends}{tail.format(sure=sure)}."


def _span(periods: tuple[Period, ...], formats: Formats) -> str:
    first, last = formats.period_least(periods[0]), formats.period_short(periods[-1])
    return f"{first} to {last}" if len(periods) > 1 else last


def _called(pair: Pairing) -> str:
    name = _lower(pair.guard.name)
    return f"{name} per 100 {_lower(pair.primary.name)}" if pair.per_unit else name


def _unit(pair: Pairing) -> Unit:
    return pair.guard.unit


def _moved(moved: Shift, unit: Unit, formats: Formats) -> str:
    word = "rose" if moved.moved > 0 else "fell"
    if unit is Unit.RATIO:
        return f"{word} {formats.change(moved.now, moved.before, unit).lstrip(_SIGNS)}"
    if not moved.before:
        return f"{word} to {formats.short(moved.now, unit)}"
    return f"{word} {formats.per_cent(abs(moved.moved / moved.before))}"


def _ends(moved: Shift, unit: Unit, formats: Formats) -> str:
    now, before = formats.short(moved.now, unit), formats.short(moved.before, unit)
    return f"{before} \N{RIGHTWARDS ARROW} {now}"


def _interval(moved: Shift, unit: Unit, formats: Formats) -> str:
    """Return the interval of the difference, in points of a rate or in per cent of what was."""
    if unit is Unit.RATIO:
        low, high = formats.signed(moved.low * 100, 1), formats.signed(moved.high * 100, 1)
        return f"{low} to {high}\N{NO-BREAK SPACE}pp"
    if not moved.before:
        return "beyond nought"
    low = formats.signed(moved.low / abs(moved.before) * 100)
    high = formats.signed(moved.high / abs(moved.before) * 100)
    return f"{low} to {high}\N{NO-BREAK SPACE}%"


def _lower(name: str) -> str:
    # An abbreviation keeps its capitals: CSAT, MRR.
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
