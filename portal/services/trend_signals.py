"""The signals of a trend as people count them: a long run is one, however many points it has."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpi_engine.language import mark, tr, trn
from kpi_engine.statistics.xmr import Sign
from portal.readmodels.cards import Status, Tone

SIDES = {Sign.RUN_ABOVE: Sign.ABOVE, Sign.RUN_BELOW: Sign.BELOW}
_WORDS = {
    Sign.ABOVE: mark("above the limits"),
    Sign.BELOW: mark("below the limits"),
    Sign.RUN_ABOVE: mark("one of a long run above the mean"),
    Sign.RUN_BELOW: mark("one of a long run below the mean"),
}
_RUNS = {
    Sign.RUN_ABOVE: mark("{first} to {last} in a long run above the mean"),
    Sign.RUN_BELOW: mark("{first} to {last} in a long run below the mean"),
}
_FEW = 3
"""So many are named; of the others it is told how many there are."""


@dataclass(frozen=True, slots=True)
class Told:
    """One signal: a point beyond the limits, or a long run from its first to its last point."""

    first: int
    last: int
    sign: Sign


def word(sign: Sign | None) -> str:
    """Return what a single point signals; empty for the usual up and down."""
    return tr(_WORDS[sign]) if sign is not None else ""


def told(signs: Sequence[Sign | None], values: Sequence[float | None]) -> tuple[Told, ...]:
    """Return the signals of a series by the order of their last points.

    Args:
        signs: What each point signals, None for the usual up and down.
        values: The points; None is a gap, which neither signals nor breaks a run.
    """
    found: list[Told] = []
    run: int | None = None
    for at, (sign, value) in enumerate(zip(signs, values, strict=True)):
        if value is None:
            continue
        side = SIDES.get(sign) if sign is not None else None
        if run is not None and sign not in {found[run].sign, SIDES[found[run].sign]}:
            run = None
        if sign is None:
            continue
        if side is not None and run is not None:
            found[run] = replace(found[run], last=at)
        else:
            run = len(found) if side is not None else run
            found.append(Told(at, at, sign))
    return tuple(sorted(found, key=lambda one: (one.last, one.first)))


def runs(signs: Sequence[Sign | None]) -> tuple[int, ...]:
    """Return the points that signal only by the run that they are in."""
    return tuple(at for at, sign in enumerate(signs) if sign in SIDES)


def said(one: Told, names: Sequence[str]) -> str:
    """Return a signal as it stands in a list of them."""
    if one.first == one.last:
        return f"{names[one.last]} {word(one.sign)}"
    return tr(_RUNS[one.sign], first=names[one.first], last=names[one.last])


def listed(found: Sequence[Told], names: Sequence[str]) -> str:
    """Return the signals of a series in a sentence, the newest of them by name."""
    if not found:
        return tr("No signal: every period lies within the usual up and down.")
    named = ", ".join(said(one, names) for one in found[-_FEW:])
    if len(found) > _FEW:
        named = tr("{signals}, and {count} earlier", signals=named, count=len(found) - _FEW)
    return trn("One signal: {signals}.", "{count} signals: {signals}.", len(found), signals=named)


def pill(found: Sequence[Told]) -> Status:
    """Return how many signals there are, as a chart's head tells it."""
    if not found:
        return Status(Tone.NEUTRAL, tr("No signal"), "check-circle")
    word = trn("{count} signal", "{count} signals", len(found))
    return Status(Tone.BAD, word, "diamond-fill")
