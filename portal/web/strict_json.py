"""JSON as a browser of ours writes it, and nothing that merely parses."""

import json
from math import isfinite
from typing import Any

DEEPEST = 24
_LONGEST_TEXT = 20_000
_LARGEST_WHOLE = 2**53
_MOST_PARTS = 20_000


class NotOursError(ValueError):
    """A body that no browser of ours sends."""


def read(raw: bytes) -> Any:  # noqa: ANN401 - JSON holds anything
    """Return what `raw` says.

    Raises:
        NotOursError: if it is no JSON in UTF-8, names a thing twice, is nested deeper than pages
            are, or holds what is no number or no text: NaN, infinities, halves of characters.
    """
    try:
        told = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_number,
            parse_int=_whole,
        )
    except (ValueError, RecursionError) as error:
        raise NotOursError(str(error)) from None
    _check(told)
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotOursError("A name stands twice.")
    return found


def _no_number(text: str) -> float:
    raise NotOursError(f"{text} is no number.")


def _number(text: str) -> float:
    found = float(text)
    if not isfinite(found):
        raise NotOursError("A number is too large.")
    return found


def _whole(text: str) -> int:
    # A browser knows no larger whole number, and a long one takes its time to read.
    if len(text) > len(str(-_LARGEST_WHOLE)) or abs(int(text)) > _LARGEST_WHOLE:
        raise NotOursError("A number is too large.")
    return int(text)


def _check(told: object) -> None:
    """Walk all of it, layer by layer: a recursion would end where a hostile depth wants it."""
    layer, parts = [told], 0
    for _ in range(DEEPEST):
        parts += len(layer)
        if parts > _MOST_PARTS:
            raise NotOursError("There is too much in it.")
        layer = [inner for each in layer for inner in _within(each)]
        if not layer:
            return
    raise NotOursError("It is nested too deeply.")


def _within(part: object) -> list[object]:
    if isinstance(part, dict):
        return [*part.keys(), *part.values()]
    if isinstance(part, list):
        return part
    if isinstance(part, str):
        _check_text(part)
    return []


def _check_text(text: str) -> None:
    if len(text) > _LONGEST_TEXT:
        raise NotOursError("A text is too long.")
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise NotOursError("A text holds what is no character.")
