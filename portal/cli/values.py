"""How the values of KPIs are said: rows for people, JSON, or CSV that a spreadsheet may open."""

import csv
import io
import itertools
import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import click

from kpi_engine.reading import State
from kpi_engine.units import shown
from portal.cli.columns import say_columns
from portal.services.kpis import Told

_LARGE = 1_000
_AT_ONCE = 5_000
"""So many rows are written in one go: an answer of a million rows is never one text."""
_FORMULA = "=+-@"
"""With these a spreadsheet begins a formula."""

Row = Mapping[str, Any]


def say_values(told: Told, shape: str) -> None:
    """Print the rows of an answer as `table`, `json` or `csv`."""
    _SHAPES[shape](told)


def _say_json(told: Told) -> None:
    """Print one JSON list, a row a line."""
    before = "["
    for some in _some(told.rows()):
        texts = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in some)
        click.echo(before + ",\n ".join(texts), nl=False)
        before = ",\n "
    click.echo("]" if before != "[" else "[]")


def _say_csv(told: Told) -> None:
    """Print every part of every row; a text that would run as a formula is kept a text."""
    dimensions = [name.value for name in told.question.splits[0]]
    head = ["kpi", "period", "start", "end", *dimensions]
    head += ["value", "over", "under", "n", "state", "reason", "beside"]
    head += ["known_at", "version", "definition"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    for some in _some(told.rows()):
        for row in some:
            flat = {**row, **row["by"], "beside": _beside(row, "; ")}
            writer.writerow([harmless(flat[name]) for name in head])
        click.echo(text.getvalue(), nl=False)
        text.seek(0)
        text.truncate()
    click.echo(text.getvalue(), nl=False)


def harmless(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: such a text gets an apostrophe.

    Spreadsheets look past blanks and invisible letters, and take a full-width sign for the plain
    one; some begin anew with each line of a cell.
    """
    if not isinstance(value, str):
        return value
    return f"'{value}" if any(map(_is_formula, value.splitlines())) else value


def _is_formula(line: str) -> bool:
    for letter in line:
        if letter.isspace() or not letter.isprintable():
            continue
        return unicodedata.normalize("NFKC", letter)[:1] in _FORMULA
    return False


def _say_table(told: Told) -> None:
    dimensions = [name.value for name in told.question.splits[0]]
    head = ("kpi", "period", *dimensions, "value", "parts", "n", "note")
    lines = list(_lines(told))
    if not any(line[-3] for line in lines):
        # None of the KPIs is made of two parts.
        head = tuple(name for name in head if name != "parts")
        lines = [(*line[:-3], *line[-2:]) for line in lines]
    say_columns(head, lines, numbers=("value", "parts", "n"))


def _lines(told: Told) -> Iterator[tuple[object, ...]]:
    catalogue, currency = told.opened.engine.catalogue, told.opened.tenant.currency
    for row in told.rows():
        unit = catalogue.kpi(str(row["kpi"])).unit
        value = None if row["value"] is None else shown(row["value"], unit, currency)
        head = (row["kpi"], row["period"], *row["by"].values())
        yield *head, value, _parts(row), f"{row['n']:,}", _note(row)


def _note(row: Row) -> str:
    """Why there is no number, how far it can be relied on, and what it hides."""
    state = "" if row["state"] == State.FINAL else str(row["state"]).replace("_", " ")
    why = row["reason"] or state
    return "; ".join(part for part in (why, _beside(row, ", ")) if part)


def _beside(row: Row, gap: str) -> str:
    return gap.join(f"{name} {short(value)}" for name, value in row["beside"].items())


def _parts(row: Row) -> str:
    return "" if row["over"] is None else f"{short(row['over'])} / {short(row['under'])}"


def short(value: float | None) -> str:
    """Return a number with the digits that matter; a dash for none."""
    if value is None:
        return "-"
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= _LARGE else f"{value:.6g}"


def _some(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    """Yield rows a few thousand at a time."""
    found = iter(rows)
    while some := tuple(itertools.islice(found, _AT_ONCE)):
        yield some


_SHAPES: Mapping[str, Callable[[Told], None]] = {
    "table": _say_table,
    "json": _say_json,
    "csv": _say_csv,
}
