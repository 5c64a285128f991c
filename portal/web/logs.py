"""What is written to the log of a request: ids, a route and a time. No name and no value."""

import logging
import sys
from time import perf_counter

import structlog
from flask import Flask, Response, g, request

from portal.web.asking import WebAsking, request_id
from portal.web.log_sink import LineSink

_log = structlog.get_logger("portal.web")


def configure_logs() -> None:
    """Write one JSON object a line to standard error, for every library of this process."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        # An error's text and trace may hold data: libraries log theirs, and here they end.
        processors=[
            _without_trace,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=shared,
    )
    handler = LineSink(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.WARNING
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("portal").setLevel(logging.INFO)


UNASKED = "portal.unasked"
"""Marks a request in its environment that the portal asks of itself: it is no line of the log."""


def log_requests(server: Flask, asking: WebAsking) -> None:
    """Write a line for each request of `server`."""

    @server.before_request
    def start() -> None:
        g.started = perf_counter()

    @server.after_request
    def end(response: Response) -> Response:
        if UNASKED in request.environ:
            return response
        actor = asking.known_actor()
        _log.info(
            "request",
            request_id=request_id(),
            method=request.method,
            route=request.endpoint or "",
            status=response.status_code,
            milliseconds=round(1_000 * (perf_counter() - g.get("started", perf_counter())), 1),
            tenant=actor.tenant if actor else None,
            person=str(actor.person) if actor else None,
            viewed_by=str(actor.viewed_by) if actor and actor.viewed_by else None,
        )
        return response


def _without_trace(
    _: object, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    for name in ("exc_info", "exception", "stack_info"):
        event.pop(name, None)
    return event
