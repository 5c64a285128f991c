"""A scorecard as a sheet: the same goals, KPIs, periods and words as stand on the page."""

from kpi_engine.units import Unit
from portal.readmodels.scorecard import Line, Scorecard, Section
from portal.services.sheets import Cell, Figure, Sheet

_MILLION, _THOUSANDS = 1_000_000, 10_000
_FORMS = {
    Unit.RATIO: "0.0%",
    Unit.COUNT: "#,##0.##",
    Unit.SCORE: "0.00",
    Unit.DAYS: "0.0",
    Unit.HOURS: "0.0",
    Unit.MINUTES: "0.0",
}


def sheet_of(card: Scorecard, company: str) -> Sheet:
    """Return the scorecard as a sheet; a number is the one that the page shows, in full."""
    periods = [
        " ".join(part for part in (column.key, "so far" if column.open else "") if part)
        for column in card.columns
    ]
    columns = ["Goal", "KPI", "Unit", "Weight", "Owner", "Target", *periods]
    columns += ["Change", "Status", "Score", "What changed and why", "Restated"]
    rows = [_row(section, line) for section in card.sections for line in section.lines]
    goals = [_goal(section) for section in card.sections if section.score]
    about = [f"{company}. {card.told}", *goals, *card.notes]
    return Sheet(card.head.title, about, columns, rows)


def _goal(section: Section) -> str:
    word = f", {section.status.word.lower()}" if section.status is not None else ""
    return f"{section.name}: {section.score} of 10{word}; {section.standing}"


def _row(section: Section, line: Line) -> list[Cell]:
    form = form_of(line)
    cells: list[Cell] = [
        Figure(number, form) if number is not None else cell.text
        for cell, number in zip(line.cells, line.numbers, strict=True)
    ]
    return [
        section.name,
        line.name,
        line.unit,
        Figure(float(line.weight)) if line.weight else None,
        line.owner,
        Figure(line.aimed, form) if line.aimed is not None else line.target,
        *cells,
        _moved(line),
        line.status.word,
        Figure(round(line.scored, 1), "0.0") if line.scored is not None else None,
        line.story,
        line.restated,
    ]


def _moved(line: Line) -> str:
    """Return a change in words: a sign in front of it would make a formula of it."""
    if line.change is None:
        return ""
    by = line.change.text.lstrip("+\u2212-")
    return by if line.change.up is None else f"{'up' if line.change.up else 'down'} {by}"


def form_of(line: Line) -> str:
    """Return how a workbook shows a line's numbers: as the page does."""
    unit = Unit(line.measured)
    if unit in _FORMS:
        return _FORMS[unit]
    largest = max((abs(number) for number in line.numbers if number is not None), default=0.0)
    if largest >= _MILLION:
        return '0.00,,"M"'
    return '0,"K"' if largest >= _THOUSANDS else "#,##0"
