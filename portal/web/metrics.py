"""Figures of the process for a monitoring system, at a port of their own on loopback.

They are off unless asked for. Several processes write them into files, which one reads together;
the library decides for that when it is loaded, so it is loaded here and not before.
"""

import os
import shutil
from pathlib import Path
from time import perf_counter

from flask import Flask, Response, g, request

_LOOPBACK = "127.0.0.1"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def open_metrics(server: Flask, folder: Path, port: int) -> None:
    """Count the requests of `server` in all its processes, and answer for them at `port`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    from prometheus_client import CollectorRegistry, start_http_server  # noqa: PLC0415 - see above
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    count_requests(server)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's own
    start_http_server(port, _LOOPBACK, registry)


def count_requests(server: Flask) -> None:
    """Count each request by its route and outcome; a label never holds what a person sent."""
    from prometheus_client import Counter, Histogram  # noqa: PLC0415 - see above

    requests = Counter(
        "portal_requests", "Requests answered.", ["route", "method", "status"], registry=None
    )
    seconds = Histogram(
        "portal_request_seconds", "Time to an answer.", ["route"], buckets=_SECONDS, registry=None
    )
    refused = Counter(
        "portal_refused", "Requests refused: 401, 403, 429 and the like.", ["status"], registry=None
    )

    @server.after_request
    def count(response: Response) -> Response:
        route, status = request.endpoint or "none", response.status_code
        known = request.method if request.method in {"GET", "POST", "HEAD"} else "other"
        requests.labels(route, known, str(status)).inc()
        seconds.labels(route).observe(perf_counter() - g.get("started", perf_counter()))
        if status in {400, 401, 403, 413, 415, 429}:
            refused.labels(str(status)).inc()
        return response


def forget_process(pid: int) -> None:
    """Leave out of present figures what a process that has ended said last."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - see above

    mark_process_dead(pid)  # type: ignore[no-untyped-call]  # the library's own
