"""What changed and why, in one sentence each, worked out from the numbers alone.

The fact tells the change, the value and whether it is a signal or within the usual range. The cause
tells who moved it most. Nothing is claimed that the numbers do not show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.reading import Reading
from kpi_engine.units import Unit
from portal.readmodels.cards import Tone
from portal.readmodels.formats import Formats
from portal.services.parts_of_change import OTHERS, Contribution, Pair, contributions

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
        why = told.now.reason or "no number"
        return Story(f"{told.kpi.name}: {why}.", "", signal=False, tone=Tone.NEUTRAL)
    signal = _outside(now, told.usual)
    fact = f"{told.kpi.name} {_movement(told, formats)}{_range(told, formats)}."
    if before is None:
        return Story(fact, "", signal != 0, Tone.NEUTRAL)
    return Story(fact, _cause(told, formats), signal != 0, goodness(told.kpi.better, now - before))


def goodness(better: Better, moved: float) -> Tone:
    """Return whether a movement is for the better; within a range neither way is."""
    if better is Better.RANGE or moved == 0:
        return Tone.NEUTRAL
    return Tone.GOOD if (moved > 0) is (better is Better.HIGHER) else Tone.BAD


def _movement(told: Told, formats: Formats) -> str:
    unit = told.kpi.unit
    now, before = told.now.value or 0.0, told.before.value
    shown = formats.short(now, unit) + (f" in {told.label}" if told.label else "")
    if before is None:
        why = told.before.reason or "no number"
        return f"is {shown}; {told.before_label} has nothing to compare with ({why})"
    if formats.short(now, unit) == formats.short(before, unit):
        return f"held at {shown} against {told.before_label}"
    word = "rose" if now > before else "fell"
    if not before:
        return f"{word} to {shown} from {formats.short(before, unit)} in {told.before_label}"
    return f"{word} {moved(now, before, unit, formats)} to {shown} against {told.before_label}"


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
    where = "within" if not side else "above" if side > 0 else "below"
    return f", {where} its usual range of {usual}"


def _cause(told: Told, formats: Formats) -> str:
    parts = contributions(told.kpi, Pair(told.now, told.before), told.groups)
    if parts:
        return _of_parts(told, parts, formats)
    moved = _moved_most(told)
    if moved is None:
        return _of_quotient(told, formats)
    name, pair = moved
    return f"Furthest the same way: {name}, {_from_to(pair, told.kpi.unit, formats)}."


def _of_parts(told: Told, parts: Sequence[Contribution], formats: Formats) -> str:
    named = [one for one in parts if one.key != OTHERS and one.pair is not None]
    if not named or named[0].share < MOST_OF_IT:
        spread = "No group stands out: the change is spread over all." if len(named) > 1 else ""
        return spread or _of_quotient(told, formats)
    first = named[0]
    name = told.names.get(first.key, first.key)
    word = "rise" if (told.now.value or 0) > (told.before.value or 0) else "fall"
    pair = "" if first.pair is None else f": {_from_to(first.pair, told.kpi.unit, formats)}"
    if first.share > _WHOLE:
        against = _against(parts, told)
        return f"{name} explains all of the {word}{pair}{against}."
    return f"{name} explains {formats.per_cent(first.share)} of the {word}{pair}."


def _against(parts: Sequence[Contribution], told: Told) -> str:
    """Name the group that moved the other way, where it took a good part of the change back."""
    last = parts[-1]
    if last.share > -MOST_OF_IT or last.key == OTHERS:
        return ""
    return f"; {told.names.get(last.key, last.key)} went the other way"


def _of_quotient(told: Told, formats: Formats) -> str:
    """Tell a ratio's two parts, where no group explains the change."""
    now, before = told.now, told.before
    if told.kpi.unit is not Unit.RATIO or now.over is None or before.over is None:
        return ""
    if now.under is None or before.under is None:
        return ""
    return (
        f"It stands on {formats.number(now.over)} of {formats.number(now.under)},"
        f" before on {formats.number(before.over)} of {formats.number(before.under)}."
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
    now = "no number" if pair.now.value is None else formats.short(pair.now.value, unit)
    was = "nothing" if pair.before.value is None else formats.short(pair.before.value, unit)
    return f"{now}, before {was}"
