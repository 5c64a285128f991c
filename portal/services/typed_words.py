"""Words that people type into the framework: names, questions, reasons, days, per cents."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from kpi_engine.language import mark, spoken, tr
from portal.errors import BadInputError
from portal.readmodels.formats import Formats
from portal.services import moments

LONGEST = 1000
OVERTAKEN = mark(
    "Somebody else is changing this at the moment. Reload the page and look at theirs."
)
"""Said where two people write the same thing at once: the later one loses nothing unseen."""
THINGS = (
    *(mark("action"), mark("cycle"), mark("goal"), mark("help"), mark("owner"), mark("person")),
    *(mark("review"), mark("share")),
)
"""What an address may name, as `one_id` says it."""
_CONTROL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class NotThereError(BadInputError):
    """An address names what there is not, or what is another tenant's: both are told alike."""


class RefusedFieldError(BadInputError):
    """What was typed into one field cannot be used; `field` is the name of it in the form."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@contextmanager
def beside(field: str) -> Iterator[None]:
    """Say of which field it is what is refused within, so that the form says it beside it.

    Raises:
        RefusedFieldError: instead of any other refusal; what is not there stays so.
    """
    try:
        yield
    except (NotThereError, RefusedFieldError):
        raise
    except BadInputError as error:
        raise RefusedFieldError(field, str(error)) from error


def text(what: str, given: str) -> str:
    """Return some words as one line.

    Raises:
        BadInputError: if there are none, or too many.
    """
    plain = "".join(" " if unicodedata.category(one) in _CONTROL else one for one in given)
    found = " ".join(plain.split())
    if not found:
        raise BadInputError(tr("{what} is empty.", what=what))
    if len(found) > LONGEST:
        most = Formats(spoken()).number(LONGEST)
        raise BadInputError(tr("{what} is longer than {most} characters.", what=what, most=most))
    return found


def day(what: str, given: str) -> date:
    """Return a day that somebody typed.

    Raises:
        BadInputError: if it is none.
    """
    try:
        found = date.fromisoformat(given.strip())
        moments.in_range(found)
    except ValueError:
        raise BadInputError(tr("{what} is no day. Write it as 2026-07-31.", what=what)) from None
    return found


def perhaps_day(what: str, given: str) -> date | None:
    """Return a day, or None where nothing was typed.

    Raises:
        BadInputError: if it is no day.
    """
    return day(what, given) if given.strip() else None


def percent(what: str, given: str) -> Decimal:
    """Return a share in per cent, with at most two places.

    Raises:
        BadInputError: if it is none between 0 and 100.
    """
    wanted = given.strip().removesuffix("%").strip().replace(",", ".")
    try:
        found = Decimal(wanted)
    except InvalidOperation:
        raise BadInputError(tr("{what} is no number.", what=what)) from None
    if not found.is_finite() or not 0 < found < 100:  # noqa: PLR2004 - of a whole
        raise BadInputError(tr("{what} is more than 0 and less than 100 %.", what=what))
    if found != round(found, 2):
        raise BadInputError(tr("{what} has at most two places.", what=what))
    return round(found, 2)


def person_id(given: str) -> UUID:
    """Return a person's id that a form sent.

    Raises:
        BadInputError: if nobody was chosen.
    """
    return an_id(given, BadInputError(tr("Choose a person.")))


def one_id(what: str, given: str) -> UUID:
    """Return an id that a form sent.

    Raises:
        NotThereError: if it is none.
    """
    gone = tr("There is no such {what}. Reload the page.", what=tr(what))
    return an_id(given, NotThereError(gone))


def an_id(given: str, otherwise: Exception) -> UUID:
    """Return an id that an address or a form holds.

    Raises:
        Exception: `otherwise`, if it is none.
    """
    try:
        return UUID(given)
    except ValueError:
        raise otherwise from None
