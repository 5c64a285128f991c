"""A scorecard as a sheet: the same goals, KPIs, periods and words as stand on the page."""

from kpi_engine.language import tr, trc
from kpi_engine.units import Unit, half_up
from portal.readmodels.scorecard import Line, Scorecard, Section
from portal.services.sheets import Cell, Figure, Sheet
from portal.services.statuses import within

_MILLION, _THOUSANDS = 1_000_000, 10_000
_FORMS = {
    Unit.RATIO: "0.0",
    Unit.TIMES: "0.0",
    Unit.COUNT: "#,##0.##",
    Unit.SCORE: "0.00",
    Unit.DAYS: "0.0",
    Unit.HOURS: "0.0",
    Unit.MINUTES: "0.0",
}


def sheet_of(card: Scorecard, company: str) -> Sheet:
    """Return the scorecard as a sheet; a number is the one that the page shows, in full."""
    periods = [
        tr("{period} so far", period=column.key) if column.open else column.key
        for column in card.columns
    ]
    columns = [tr("Goal"), tr("KPI"), tr("Unit"), tr("Weight"), tr("Owner"), tr("Target"), *periods]
    columns += [
        trc("how far a number moved", "Change"),
        tr("Status"),
        tr("Score"),
        tr("What changed and why"),
        tr("Restated"),
    ]
    rows = [_row(section, line) for section in card.sections for line in section.lines]
    goals = [_goal(section) for section in card.sections]
    about = [f"{company}. {card.told}", *goals, *card.notes]
    return Sheet(card.head.title, about, columns, rows)


def _goal(section: Section) -> str:
    name, score, standing = section.name, section.score, section.standing
    if not score:
        return tr("{name}: no score; {standing}", name=name, standing=standing)
    if section.status is None:
        return tr("{name}: {score} of 10; {standing}", name=name, score=score, standing=standing)
    return tr(
        "{name}: {score} of 10, {status}; {standing}",
        name=name,
        score=score,
        status=within(section.status),
        standing=standing,
    )


def _row(section: Section, line: Line) -> list[Cell]:
    form, times = form_of(line), 100.0 if line.measured == Unit.RATIO.value else 1.0
    # A number is written in the unit that stands beside it: 27.0 where that is "%", never 0.27.
    cells: list[Cell] = [
        Figure(number * times, form) if number is not None else cell.text
        for cell, number in zip(line.cells, line.numbers, strict=True)
    ]
    return [
        section.name,
        line.name,
        line.counted or line.unit,
        Figure(float(line.weight)) if line.weight else None,
        line.owner,
        Figure(line.aimed * times, form) if line.aimed is not None else line.goal,
        *cells,
        _moved(line),
        tr(line.status.word),
        Figure(half_up(line.scored, 1), "0.0") if line.scored is not None else None,
        line.story,
        line.restated,
    ]


def _moved(line: Line) -> str:
    """Return a change in words: a sign in front of it would make a formula of it."""
    if line.change is None:
        return ""
    by = line.change.text.lstrip("+\u2212-")
    if line.change.up is None:
        return by
    return tr("up {amount}", amount=by) if line.change.up else tr("down {amount}", amount=by)


def form_of(line: Line) -> str:
    """Return how a workbook shows a line's numbers: as the page does."""
    unit = Unit(line.measured)
    if unit in _FORMS:
        return _FORMS[unit]
    largest = max((abs(number) for number in line.numbers if number is not None), default=0.0)
    if largest >= _MILLION:
        return '0.00,,"M"'
    return '0,"K"' if largest >= _THOUSANDS else "#,##0"
