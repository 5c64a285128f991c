"""How far a number could move, drawn beside its target, and what that would mean for its status."""

from dataclasses import replace

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import tr
from kpi_engine.reading import Reading, State
from portal.readmodels.cards import RangeBar, Tone
from portal.services import confidence_bands, statuses
from portal.services.confidence_bands import Band
from portal.services.confidence_evidence import Evidence
from portal.services.desks import Desk
from portal.services.kpi_strip import target_text
from portal.services.targets import Target

_ROOM = 0.15
"""How much of the scale is left free beyond each end."""


def drawn(
    desk: Desk, kpi: Kpi, reading: Reading, known: Evidence, target: Target | None
) -> tuple[str, RangeBar | None]:
    """Return what a range means for the status, and the range as a bar; "" and None without one.

    A period that runs has no status yet, so its target is left out.
    """
    found = confidence_bands.band(kpi, reading, known)
    if found is None or not confidence_bands.sentence(found, desk.formats):
        return "", None
    told = target if reading.state is State.FINAL else None
    meaning = "" if told is None else _meaning(desk, found, kpi, reading, told)
    return meaning, _bar(found, None if told is None else told.value)


def _meaning(desk: Desk, found: Band, kpi: Kpi, reading: Reading, target: Target) -> str:
    """Return whether the gaps decide how good the number is; "" where it is not judged."""
    judged = [
        statuses.judge(kpi, replace(reading, value=value), target)
        for value in (found.low, found.now, found.high)
    ]
    if any(one.score is None for one in judged):
        return ""
    against = target_text(kpi, target, desk.formats)
    first, *_, last = (one.status for one in sorted(judged, key=lambda one: one.score or 0.0))
    if first == last:
        return tr(
            "Either way: {status}, against a target of {target}.",
            status=statuses.within(first),
            target=against,
        )
    return tr(
        "So it may be anything from {worst} to {best}, against a target of {target}.",
        worst=statuses.within(first),
        best=statuses.within(last),
        target=against,
    )


def _bar(found: Band, goal: float | None) -> RangeBar:
    marks = [found.low, found.high, *([] if goal is None else [goal])]
    room = (max(marks) - min(marks)) * _ROOM
    first, width = min(marks) - room, max(marks) - min(marks) + 2 * room
    return RangeBar(
        (found.low - first) / width,
        (found.high - first) / width,
        None if goal is None else (goal - first) / width,
        (found.now - first) / width,
        Tone.NEUTRAL,
        tr("How far the number could move")
        if goal is None
        else tr("How far the number could move, and its target"),
    )
