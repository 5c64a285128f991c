"""What people type about a tenant or a person, checked and brought into one form."""

import re
from zoneinfo import available_timezones

from kpi_engine.language import tr
from portal.errors import BadInputError, UnknownNameError
from portal.services.currencies import CODES

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = 200
_WORD = r"[^\s@<>\"(),:;\[\]\\]"
_EMAIL = re.compile(rf"{_WORD}{{1,64}}@(?!\.)(?!.*\.\.){_WORD}+\.{_WORD}*[^\s@.<>]")


def line(what: str, given: str) -> str:
    """Return one line of text, its blanks tidied.

    Raises:
        BadInputError: if it is empty, longer than 200 characters or holds invisible ones.
    """
    found = " ".join(given.split())
    if not found:
        raise BadInputError(tr("{what} is empty.", what=what))
    if len(found) > _LONGEST:
        raise BadInputError(
            tr("{what} is longer than {count} characters.", what=what, count=_LONGEST)
        )
    if not found.isprintable():
        raise BadInputError(tr("{what} holds an invisible character. Take it out.", what=what))
    return found


def timezone(given: str) -> str:
    """Return the name of a time zone.

    Raises:
        UnknownNameError: with the nearest name.
    """
    known = available_timezones()
    if given in known:
        return given
    by_lower = {name.lower(): name for name in known}
    if same := by_lower.get(given.lower()):
        return same
    raise UnknownNameError(tr("time zone"), given, sorted(known), listed=False)


def currency(given: str) -> str:
    """Return a currency's code of ISO 4217.

    Raises:
        UnknownNameError: with the nearest code.
    """
    code = given.upper()
    if code not in CODES:
        # A currency's first two letters are its country: what shares them is what is meant.
        alike = [known for known in CODES if known[:2] == code[:2]]
        raise UnknownNameError(tr("currency"), code, alike or CODES, listed=False)
    return code


def month(given: int) -> int:
    """Return the number of a month.

    Raises:
        BadInputError: if it is not one of 1 to 12.
    """
    if given not in range(1, 13):
        raise BadInputError(
            tr(
                "The fiscal year can't begin in month {month}. Use 1 for January to 12 for"
                " December.",
                month=given,
            )
        )
    return given


def weekday(given: str) -> int:
    """Return a day of the week as 0 for Monday to 6 for Sunday.

    Raises:
        UnknownNameError: with the nearest name.
    """
    if given.lower() not in WEEKDAYS:
        raise UnknownNameError(tr("weekday"), given, WEEKDAYS)
    return WEEKDAYS.index(given.lower())


def email(given: str) -> str:
    """Return an e-mail address as it was written.

    Raises:
        BadInputError: if it does not have the shape of one.
    """
    found = line(tr("The e-mail address"), given)
    if not _EMAIL.fullmatch(found):
        raise BadInputError(
            tr("'{text}' is not an e-mail address like ann@example.org.", text=found)
        )
    return found
