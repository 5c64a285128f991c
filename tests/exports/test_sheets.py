"""A file holds no formula, whatever a text says, and its numbers are numbers."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.services.exports import sheet_of
from portal.services.sheets import Figure, Sheet, csv_bytes, harmless, xlsx_bytes
from tests.exports.made import HOSTILE, card, line

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def workbook(sheet: Sheet):
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(sheet))).active


def rows_of(sheet: Sheet) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_bytes(sheet).decode("utf-8-sig"))))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(text):
    made = sheet_of(card(line(text, cause=text, owner=text), name=text), text)
    page = workbook(made)
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.hyperlink is None for cell in cells)
    assert text.strip() in {str(cell.value).strip() for cell in cells}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_begins_like_a_formula(text):
    found = rows_of(sheet_of(card(line(text, cause=text, owner=text), name=text), text))
    for row in found:
        for cell in row:
            assert not cell.lstrip(" \u00a0").startswith(STARTS) or _is_number(cell)


def test_the_numbers_of_the_page_come_back_as_numbers():
    page = workbook(sheet_of(card(), "Kestrel"))
    heads = {
        cell.value: cell.column
        for row in page.iter_rows()
        for cell in row
        if cell.value == "2026-Q2"
    }
    column = heads["2026-Q2"]
    (row,) = [row for row in page.iter_rows() if row[1].value == "Win rate"]
    assert (row[2].value, row[5].value) == ("%", 27)
    assert row[column - 1].value == 25
    assert row[column - 1].number_format == "0.0"
    assert row[column].value == "none"
    assert row[column + 1].value == 22.6
    head, values = rows_of(sheet_of(card(), "Kestrel"))
    told = dict(zip(head, values, strict=True))
    assert (told["Unit"], told["Target"], told["2026-Q2"]) == ("%", "27", "25")
    assert float(told["Score"]) == 1.6
    assert told["2026-Q4 so far"] == "22.6"
    assert told["Change"] == "down 2.4\u00a0pp"


def test_a_file_says_what_it_shows():
    page = workbook(sheet_of(card(), "Kestrel"))
    said = [str(row[0].value) for row in page.iter_rows(max_row=6)]
    assert said[0] == "Scorecard"
    assert said[1] == "Kestrel. Q3 2026 and before."
    assert "Faster growth: 5.2 of 10, watch; All 1 KPIs" in said


@given(st.text())
def test_any_text_is_made_harmless_and_stays_readable(text):
    found = harmless(text)
    assert found in (text.replace("\x00", ""), "'" + text.replace("\x00", ""))
    assert not found.lstrip(" \u00a0").startswith(STARTS) or not found.strip()


@given(
    st.lists(
        st.lists(
            st.text(max_size=40) | st.none() | st.floats(allow_nan=True).map(Figure),
            min_size=3,
            max_size=3,
        ),
        max_size=5,
    )
)
@settings(deadline=None)
def test_any_sheet_can_be_written_and_read_back(rows):
    made = Sheet("A sheet: of [anything]/*?", ("About",), ("a", "=b", "c"), rows)
    csv_bytes(made)
    page = workbook(made)
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}


def test_a_number_is_written_without_its_last_binary_digits():
    assert rows_of(Sheet("t", (), ("a",), [[Figure(0.9490000000000001)], [Figure(3.0)]]))[1:] == [
        *(["0.949"], ["3"])
    ]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
