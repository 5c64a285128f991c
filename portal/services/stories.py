"""What changed and why, in one sentence each, worked out from the numbers alone.

The fact tells the change, the value and whether it is a signal or within the usual range. The cause
tells who moved it most. Nothing is claimed that the numbers do not show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import mark, tr
from kpi_engine.reading import Reading
from kpi_engine.units import SHARES, Unit
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.services import why_none
from portal.services.parts_of_change import OTHERS, Contribution, Pair, contributions
from portal.services.quotients import makes_it, of_nothing

MOST_OF_IT = 0.25
"""From which share of the change on a group is named as its cause."""
_WHOLE = 0.995
_FEW = 5
"""Below so many records a group's own number is not told as a cause."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual range of a KPI, from the points before the one that is told of."""

    low: float
    high: float
    moving: bool = False
    """Whether it is what usually follows the period before, and no level that stays."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a story is made from."""

    kpi: Kpi
    now: Reading
    before: Reading
    before_label: str
    """What the earlier period is called: 'Q2 2026'."""
    label: str = ""
    """What the period itself is called, where it is not the one that the page is about."""
    usual: Usual | None = None
    groups: Mapping[str, Pair] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """What the groups are called."""


@dataclass(frozen=True, slots=True)
class Story:
    """One sentence for what changed, one for why; the second is empty where nothing explains it."""

    fact: str
    cause: str
    signal: bool
    """Whether the number lies outside its usual range."""
    tone: Tone
    """Whether the change is for the better."""

    @property
    def text(self) -> str:
        """Both sentences."""
        return f"{self.fact} {self.cause}".strip()


def story(told: Told, formats: Formats) -> Story:
    """Tell what a KPI did since the period before, and who moved it."""
    now, before = told.now.value, told.before.value
    if now is None:
        why = why_none.of(told.now)
        return Story(f"{told.kpi.name}: {why}.", "", signal=False, tone=Tone.NEUTRAL)
    if of_nothing(told.kpi, told.now):
        return Story(_unspent(told, formats), "", signal=False, tone=Tone.NEUTRAL)
    signal = _outside(now, told.usual)
    fact = f"{_movement(told, formats)}{_range(told, formats)}."
    if before is None or of_nothing(told.kpi, told.before):
        return Story(fact, "", signal != 0, Tone.NEUTRAL)
    return Story(fact, _cause(told, formats), signal != 0, goodness(told.kpi.better, now - before))


def _unspent(told: Told, formats: Formats) -> str:
    value = formats.short(0.0, told.kpi.unit)
    return tr(
        "{kpi} is {value}: nothing was spent, so it is compared with nothing.",
        kpi=told.kpi.name,
        value=value,
    )


def goodness(better: Better, moved: float) -> Tone:
    """Return whether a movement is for the better; within a range neither way is."""
    if better is Better.RANGE or moved == 0:
        return Tone.NEUTRAL
    return Tone.GOOD if (moved > 0) is (better is Better.HIGHER) else Tone.BAD


def _movement(told: Told, formats: Formats) -> str:
    unit, name, label = told.kpi.unit, told.kpi.name, told.before_label
    now, before = told.now.value or 0.0, told.before.value
    shown = formats.short(now, unit)
    if told.label:
        shown = tr("{value} in {period}", value=shown, period=told.label)
    if before is None or of_nothing(told.kpi, told.before):
        why = why_none.of(told.before) if before is None else tr("nothing was spent")
        return tr(
            "{kpi} is {value}; {period} has nothing to compare with ({why})",
            kpi=name,
            value=shown,
            period=label,
            why=why,
        )
    if formats.short(now, unit) == formats.short(before, unit):
        return tr("{kpi} held at {value} against {period}", kpi=name, value=shown, period=label)
    if not before or (unit not in SHARES and (not now or before < 0 < now)):
        # A fall to 0 is one of 100 % whatever it came from, and from below nothing no per cent
        # leads above it: the two numbers say more.
        way = _ROSE_FROM if now > before else _FELL_FROM
        was = formats.short(before, unit)
        return tr(way, kpi=name, value=shown, before=was, period=label)
    way = _ROSE if now > before else _FELL
    by = moved(now, before, unit, formats)
    return tr(way, kpi=name, by=by, value=shown, period=label)


_ROSE_FROM = mark("{kpi} rose to {value} from {before} in {period}")
_FELL_FROM = mark("{kpi} fell to {value} from {before} in {period}")
_ROSE = mark("{kpi} rose {by} to {value} against {period}")
_FELL = mark("{kpi} fell {by} to {value} against {period}")


def moved(now: float, before: float, unit: Unit, formats: Formats) -> str:
    """Return by how much a number moved, without a sign: '2.4 pp', '12.2 %', '4 days'."""
    told = formats.change(now, before, unit) or formats.difference(now, before, unit)
    return told.lstrip("+\u2212-")


def _outside(value: float, usual: Usual | None) -> int:
    """Return -1 below the usual range, 1 above it, 0 within it or where none is known."""
    if usual is None:
        return 0
    return (value > usual.high) - (value < usual.low)


def _range(told: Told, formats: Formats) -> str:
    if told.usual is None or told.now.value is None:
        return ""
    usual = formats.range(told.usual.low, told.usual.high, told.kpi.unit)
    side = _outside(told.now.value, told.usual)
    return f", {_place(side, usual)}"


def _place(side: int, usual: str) -> str:
    if not side:
        return tr("within its usual range of {range}", range=usual)
    if side > 0:
        return tr("above its usual range of {range}", range=usual)
    return tr("below its usual range of {range}", range=usual)


def _cause(told: Told, formats: Formats) -> str:
    parts = contributions(told.kpi, Pair(told.now, told.before), told.groups)
    if parts:
        return _of_parts(told, parts, formats)
    moved = _moved_most(told)
    if moved is None:
        return _of_quotient(told, formats)
    name, pair = moved
    fromto = _from_to(pair, told.kpi.unit, formats)
    return tr("Furthest the same way: {name}, {figures}.", name=name, figures=fromto)


def _of_parts(told: Told, parts: Sequence[Contribution], formats: Formats) -> str:
    named = [one for one in parts if one.key != OTHERS and one.pair is not None]
    if not named or named[0].share < MOST_OF_IT:
        if len(named) > 1:
            return tr("No group stands out: the change is spread over all.")
        return _of_quotient(told, formats)
    first = named[0]
    name = told.names.get(first.key, first.key)
    rose = (told.now.value or 0) > (told.before.value or 0)
    if first.share > _WHOLE:
        text = tr(_ALL_OF_RISE if rose else _ALL_OF_FALL, name=name)
    else:
        share = formats.per_cent(first.share)
        text = tr(_PART_OF_RISE if rose else _PART_OF_FALL, name=name, share=share)
    if first.pair is not None:
        text = f"{text}: {_from_to(first.pair, told.kpi.unit, formats)}"
    if first.share > _WHOLE:
        text += _against(parts, told)
    return f"{text}{_outside_all(parts, first, formats)}."


_ALL_OF_RISE = mark("{name} explains all of the rise")
_ALL_OF_FALL = mark("{name} explains all of the fall")
_PART_OF_RISE = mark("{name} explains {share} of the rise")
_PART_OF_FALL = mark("{name} explains {share} of the fall")


def _outside_all(parts: Sequence[Contribution], first: Contribution, formats: Formats) -> str:
    """Say that more of the change belongs to no group than to the one that is named, if so."""
    rest = next((one.share for one in parts if one.key == OTHERS), 0.0)
    if rest <= first.share:
        return ""
    share = formats.per_cent(rest)
    return tr("; {share} of it lies outside the groups that are compared", share=share)


def _against(parts: Sequence[Contribution], told: Told) -> str:
    """Name the group that moved the other way, where it took a good part of the change back."""
    last = parts[-1]
    if last.share > -MOST_OF_IT or last.key == OTHERS:
        return ""
    return tr("; {name} went the other way", name=told.names.get(last.key, last.key))


def _of_quotient(told: Told, formats: Formats) -> str:
    """Tell a ratio's two parts, where no group explains the change."""
    now, before = told.now, told.before
    if told.kpi.unit not in SHARES or not (makes_it(now) and makes_it(before)):
        return ""
    return tr(
        "It stands on {over} of {under}, before on {was_over} of {was_under}.",
        over=formats.number(now.over or 0.0),
        under=formats.number(now.under or 0.0),
        was_over=formats.number(before.over or 0.0),
        was_under=formats.number(before.under or 0.0),
    )


def _moved_most(told: Told) -> tuple[str, Pair] | None:
    """Return the group that moved furthest the way the whole did, with enough records to tell."""
    whole = (told.now.value or 0.0) - (told.before.value or 0.0)
    best: tuple[float, str, Pair] | None = None
    for key, pair in told.groups.items():
        if pair.now.value is None or pair.before.value is None:
            continue
        moved = pair.now.value - pair.before.value
        enough = min(pair.now.n, pair.before.n) >= _FEW
        if enough and moved * whole > 0 and (best is None or abs(moved) > best[0]):
            best = (abs(moved), told.names.get(key, key), pair)
    return None if best is None else best[1:]


def _from_to(pair: Pair, unit: Unit, formats: Formats) -> str:
    now = tr("no number") if pair.now.value is None else formats.short(pair.now.value, unit)
    was = tr("nothing") if pair.before.value is None else formats.short(pair.before.value, unit)
    return tr("{now}, before {was}", now=now, was=was)
