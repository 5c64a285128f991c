"""The portal under gunicorn: made once, forked into workers, warm before it listens."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from werkzeug.serving import make_server

from portal.app import Joined, join
from portal.cli.doors import declare_commands
from portal.cli.patience import PatientWorker
from portal.cli.server_log import ServerLog
from portal.config import Config
from portal.errors import UndeclaredError
from portal.jobs import refreshes
from portal.tenancy.database import Database, open_database
from portal.web.logs import UNASKED, configure_logs
from portal.web.metrics import forget_process, open_metrics

_REFUSED = 1
_GRACE, _PATIENCE = 20, 120


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, and with how many."""

    host: str
    port: int
    workers: int
    threads: int
    metrics: int = 0
    """The port for figures; 0 for none."""


def _say(url: str) -> None:
    # Nobody may be there to read it; it is served all the same.
    with suppress(OSError):
        click.echo(f"The portal answers at {url}", err=True)


def serve(
    config: Config,
    clock: Callable[[], datetime],
    listening: Listening,
    answers: Callable[[str], None] = _say,
) -> int:
    """Serve until told to stop; 1 where a door of the portal is not listed.

    `answers` is told the address as soon as somebody may ask there.
    """
    database = open_database(config)
    configure_logs()
    try:
        joined = join(config, clock, database)
        declare_commands(joined.edge.registry)
        if listening.metrics:
            folder = config.home / "cache" / "metrics"
            open_metrics(joined.server, folder, listening.metrics)
        warm(joined)
        catch_up(config, database)
    except UndeclaredError as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        return _REFUSED
    finally:
        # What was opened here belongs to no worker.
        database.close()
    if listening.workers == 0:
        made = make_server(listening.host, listening.port, joined.server, threaded=True)
        answers(f"http://{listening.host}:{made.port}")
        made.serve_forever()
    else:
        _Gunicorn(joined, listening, answers).run()
    return 0


def catch_up(config: Config, database: Database) -> subprocess.Popen[bytes] | None:
    """Have the numbers made of what was loaded while nothing ran; None where there is no such load.

    That is done in a process of its own, while pages are served. A scheduler does it too, and each
    load is worked on once; who only serves would wait for ever.
    """
    if not refreshes.any_due(database):
        return None
    # It writes what it did into the database, and what went wrong into a file of the data folder.
    return subprocess.Popen(
        [sys.executable, "-m", "portal.cli", "refresh"],
        env={**os.environ, "PORTAL_HOME": str(config.home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def warm(joined: Joined) -> None:
    """Let Dash set itself up, and pack what every page loads, before anybody asks.

    Dash does it at its first request; requests for scripts that come meanwhile fail. The workers
    are forked from this process and have it all.
    """
    base = joined.edge.config.url
    with joined.server.test_client() as client:
        for address in ("/login", *joined.dash.addresses()):
            client.get(address, base_url=base, environ_overrides={UNASKED: True})
    _ = joined.dash.content_security


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
    """gunicorn, set by us alone: it reads no file and no command line."""

    def __init__(
        self, joined: Joined, listening: Listening, answers: Callable[[str], None]
    ) -> None:
        self._answers = answers
        self._joined = joined
        self._listening = listening
        super().__init__()

    def load_config(self) -> None:
        """Say how to listen and to answer."""
        said = self._listening
        for name, value in {
            "bind": f"[{said.host}]:{said.port}"
            if ":" in said.host
            else f"{said.host}:{said.port}",
            "workers": said.workers,
            # A process that answers one request at a time is held up by sixty slow ones, and one
            # with threads by as many as it has, if they read what is slow to come.
            "worker_class": PatientWorker,
            "threads": said.threads,
            "timeout": _PATIENCE,
            "graceful_timeout": _GRACE,
            "keepalive": 5,
            "loglevel": "warning",
            "logger_class": ServerLog,
            # It would be a second door, in somebody's home folder.
            "control_socket_disable": True,
            "when_ready": self._bound,
            "post_fork": self._forked,
            "child_exit": self._ended,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - a WSGI application
        """Return what answers."""
        return self._joined.server

    def _bound(self, server: object) -> None:
        del server
        self._answers(f"http://{self._listening.host}:{self._listening.port}")

    def _forked(self, server: object, worker: object) -> None:
        del server, worker
        self._joined.edge.database.after_fork()

    def _ended(self, server: object, worker: Any) -> None:  # noqa: ANN401 - gunicorn is not typed
        del server
        if self._listening.metrics:
            forget_process(worker.pid)
