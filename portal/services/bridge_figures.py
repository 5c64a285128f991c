"""The figures of a bridge as they are read: its charts, its table, its file."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from kpi_engine.language import tr
from portal.readmodels.bridges import BridgeChart, BridgeRow
from portal.readmodels.charts import Axes, Series
from portal.services import absences, bridge_words, why_none
from portal.services.bridges import Bridge, Side, Step, Told
from portal.services.desks import Desk
from portal.services.quotients import parts_text
from portal.services.sheets import Figure, Sheet


def charts(desk: Desk, bridge: Bridge) -> tuple[BridgeChart, ...]:
    """Return one chart of both, or one for each where their units differ; none without values."""
    lines = [
        Series(
            side.name,
            tuple(told.final for told in sides),
            tuple(
                _value(desk, side, told, step)
                for told, step in zip(sides, bridge.steps, strict=True)
            ),
            dashed=side is bridge.old,
            main=side is bridge.new,
        )
        for side, sides in (
            (bridge.old, [one.old for one in bridge.steps]),
            (bridge.new, [one.new for one in bridge.steps]),
        )
    ]
    groups = [lines] if bridge.old.unit is bridge.new.unit else [[one] for one in lines]
    return tuple(
        _chart(desk, bridge, group)
        for group in groups
        if any(value is not None for line in group for value in line.values)
    )


def _chart(desk: Desk, bridge: Bridge, lines: Sequence[Series]) -> BridgeChart:
    periods = [one.period for one in bridge.steps]
    inside = [value for line in lines for value in line.values if value is not None]
    unit = bridge.old.unit if lines[0].dashed else bridge.new.unit
    formats = desk.formats
    told = tr(
        "{names} from {first} to {last}.",
        names=tr("{old} and {new}", old=lines[0].name, new=lines[-1].name)
        if len(lines) > 1
        else lines[0].name,
        first=formats.period(periods[0]),
        last=formats.period(periods[-1]),
    )
    return BridgeChart(
        Axes(formats.axis(periods), formats.ticks(inside, unit)),
        tuple(formats.period(one) for one in periods),
        tuple(lines),
        _shared(bridge),
        _gap(desk, bridge) if len(lines) > 1 else None,
        f"{told} {bridge_words.sentence(bridge, formats)}",
    )


def _shared(bridge: Bridge) -> tuple[int, int] | None:
    told = [at for at, one in enumerate(bridge.steps) if one.shared]
    return (told[0], told[-1]) if told else None


def _gap(desk: Desk, bridge: Bridge) -> tuple[int, float, float, str] | None:
    """Return where the gap at the hand-over is drawn: at the last shared period of both."""
    for at in range(len(bridge.steps) - 1, -1, -1):
        both = bridge.steps[at].both
        if bridge.steps[at].shared and both is not None:
            found = bridge_words.gap(*both, bridge.old.unit, desk.formats)
            return (at, *both, bridge_words.gap_text(found))
    return None


def rows(desk: Desk, bridge: Bridge) -> tuple[BridgeRow, ...]:
    """Return the periods in words, the newest first."""
    return tuple(_row(desk, bridge, step) for step in reversed(bridge.steps))


def _row(desk: Desk, bridge: Bridge, step: Step) -> BridgeRow:
    return BridgeRow(
        desk.formats.period(step.period),
        _value(desk, bridge.old, step.old, step),
        _of(desk, bridge.old, step.old),
        _value(desk, bridge.new, step.new, step),
        _of(desk, bridge.new, step.new),
        _difference(desk, bridge, step),
        tr("Both told") if step.shared else tr("Before"),
    )


def _difference(desk: Desk, bridge: Bridge, step: Step) -> str:
    if step.both is None or bridge.old.unit is not bridge.new.unit:
        return ""
    return bridge_words.gap_text(bridge_words.gap(*step.both, bridge.old.unit, desk.formats))


def _value(desk: Desk, side: Side, told: Told, step: Step) -> str:
    """Return a value as it is read; where there is none, why."""
    reading = told.reading
    if reading.value is not None:
        return desk.formats.short(reading.value, side.unit)
    kpi = desk.catalogue.get(side.key)
    if kpi is None:
        return why_none.told(reading.reason)
    words = absences.in_words(desk.catalogue, kpi, reading, step.period, desk.formats)
    return why_none.told(words)


def _of(desk: Desk, side: Side, told: Told) -> str:
    kpi = desk.catalogue.get(side.key)
    if told.reading.value is None or kpi is None or kpi.unit is not side.unit:
        return ""
    return parts_text(kpi, told.reading, desk.formats)


def known_at(bridge: Bridge) -> datetime | None:
    """Return when the newest fact of a bridge became known; None where nothing was taken."""
    moments = [
        told.known_at
        for step in bridge.steps
        for told in (step.old, step.new)
        if told.known_at is not None
    ]
    return max(moments, default=None)


def definitions_note(bridge: Bridge) -> str:
    """Warn where numbers of one of the two were made by more than one definition."""
    told = [
        tr(
            "The numbers of {kpi} were made by {count} definitions: {names}.",
            kpi=side.name,
            count=len(made),
            names=", ".join(made),
        )
        for side, made in _definitions(bridge)
        if len(made) > 1
    ]
    return " ".join(told)


def _definitions(bridge: Bridge) -> Iterator[tuple[Side, list[str]]]:
    for side, sides in (
        (bridge.old, [one.old for one in bridge.steps]),
        (bridge.new, [one.new for one in bridge.steps]),
    ):
        yield side, list(dict.fromkeys(one.definition for one in sides if one.definition))


def sheet(desk: Desk, bridge: Bridge) -> Sheet:
    """Return a bridge as a table of plain figures: a row for each period, both sides in full."""
    about = (
        tr("{old} was replaced by {new}", old=bridge.old.name, new=bridge.new.name),
        bridge_words.sentence(bridge, desk.formats),
    )
    columns = [
        *(tr("Period"), tr("First day"), tr("Last day"), tr("Both told")),
        *_heads(tr("Old"), bridge.old),
        *_heads(tr("New"), bridge.new),
    ]
    return Sheet(tr("Bridge"), about, columns, [_line(step) for step in bridge.steps])


def _heads(which: str, side: Side) -> Iterator[str]:
    named = f"{which}: {side.name}"
    yield f"{named} ({side.unit.value})"
    for word in (
        *(tr("why none"), tr("upper part"), tr("lower part"), tr("records")),
        *(tr("definition"), tr("version of the data"), tr("known at")),
    ):
        yield f"{named}, {word}"


def _line(step: Step) -> list[str | Figure | None]:
    last = step.period.end.fromordinal(step.period.end.toordinal() - 1)
    return [
        step.period.label,
        step.period.start.isoformat(),
        last.isoformat(),
        tr("yes") if step.shared else tr("no"),
        *_cells(step.old),
        *_cells(step.new),
    ]


def _cells(told: Told) -> Iterator[str | Figure | None]:
    reading = told.reading
    yield None if reading.value is None else Figure(reading.value)
    yield "" if reading.value is not None else why_none.told(reading.reason)
    yield None if reading.over is None else Figure(reading.over)
    yield None if reading.under is None else Figure(reading.under)
    yield Figure(reading.n)
    yield told.definition
    yield Figure(told.version)
    yield "" if told.known_at is None else told.known_at.isoformat()
