"""What gunicorn says, as lines of the portal's log: without what a client sent."""

import logging
from typing import Any

from gunicorn.glogging import Logger

from portal.services.faults import place

_REPEATS = ("Invalid request", "Error handling request")
"""Sentences that go on with the address, or the bytes, that somebody sent."""


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn is not typed
    """gunicorn's log, handed to the handler of the whole process."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - settings of gunicorn
        """Set up as gunicorn does, and take its own handlers away."""
        super().setup(cfg)
        self.error_log.handlers, self.error_log.propagate = [], True
        if _said not in self.error_log.filters:
            self.error_log.addFilter(_said)


def _said(record: logging.LogRecord) -> bool:
    for start in _REPEATS:
        if str(record.msg).startswith(start):
            record.msg, record.args = start, ()
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg = f"{record.msg}: {type(error).__name__} at {place(error)}"
        record.exc_info = None
    return True
