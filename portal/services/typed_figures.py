"""Figures as people type them: 27 %, 4.2M, 1,240.5, in the way of their language."""

import re

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberFormatError, parse_decimal

from kpi_engine.language import tr
from kpi_engine.units import Unit
from portal.errors import BadInputError

_LETTERS = {"k": 1_000.0, "m": 1_000_000.0, "b": 1_000_000_000.0}
_LONGEST = 40
_LARGEST = 1e15
_AROUND = re.compile(r"^[^\d+\-.,]+|[^\d]+$")


def figure(what: str, typed: str | None, unit: Unit, locale: str) -> float | None:
    """Return a figure in the KPI's unit, a ratio as 0-1; None where nothing was typed.

    Raises:
        BadInputError: if it is no figure, or too large to be one.
    """
    text = (typed or "").replace("\u00a0", " ").replace("\u2212", "-").strip()
    if not text:
        return None
    if len(text) > _LONGEST:
        raise BadInputError(tr("{what} is longer than a figure is.", what=what))
    factor, bare = _letter(text)
    try:
        found = float(parse_decimal(_AROUND.sub("", bare), locale=_locale(locale), strict=True))
    except NumberFormatError:
        raise BadInputError(
            tr("{what}: '{text}' is not a figure. Write it like 27 or 4.5.", what=what, text=text)
        ) from None
    value = found * factor / (100.0 if unit is Unit.RATIO else 1.0)
    if abs(value) > _LARGEST:
        raise BadInputError(tr("{what}: '{text}' is too large.", what=what, text=text))
    return value


def _letter(text: str) -> tuple[float, str]:
    last = text[-1].lower()
    return (_LETTERS[last], text[:-1].strip()) if last in _LETTERS else (1.0, text)


def _locale(name: str) -> Locale:
    try:
        return Locale.parse("en_GB" if name == "en" else name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")
