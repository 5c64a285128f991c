"""Rows under their head in aligned columns, cut to the terminal where there is one."""

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence

import click

from kpi_engine.definitions.problems import printable

_GAP = "  "
_LEAST = 8
"""No column of text is cut below so many letters."""
_CUT = "…"


def say_columns(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Iterable[str] = ()
) -> None:
    """Print rows under their head.

    On a terminal the widest texts are cut until a row fits a line; into a file or a pipe every
    text is whole.

    Args:
        head: The columns' names.
        rows: The cells; None is a dash.
        numbers: The columns whose cells stand at the right. They are never cut.
    """
    lines = [list(head), *([_text(cell) for cell in row] for row in rows)]
    right = [name in set(numbers) for name in head]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(head))]
    if sys.stdout.isatty():
        widths = _fitted(widths, right, shutil.get_terminal_size().columns)
    for line in lines:
        cells = (_placed(*cell) for cell in zip(line, widths, right, strict=True))
        click.echo(_GAP.join(cells).rstrip())


def _text(cell: object) -> str:
    return "-" if cell is None else printable(str(cell))


def _fitted(widths: Sequence[int], right: Sequence[bool], room: int) -> list[int]:
    """Return the widths with the widest of the texts narrowed until all fit, if they can."""
    found = list(widths)
    texts = [place for place, number in enumerate(right) if not number]
    over = sum(found) + len(_GAP) * (len(found) - 1) - room
    while over > 0 and texts:
        widest = max(texts, key=lambda place: found[place])
        if found[widest] <= _LEAST:
            break
        found[widest] -= 1
        over -= 1
    return found


def _placed(text: str, width: int, right: bool) -> str:  # noqa: FBT001 - zipped from three lists
    room = width - _width(text)
    if room < 0:
        text = _cut(text, width)
        room = width - _width(text)
    return " " * room + text if right else text + " " * room


def _cut(text: str, width: int) -> str:
    kept = ""
    for letter in text:
        if _width(kept + letter) > width - 1:
            break
        kept += letter
    return kept + _CUT


def _width(text: str) -> int:
    """How many places of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(_places(letter) for letter in text)


def _places(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
