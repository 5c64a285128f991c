"""The embedded server: one for all processes of a host, started when needed, left running.

The next command finds it in milliseconds. A file lock lets one process at a time start or stop it;
a server that was killed, and a machine that went down, are recovered from at the next start.
"""

import fcntl
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from portal.errors import ServerFailedError
from portal.tenancy.homes import make_home

_PATIENCE = 60.0
"""Seconds that a start or stop may take; recovery after a crash reads the log of changes."""
_NO_PROCESS = 99_999_999
"""A process number above every kernel's limit."""
_PULSE = 0.005
_HERE = "/proc/self/cwd"
"""What the server calls its data folder; a reader has to call it by its own name."""
_IN_THE_WAY = re.compile("lock file|shared memory")
"""What the server says while the helpers of one that was killed are still about to end."""

_DETACHED = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!'
"""Starts the server as nobody's child: it outlives the command and holds none of its files."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the running server listens, and its process."""

    pid: int
    socket_folder: str
    port: int

    @property
    def socket_file(self) -> str:
        """The path of the Unix socket."""
        return f"{self.socket_folder}/.s.PGSQL.{self.port}"


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """PostgreSQL in a folder of the host, reached by its owner through a Unix socket only."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings beside ours, as `postgresql.conf` writes them."""

    @classmethod
    def of(cls, home: Path) -> Self:
        """Return the server of a data folder."""
        return cls(home / "postgres")

    def address(self) -> Address | None:
        """Return where the server says that it listens; whether it still does, only a try tells."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
            folder = str(self.folder) if lines[4] == _HERE else lines[4]
            found = Address(int(lines[0]), folder, int(lines[3]))
            return found if lines[7].strip() == "ready" else None
        except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
            return None

    def running(self) -> Address | None:
        """Return where the server listens, or None if it does not answer."""
        found = self.address()
        return found if found and _answers(found) else None

    def ensure_running(self) -> Address:
        """Return where the server listens, having made and started it where needed.

        Raises:
            ServerFailedError: if it cannot be made or does not come up.
        """
        with self.lock():
            return self.running() or self._start()

    def stop(self) -> bool:
        """Stop the server, ending its sessions; False if none was running.

        Raises:
            ServerFailedError: if it does not end.
        """
        if not self.folder.exists():
            return False
        with self.lock():
            pid = self._recorded()
            if pid is None or not _lives(pid, "postgres"):
                return False
            os.kill(pid, signal.SIGINT)
            self._await_end(pid)
            return True

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder's file lock; it falls open when the process dies."""
        make_home(self.folder.parent)
        try:
            held = self.folder.with_name(f"{self.folder.name}.lock").open("w")
        except OSError as error:
            raise ServerFailedError(
                f"The data folder {self.folder.parent} can't be written: {error.strerror}. "
                "Set PORTAL_HOME to a folder that you may write."
            ) from error
        with held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    def _recorded(self) -> int | None:
        """The process number in the server's record, or None."""
        try:
            return int((self.folder / "postmaster.pid").read_text().partition("\n")[0])
        except (FileNotFoundError, ValueError):
            return None

    def _start(self) -> Address:
        """Start the server, again where the remains of a killed one are still in the way."""
        # Making and starting is rare: what it needs is not loaded by a command that only connects.
        from portal.tenancy import accounts, cluster  # noqa: PLC0415

        account = accounts.server_account(self.folder)
        cluster.let_in(self.folder, account)
        if not (self.folder / "PG_VERSION").exists():
            cluster.make(self.folder, account)
        cluster.check_version(self.folder)
        cluster.configure(self.folder, account, self.settings)
        program = (str(cluster.program("postgres")), "-D", cluster.path_of(self.folder))
        deadline, reason = time.monotonic() + _PATIENCE, "it takes too long."
        while time.monotonic() < deadline:
            if found := self.running():
                return found
            self._set_aside_stale_record()
            logged = self._log_size()
            pid = self._launch(program, account.as_user, cluster.environment())
            if found := self._await_ready(pid, deadline):
                return found
            reason = self._last_words(logged)
            if not _IN_THE_WAY.search(reason):
                break
            time.sleep(20 * _PULSE)
        raise ServerFailedError(f"The embedded database does not start: {reason} See {self._log}.")

    def _launch(
        self, program: tuple[str, ...], as_user: Mapping[str, object], environment: dict[str, str]
    ) -> int:
        """Start `program` detached and return its process number."""
        started = subprocess.run(  # type: ignore[call-overload]  # noqa: S603 - as_user is typed loosely, the command is ours
            ("/bin/sh", "-c", _DETACHED, "portal", self._log.name, *program),
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=environment,
            start_new_session=True,
            **as_user,
        )
        return int(started.stdout)

    def _await_ready(self, pid: int, deadline: float) -> Address | None:
        """Return where server `pid` listens once it does, or None if it ended."""
        while time.monotonic() < deadline and _lives(pid):
            found = self.address()
            if found and found.pid == pid:
                return found
            time.sleep(_PULSE)
        return None

    def _await_end(self, pid: int) -> None:
        deadline = time.monotonic() + _PATIENCE
        while _lives(pid):
            if time.monotonic() > deadline:
                raise ServerFailedError(f"The embedded database (process {pid}) does not stop.")
            time.sleep(_PULSE)

    def _set_aside_stale_record(self) -> None:
        """Free the folder from a dead server whose number another process has got since.

        The server refuses to start while a process of the recorded number lives, also one that has
        nothing to do with it. The record's other lines stay: by them it still finds out whether
        helpers of the dead server are at work in the folder.
        """
        pid = self._recorded()
        if pid is None or _lives(pid, "postgres"):
            return
        if found := self.address():
            Path(f"{found.socket_file}.lock").unlink(missing_ok=True)
        record = self.folder / "postmaster.pid"
        _, _, rest = record.read_text().partition("\n")
        record.write_text(f"{_NO_PROCESS}\n{rest}")

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"

    def _log_size(self) -> int:
        return self._log.stat().st_size if self._log.exists() else 0

    def _last_words(self, since: int) -> str:
        """Why the server ended, by what it has logged since its log had `since` bytes."""
        with self._log.open("rb") as log:
            log.seek(since)
            text = log.read().decode(errors="replace")
        found = re.search(r"(?:FATAL|PANIC): +(.*)", text)
        return f"{found[1]}." if found else (text.strip() or "it gave no reason.")


def _answers(address: Address) -> bool:
    with socket.socket(socket.AF_UNIX) as trial:
        try:
            trial.connect(address.socket_file)
        except OSError:
            return False
        return True


def _lives(pid: int, name: str | None = None) -> bool:
    """Say whether a process of that number, and `name` if given, runs: a zombie does not."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    try:
        about = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        # No /proc on this system: a living process of that number is taken for the one meant.
        return not Path("/proc/self").exists()
    found, _, rest = about.partition("(")[2].rpartition(")")
    return name in {None, found} and not rest.startswith(" Z")
