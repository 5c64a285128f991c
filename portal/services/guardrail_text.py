"""A guardrail's alarm in words: what rose, what fell, by how much, and the review's question."""

from dataclasses import dataclass

from kpi_engine.definitions.kinds import Aggregate, First, Kpi, Slipped
from kpi_engine.definitions.takes import Take
from kpi_engine.language import mark, tr
from kpi_engine.periods import Grain, Period
from kpi_engine.statistics.shift import Shift
from kpi_engine.units import Unit
from portal.readmodels.formats import Formats
from portal.services.catalogue_words import begun, named

_A = {
    Grain.DAY: mark("a day"),
    Grain.WEEK: mark("a week"),
    Grain.MONTH: mark("a month"),
    Grain.QUARTER: mark("a quarter"),
    Grain.YEAR: mark("a year"),
}
_WITHIN = {
    Grain.DAY: mark("In the {count} days to {last}"),
    Grain.WEEK: mark("In the {count} weeks to {last}"),
    Grain.MONTH: mark("In the {count} months to {last}"),
    Grain.QUARTER: mark("In the {count} quarters to {last}"),
    Grain.YEAR: mark("In the {count} years to {last}"),
}
_BEFORE = {
    Grain.DAY: mark("against the days before"),
    Grain.WEEK: mark("against the weeks before"),
    Grain.MONTH: mark("against the months before"),
    Grain.QUARTER: mark("against the quarters before"),
    Grain.YEAR: mark("against the years before"),
}
_ADDED = {Take.COUNT, Take.SUM, Take.DISTINCT}
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
    """Return what happened: 'In the 8 weeks to Week 46 calls made rose 37 % while ...'.

    The change is that of the mean, so it says what it is against: within the window nothing need
    have moved.
    """
    return tr(
        "{window} {fact}, {before}.",
        window=_window(pair, formats),
        fact=_fact(pair, formats),
        before=tr(_BEFORE[pair.grain]),
    )


def _window(pair: Pairing, formats: Formats) -> str:
    periods = pair.spans[0]
    last = formats.period(periods[-1])
    many = len(periods)
    return (
        tr(_WITHIN[pair.grain], count=many, last=last) if many > 1 else tr("In {last}", last=last)
    )


def _fact(pair: Pairing, formats: Formats) -> str:
    first = _moved(named(pair.primary.name), pair.moved, pair.primary.unit, formats)
    second = _moved(_called(pair), pair.guarded, _unit(pair), formats)
    return tr("{first} while {second}", first=first, second=second)


def question(pair: Pairing, formats: Formats) -> str:
    """Return the question on unhealthy behaviour, pre-filled."""
    return tr(
        "Possibly. {fact}, both beyond chance. Is {name} being chased at the cost of {other}?",
        fact=begun(_fact(pair, formats)),
        name=named(pair.primary.name),
        other=named(pair.guard.name),
    )


def evidence(pair: Pairing, formats: Formats) -> tuple[str, str]:
    """Return a line for each of the two: what it was, what it is, how sure the difference is."""
    own = _adds_over_time(pair.primary)
    guards = _adds_over_time(pair.guard) and not pair.per_unit
    each = f" {tr(_A[pair.grain])}"
    first, second = (_span(span, formats) for span in pair.spans)
    unit, other = pair.primary.unit, _unit(pair)
    return (
        tr(
            "{name}: {ends}, {span} against before ({sure} % {interval}).",
            name=pair.primary.name,
            ends=_ends(pair.moved, unit, formats) + each * own,
            span=first,
            sure=_SURE,
            interval=_interval(pair.moved, unit, formats),
        ),
        tr(
            "{name}: {ends}, {span} against before ({sure} % {interval}).",
            name=begun(_called(pair)),
            ends=_ends(pair.guarded, other, formats) + each * guards,
            span=second,
            sure=_GUARD_SURE,
            interval=_interval(pair.guarded, other, formats),
        ),
    )


def _adds_over_time(kpi: Kpi) -> bool:
    """Say whether a number is so much a month: neither a mean is, nor what stands at its end."""
    measure = kpi.measure
    if isinstance(measure, Aggregate):
        return measure.take in _ADDED
    return isinstance(measure, First | Slipped)


def _span(periods: tuple[Period, ...], formats: Formats) -> str:
    first, last = formats.period_least(periods[0]), formats.period_short(periods[-1])
    return tr("{first} to {last}", first=first, last=last) if len(periods) > 1 else last


def _called(pair: Pairing) -> str:
    name = named(pair.guard.name)
    if not pair.per_unit:
        return name
    return tr("{name} per 100 {other}", name=name, other=named(pair.primary.name))


def _unit(pair: Pairing) -> Unit:
    return pair.guard.unit


def _moved(name: str, moved: Shift, unit: Unit, formats: Formats) -> str:
    rose = moved.moved > 0
    if unit is not Unit.RATIO and not moved.before:
        now = formats.short(moved.now, unit)
        if rose:
            return tr("{name} rose to {value}", name=name, value=now)
        return tr("{name} fell to {value}", name=name, value=now)
    if unit is Unit.RATIO:
        by = formats.change(moved.now, moved.before, unit).lstrip(_SIGNS)
    else:
        by = formats.per_cent(abs(moved.moved / moved.before))
    return (
        tr("{name} rose {by}", name=name, by=by)
        if rose
        else tr("{name} fell {by}", name=name, by=by)
    )


def _ends(moved: Shift, unit: Unit, formats: Formats) -> str:
    now, before = formats.short(moved.now, unit), formats.short(moved.before, unit)
    return f"{before} \N{RIGHTWARDS ARROW} {now}"


def _interval(moved: Shift, unit: Unit, formats: Formats) -> str:
    """Return the interval of the difference, in points of a rate or in per cent of what was."""
    if unit is Unit.RATIO:
        low, high = formats.signed(moved.low * 100, 1), formats.signed(moved.high * 100, 1)
        return tr("{low} to {high}\N{NO-BREAK SPACE}pp", low=low, high=high)
    if not moved.before:
        return tr("beyond nought")
    low = formats.signed(moved.low / abs(moved.before) * 100)
    high = formats.signed(moved.high / abs(moved.before) * 100)
    return tr("{low} to {high}\N{NO-BREAK SPACE}%", low=low, high=high)
