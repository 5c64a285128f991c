"""Tables as files: CSV and Excel workbooks in which text stays text and a number a number.

A cell that a spreadsheet would run as a formula is never written as one: in a workbook every text
is written as text, in CSV an apostrophe stands before it.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What begins a formula or a command, for one spreadsheet or another; the last are wide forms."""
_LONGEST = 32_000
"""A cell of a workbook holds so many characters at most."""
_WIDEST = 60
_SHEET = 31
_FORBIDDEN = str.maketrans(dict.fromkeys(r"[]:*?/\'", " "))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sheet, and how a workbook shows it."""

    value: float
    form: str = "General"
    """In the language of spreadsheets: '0.0%'."""


Cell = str | Figure | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its title and a few lines about what it shows."""

    title: str
    about: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def csv_bytes(sheet: Sheet) -> bytes:
    """Return the table as CSV, in UTF-8 with its mark, so that Excel reads it as such."""
    held = StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_plain(cell) for cell in row])
    return held.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheet: Sheet) -> bytes:
    """Return a workbook with one sheet: what it shows on top, then the table."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - a worker that writes none is smaller

    held = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(held, options) as book:
        book.set_properties({"title": sheet.title, "author": "Meridian"})
        page = book.add_worksheet(sheet.title.translate(_FORBIDDEN).strip()[:_SHEET] or "Sheet")
        _written(book, page, sheet)
    return held.getvalue()


def harmless(text: str) -> str:
    """Return text that no spreadsheet reads as a formula."""
    kept = text.replace("\x00", "")
    return f"'{kept}" if kept.lstrip(" \u00a0")[:1] in _STARTS and kept.strip() else kept


def _plain(cell: Cell) -> str | float | int:
    if cell is None:
        return ""
    if isinstance(cell, Figure):
        return _number(cell.value)
    return harmless(cell)


def _number(value: float) -> float | int | str:
    if not math.isfinite(value):
        return ""
    # Without the last binary digits: 0.949 is written as 0.949.
    told = float(f"{value:.12g}")
    return int(told) if told.is_integer() else told


def _written(book: "Workbook", page: "Worksheet", sheet: Sheet) -> None:
    title, head = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True})
    forms = {form: book.add_format({"num_format": form}) for form in _forms(sheet)}
    page.write_string(0, 0, sheet.title[:_LONGEST], title)
    for at, line in enumerate(sheet.about, 1):
        page.write_string(at, 0, line[:_LONGEST])
    top = len(sheet.about) + 2
    for at, name in enumerate(sheet.columns):
        page.write_string(top, at, name[:_LONGEST], head)
    for down, row in enumerate(sheet.rows, top + 1):
        for at, cell in enumerate(row):
            _one(page, (down, at), cell, forms)
    page.freeze_panes(top + 1, 1)
    for at in range(len(sheet.columns)):
        page.set_column(at, at, _width(sheet, at))


def _one(
    page: "Worksheet", place: tuple[int, int], cell: Cell, forms: Mapping[str, object]
) -> None:
    if isinstance(cell, Figure):
        if math.isfinite(cell.value):
            page.write_number(*place, cell.value, forms[cell.form])
    elif cell:
        page.write_string(*place, cell[:_LONGEST])


def _forms(sheet: Sheet) -> set[str]:
    return {cell.form for row in sheet.rows for cell in row if isinstance(cell, Figure)}


def _width(sheet: Sheet, at: int) -> int:
    words = [sheet.columns[at], *(row[at] for row in sheet.rows if isinstance(row[at], str))]
    return min(max(10, *(len(str(word)) + 1 for word in words)), _WIDEST)
