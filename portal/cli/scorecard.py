"""How a scorecard is said: a table for a terminal of 100 columns, a picture, or plain data."""

import io
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kpi_engine.reading import Reading
from kpi_engine.units import Unit
from portal.cli.figures import moved, short
from portal.demo.scorecard import Chapter, Line, Scorecard, Verdict, plain_reason, reasons
from portal.errors import BadInputError
from portal.services.kpis import plain

_WIDTH = 100
_TONES = {Verdict.BETTER: "green", Verdict.WORSE: "red"}
_NONE = "-"
_NAMED = 9
"""So many KPIs without a number are named; JSON has them all."""
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""What a picture would fetch its font by: any monospaced one of the reader's will do."""


def say_scorecards(cards: Iterable[Scorecard]) -> None:
    """Print scorecards one below the other."""
    console = Console(file=sys.stdout, width=_WIDTH, highlight=False)
    for card in cards:
        console.print(_card(card))
        console.print()
    console.print(_more(), style="dim")


def draw(card: Scorecard, file: Path) -> None:
    """Write one scorecard as an SVG picture.

    Raises:
        BadInputError: if the file cannot be written.
    """
    # The picture is the same wherever it is drawn: nothing of this terminal enters it.
    aside = io.StringIO()
    console = Console(file=aside, width=_WIDTH, highlight=False, record=True, force_terminal=True)
    console.print(_card(card))
    text = _FONT.sub("", console.export_svg(title="portal demo", unique_id="scorecard"))
    tidy = "\n".join(line.rstrip() for line in text.splitlines())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{tidy.strip()}\n", "utf-8")
    except OSError as error:
        raise BadInputError(f"{file} can't be written: {error.strerror}.") from error


def plain_scorecard(card: Scorecard) -> dict[str, Any]:
    """Return a scorecard as plain data."""
    return {
        "tenant": card.company.key,
        "name": card.company.profile.name,
        "credit": card.company.credit,
        "currency": card.currency,
        "version": card.version,
        "known_at": None if card.known_at is None else card.known_at.isoformat(),
        "periods": list(card.periods),
        "stages": [
            {
                "stage": chapter.stage.value,
                "kpis": [_plain_line(line, card.periods) for line in chapter.lines],
            }
            for chapter in card.chapters
        ],
    }


def _plain_line(line: Line, periods: Sequence[str]) -> dict[str, Any]:
    kpi, change = line.kpi, line.change
    return {
        "kpi": kpi.key,
        "name": kpi.name,
        "unit": kpi.unit.stated.value,
        "class": kpi.kpi_class.value,
        "better": kpi.better.value,
        "values": [
            {
                "period": period,
                "value": plain(reading.value),
                "n": reading.n,
                "state": reading.state.value,
                "reason": reading.reason,
            }
            for period, reading in zip(periods, line.readings, strict=True)
        ],
        "change": change
        and {
            "absolute": change.absolute,
            "relative": change.relative,
            "verdict": change.verdict.value,
        },
    }


def _card(card: Scorecard) -> RenderableType:
    told = [chapter for chapter in card.chapters if any(line.has_number for line in chapter.lines)]
    return Group(
        _heading(card),
        *(_chapter(chapter, card) for chapter in told),
        *_untold([chapter for chapter in card.chapters if chapter not in told]),
    )


def _heading(card: Scorecard) -> RenderableType:
    company = card.company
    text = Text.assemble(
        (company.profile.name, "bold"), f": {company.about}.\n", (company.credit, "dim")
    )
    text.append(f" Money in {card.currency}. Facts as of version {card.version}.", style="dim")
    return Group(text, Padding(_grid(card, heads=True), (1, 0, 0, 0)))


def _grid(card: Scorecard, *, heads: bool) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(width=34)
    for _ in card.periods:
        table.add_column(width=9, justify="right")
    table.add_column(width=9, justify="right")
    table.add_column(width=6)
    table.add_column(width=6, justify="right")
    if heads:
        table.add_row("", *card.periods, "change", "", "n", style="dim")
    return table


def _chapter(chapter: Chapter, card: Scorecard) -> RenderableType:
    table = _grid(card, heads=False)
    for line in chapter.lines:
        if line.has_number:
            table.add_row(*_cells(line))
    name = chapter.stage.value.replace("_", " ").capitalize()
    parts: list[RenderableType] = [Text(name, style="bold cyan"), table]
    parts += [Text(note, style="dim") for note in _notes(chapter, card)]
    return Padding(Group(*parts), (0, 0, 1, 0))


def _cells(line: Line) -> Iterable[RenderableType]:
    yield line.kpi.name
    for reading in line.readings:
        yield _value(reading, line.kpi.unit)
    change = line.change
    if change is None:
        yield from ("", "")
    else:
        tone = _TONES.get(change.verdict, "")
        yield Text(moved(change, line.kpi.unit), style=tone)
        yield Text(change.verdict.value, style=tone)
    yield f"{line.readings[-1].n:,}"


def _value(reading: Reading, unit: Unit) -> str:
    return _NONE if reading.value is None else short(reading.value, unit)


def _notes(chapter: Chapter, card: Scorecard) -> Iterable[str]:
    """What the dashes of a chapter mean, and which of its KPIs have no number at all."""
    for line in chapter.lines:
        for period, reading in zip(card.periods, line.readings, strict=True):
            if line.has_number and reading.reason:
                yield f"{line.kpi.name}, {period}: {plain_reason(reading.reason)}."
    silent: dict[str, list[str]] = {}
    for line in chapter.lines:
        if not line.has_number:
            silent.setdefault("; ".join(reasons(line)), []).append(line.kpi.name)
    for why, names in silent.items():
        rest = f"; and {len(names) - _NAMED} more" if len(names) > _NAMED + 1 else ""
        told = names[:_NAMED] if rest else names
        yield f"No number ({why}): {'; '.join(told)}{rest}."


def _untold(chapters: Sequence[Chapter]) -> Iterable[RenderableType]:
    """The stages without any number, in a few lines."""
    by_reason: dict[str, dict[str, int]] = {}
    for chapter in chapters:
        for line in chapter.lines:
            stages = by_reason.setdefault("; ".join(reasons(line)), {})
            name = chapter.stage.value.replace("_", " ")
            stages[name] = stages.get(name, 0) + 1
    for why, stages in by_reason.items():
        names = ", ".join(f"{name} {count}" for name, count in stages.items())
        yield Text(f"KPIs without a number ({why}): {names}.", style="dim")


def _more() -> str:
    return (
        "More, for example:\n  portal kpi values --tenant ravenstack --kpi mrr --by industry"
        " --from 2024-01-01 --to 2025-01-01"
    )
