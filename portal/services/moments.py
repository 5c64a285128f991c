"""Moments as a person writes them: a day or a time, in the tenant's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kpi_engine.language import tr
from kpi_engine.periods import Calendar
from portal.errors import BadInputError

FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)
"""The days that can be asked for."""
_TICK = timedelta(microseconds=1)


def known_at(text: str, calendar: Calendar, now: datetime) -> datetime:
    """Return the moment whose knowledge a person asks for; a day means its end.

    Today ends now: what the rest of it will bring is not known.

    Raises:
        BadInputError: if it is neither a day nor a time, or lies ahead.
    """
    day = _day(text)
    if day is not None:
        in_range(day)
        moment = (calendar.instant(day + timedelta(days=1)) - _TICK).replace(tzinfo=UTC)
        if day == calendar.local_date(naive(now)):
            moment = min(moment, now)
    else:
        found = _read(text)
        in_range(found.date())
        moment = _placed(found, calendar.timezone)
    if moment > now:
        raise BadInputError(
            tr(
                "'{text}' lies ahead: what will be known by then cannot be told. Name a moment"
                " that has passed.",
                text=text,
            )
        )
    return moment


def written(text: str, timezone: str) -> datetime:
    """Return the moment that a person wrote; a day means its beginning in the tenant's zone.

    Raises:
        BadInputError: if it is neither a day nor a time.
    """
    return _placed(_read(text), timezone)


def naive(moment: datetime) -> datetime:
    """Return a moment as the engine has it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def in_range(*days: date | None) -> None:
    """Refuse a day that no calendar of ours reaches.

    Raises:
        BadInputError: if one lies outside.
    """
    if any(day is not None and not FIRST <= day <= LAST for day in days):
        raise BadInputError(tr("Ask for days between {first} and {last}.", first=FIRST, last=LAST))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInputError(
            tr(
                "'{text}' is no moment. Write a day (2017-03-31) or a time (2017-03-31T18:00).",
                text=text,
            )
        ) from None


def _placed(found: datetime, timezone: str) -> datetime:
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)
