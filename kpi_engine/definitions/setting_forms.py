"""What the value of a setting may be: each check returns its plain form or says what is off.

A check raises ValueError with the end of a sentence that begins "The setting 'x' ".
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from kpi_engine.definitions.spans import FIXED, SpanError, span
from kpi_engine.errors import did_you_mean

Check = Callable[[object], object]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_ITEMS = 500
_MOST_LETTERS = 200
_MOST_WEIGHT = 1_000.0
_MOST_DAYS = 3_660
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)


def number(least: float, most: float, *, whole: bool = False) -> Check:
    """Return the check of a number between two bounds."""

    def check(value: object) -> object:
        kind = "a whole number" if whole else "a number"
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"is {kind} from {least:g} to {most:g}.")  # noqa: TRY004  one family
        if not math.isfinite(value) or not least <= value <= most or (whole and value % 1):
            raise ValueError(f"is {kind} from {least:g} to {most:g}.")
        return int(value) if float(value).is_integer() else float(value)

    return check


def time_span(value: object) -> object:
    """Check a length of time of one length (no months)."""
    try:
        found = span(value)
    except SpanError as error:
        raise ValueError(f"cannot be read: {error}") from None
    if found.unit not in FIXED:
        raise ValueError("is told in days or shorter; a month has no fixed length.")
    return str(value).strip()


def word(value: object) -> object:
    """Check one text."""
    if not isinstance(value, str) or not value.strip() or len(value) > _MOST_LETTERS:
        raise ValueError(f"is a text of 1 to {_MOST_LETTERS} letters.")
    if not value.isprintable():
        raise ValueError("holds an invisible character; take it out.")
    return value.strip()


def texts(value: object) -> object:
    """Check a list of texts."""
    return tuple(word(each) for each in _listed(value))


def days_off(value: object) -> object:
    """Check a list of days; each becomes its text."""
    return tuple(sorted({_day(each) for each in _listed(value)}))


def business_hours(default: Mapping[str, object]) -> Check:
    """Return the check of working days and hours; what is left out is as in `default`."""

    def check(value: object) -> object:
        told = {**default, **_mapping(value, default)}
        days = _listed(told["days"])
        for each in days:
            if each not in WEEKDAYS:
                hint = did_you_mean(str(each), WEEKDAYS)
                raise ValueError(f"has a day '{str(each)[:_MOST_LETTERS]}' in it.{hint}")
        if not days:
            raise ValueError("has no working day in it; name at least one.")
        opened, closed = (_clock(told[name]) for name in ("open", "close"))
        if opened >= closed:
            raise ValueError("closes before it opens.")
        in_order = [name for name in WEEKDAYS if name in days]
        return {"days": in_order, "open": opened, "close": closed}

    return check


def health_components(default: Mapping[str, Mapping[str, float]]) -> Check:
    """Return the check of the components of health; what is left out is as in `default`."""

    def check(value: object) -> object:
        told = _mapping(value, default)
        found = {
            name: _component(name, {**fields, **_mapping(told.get(name, {}), fields)})
            for name, fields in default.items()
        }
        if not any(fields["weight"] for fields in found.values()):
            raise ValueError("weighs nothing; give at least one component a weight.")
        return found

    return check


def _component(name: str, fields: Mapping[str, object]) -> dict[str, float]:
    bounds = {
        "weight": number(0, _MOST_WEIGHT),
        "worst": number(-1e6, 1e6),
        "best": number(-1e6, 1e6),
        "days": number(1, _MOST_DAYS, whole=True),
    }
    found: dict[str, float] = {}
    for field, check in bounds.items():
        try:
            found[field] = float(str(check(fields[field])))
        except ValueError as error:
            raise ValueError(f"cannot be used: {field} of {name} {error}") from None
    if found["worst"] == found["best"]:
        raise ValueError(f"cannot be used: {name} scores 0 and 100 at the same figure.")
    return {field: int(each) if each.is_integer() else each for field, each in found.items()}


def _mapping(value: object, known: Mapping[str, object]) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"is a mapping with {', '.join(known)}.")  # noqa: TRY004  one family
    for name in value:
        if name not in known:
            hint = did_you_mean(str(name), known) or f" There are {', '.join(known)}."
            raise ValueError(f"has no '{str(name)[:_MOST_LETTERS]}'.{hint}")
    return value


def _listed(value: object) -> Sequence[object]:
    if not isinstance(value, (list, tuple)) or len(value) > _MOST_ITEMS:
        raise ValueError(f"is a list of at most {_MOST_ITEMS}.")
    return value


def _clock(value: object) -> str:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError("needs its hours as 09:00, in quotes.")
    return value


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(f"has '{str(value)[:20]}' in it; write days as 2017-12-31.") from None
