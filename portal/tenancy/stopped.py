"""What the database stopped of its own accord: it answers, but this transaction it ended."""

from enum import Enum

from sqlalchemy.exc import DBAPIError


class Stopped(Enum):
    """Why a transaction was ended; nothing of it stays."""

    OVERTAKEN = "overtaken"
    """Somebody else held what it needed: a deadlock, or too long a wait."""
    ALTERED = "altered"
    """The tables are not those that this release works with: they were brought to another."""
    TOO_LONG = "too long"
    """A statement ran for longer than one may."""


_STATES = {
    "40001": Stopped.OVERTAKEN,
    "40P01": Stopped.OVERTAKEN,
    "42703": Stopped.ALTERED,
    "42883": Stopped.ALTERED,
    "42P01": Stopped.ALTERED,
    "55P03": Stopped.OVERTAKEN,
    "57014": Stopped.TOO_LONG,
}
"""By the states that PostgreSQL gives its errors."""


def stopped(error: BaseException) -> Stopped | None:
    """Say why the database ended a transaction; None where it did not, or could not be reached."""
    said = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return _STATES.get(str(said))
