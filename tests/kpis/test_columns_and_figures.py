"""Tables fit the terminal they are shown on; a number never reads as a 0 that it is not."""

import shutil
import sys

import pytest

from kpi_engine.units import Unit, shown
from portal.cli.columns import say_columns
from portal.cli.values import harmless, short


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.6315, Unit.RATIO, "63.1 %"),
        (3.2, Unit.RATIO, "320.0 %"),
        (0.0004, Unit.RATIO, "0.04 %"),
        (-0.0, Unit.RATIO, "0.0 %"),
        (0, Unit.RATIO, "0.0 %"),
        (10_005_534, Unit.MONEY, "10,005,534 EUR"),
        (2360.9094, Unit.MONEY, "2,360.91 EUR"),
        (1_234_567.89, Unit.MONEY, "1,234,568 EUR"),
        (0.35, Unit.MONEY, "0.35 EUR"),
        (0.0042, Unit.MONEY, "0.004 EUR"),
        (-1e-9, Unit.MONEY, "0.000000 EUR"),
        (12.5, Unit.MONEY_PER_DAY, "12.50 EUR a day"),
        (1234, Unit.COUNT, "1,234"),
        (2.5, Unit.COUNT, "2.5"),
        (51.78, Unit.DAYS, "51.8 days"),
        (0.01, Unit.HOURS, "0.01 hours"),
        (15, Unit.MINUTES, "15.0 minutes"),
        (0.5, Unit.SCORE, "0.50"),
    ],
)
def test_a_value_is_shown_in_its_unit(value, unit, text):
    assert shown(value, unit, "EUR") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (3, "3"),
        (1234567.0, "1,234,567"),
        (999999.5, "999,999.50"),
        (12.345678, "12.3457"),
        (0.0001, "0.0001"),
    ],
)
def test_a_part_is_shown_with_the_digits_that_matter(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1", "@x", " =1", "\t=1", "\r=1", "\n=1", "\u200b=1", "\ufeff=1", "\uff1d1",
     "\uff0b1", "\uff20x", "a\n=1", "\x00=1", "\u00a0@x"],
)  # fmt: skip
def test_a_cell_that_would_run_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["a=1", "", " ", "1-2", "Ann", None, -5, 0.5])
def test_any_other_cell_stays_as_it_is(cell):
    assert harmless(cell) is cell


def on_a_terminal(monkeypatch, columns):
    """Make standard output a terminal so wide."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    size = type(shutil.get_terminal_size())((columns, 24))
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: size)


ROWS = [("a" * 40, 1, "why"), ("日本語", 22_000, None), ("e\u0301", 3, "b" * 30)]


def test_columns_are_aligned_also_for_wide_and_joined_letters(capsys):
    say_columns(("name", "n", "note"), ROWS, numbers=("n",))
    assert capsys.readouterr().out.splitlines() == [
        "name" + " " * 36 + "      n  note",
        "a" * 40 + "      1  why",
        "日本語" + " " * 34 + "  22000  -",
        "e\u0301" + " " * 39 + "      3  " + "b" * 30,
    ]


def test_a_narrow_terminal_cuts_the_widest_texts_and_no_number(capsys, monkeypatch):
    on_a_terminal(monkeypatch, 40)
    say_columns(("name", "n", "note"), ROWS, numbers=("n",))
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "a" * 14 + "…      1  why"
    assert lines[3] == "e\u0301" + " " * 14 + "      3  " + "b" * 15 + "…"
    assert max(len(line) for line in lines) <= 41  # a joined letter takes no place


def test_a_terminal_too_narrow_for_all_still_tells_the_numbers(capsys, monkeypatch):
    on_a_terminal(monkeypatch, 5)
    say_columns(("name", "n", "note"), ROWS, numbers=("n",))
    assert "22000" in capsys.readouterr().out


def test_into_a_pipe_every_text_is_whole(capsys):
    say_columns(("name", "n", "note"), [("a" * 500, 1, None)], numbers=("n",))
    assert "a" * 500 in capsys.readouterr().out


def test_a_head_without_rows_stands_alone(capsys):
    say_columns(("name", "n"), [])
    assert capsys.readouterr().out == "name  n\n"
