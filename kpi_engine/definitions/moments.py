"""Dates and times written as text in an expression."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_FORM = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)


def day(text: str) -> str | None:
    """Return the date in `text`, as 2017-12-31, or None when it is not one."""
    match = _FORM.fullmatch(text)
    if match is None or match.group(2):
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def moment(text: str) -> str | None:
    """Return the time in `text` in one plain form, or None when it is not one.

    A date alone is its midnight. A time with an offset becomes UTC and ends with `Z`; one without
    is a time of the tenant's zone.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    if not match.group(2):
        return day(text)
    try:
        read = datetime.fromisoformat(text)
        if read.tzinfo is None:
            return read.isoformat(sep=" ")
        return f"{read.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}Z"
    except (ValueError, OverflowError):
        return None


def instant(text: str, zone: str) -> datetime:
    """Return the UTC instant, without an offset, of a text that `moment` gave.

    A local time that the clocks skipped is the first instant after the gap's start by as much.
    """
    if text.endswith("Z"):
        return datetime.fromisoformat(text[:-1])
    local = datetime.fromisoformat(text)
    try:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # the first or last day of the calendar, moved out of it by the offset
        return local
