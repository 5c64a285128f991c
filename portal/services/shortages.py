"""Running out of room or of memory: no fault of the portal, so it is said and not only noted.

Every library says it in its own way: by the number of an error, by a class, or by its text alone.
"""

import errno
import os

import duckdb

from kpi_engine.language import mark, tr

_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_TEXTS = tuple(os.strerror(number) for number in _NUMBERS)
_DATABASE = {"53100": "room", "53200": "memory"}
"""The states by which PostgreSQL says that its disk is full, or its memory."""
_SENTENCES = {
    "room": mark(
        "There is no room left on a disk that the portal writes to, so this was not done."
        " Make room and try again."
    ),
    "memory": mark(
        "There is not enough memory for this, so it was not done. Give it more, or let it do less"
        " at a time, and try again."
    ),
}


def sentence(error: BaseException) -> str | None:
    """Say which shortage ended something; None where it was none."""
    found = _kind(error)
    return None if found is None else tr(_SENTENCES[found])


def _kind(error: BaseException) -> str | None:
    if isinstance(error, MemoryError | duckdb.OutOfMemoryException):
        return "memory"
    if isinstance(error, OSError) and error.errno in _NUMBERS:
        return "room"
    # The database's own errors come wrapped; those that name no state say it in their text.
    said = getattr(getattr(error, "orig", error), "sqlstate", None)
    if said is not None:
        return _DATABASE.get(str(said))
    return "room" if any(text in str(error) for text in _TEXTS) else None
