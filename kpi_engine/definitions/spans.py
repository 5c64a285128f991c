"""Lengths of time as people write them: `4h`, `30d`, `90 minutes`, `3 months`."""

import re

from kpi_engine.definitions.takes import Span, SpanUnit
from kpi_engine.errors import KpiError, did_you_mean
from kpi_engine.language import tr

_FORM = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?) ?([a-z]{1,10})", re.ASCII)
_SHORT = {
    "min": SpanUnit.MINUTE,
    "h": SpanUnit.HOUR,
    "d": SpanUnit.DAY,
    "w": SpanUnit.WEEK,
}
_UNITS = {**_SHORT, **{unit.value: unit for unit in SpanUnit}}
_UNITS |= {f"{unit.value}s": unit for unit in SpanUnit}
FIXED = (SpanUnit.MINUTE, SpanUnit.HOUR, SpanUnit.DAY, SpanUnit.WEEK)
"""Units of one length; a month is not one."""


class SpanError(KpiError):
    """A text is not a length of time."""


def span(text: object) -> Span:
    """Return the length of time in `text`.

    Raises:
        SpanError: when it is not one, or is not longer than nothing.
    """
    match = _FORM.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    if match is None:
        raise SpanError(tr("A length of time is a number and a unit, such as 4h, 30d or 3 months."))
    count, word = float(match.group(1)), match.group(2)
    if word not in _UNITS:
        hint = did_you_mean(word, _UNITS) or tr(" There are min, h, d, w, months, quarters, years.")
        raise SpanError(tr("'{word}' is no unit of time.{hint}", word=word, hint=hint))
    if not count:
        raise SpanError(tr("A length of time must be longer than nothing."))
    if _UNITS[word] not in FIXED and not count.is_integer():
        raise SpanError(
            tr(
                "{count:g} {word} cannot be cut from a calendar; use a whole number.",
                count=count,
                word=word,
            )
        )
    return Span(count, _UNITS[word])
