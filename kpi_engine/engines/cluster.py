"""A Spark cluster of this machine: a master and workers as processes of their own, on loopback.

It answers to the user who started it and to nobody else: it listens on loopback only, and asks
for a secret that lies beside it in a folder of that user's.
"""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from getpass import getuser
from pathlib import Path

from kpi_engine.engines.java import SparkUnavailableError, need_java, spark_home

HOST = "127.0.0.1"
PORT = 7077
"""Spark's usual port; another one is taken where it is not free."""
WORKERS = 2
WORKER_MEMORY = "2g"
_DAEMON_MEMORY = "256m"
_CARD = "cluster.json"
_PIDS = "pids"
_SETTINGS = "spark.conf"
_MARK = "org.apache.spark.deploy."
_PATIENCE = 60.0
_GRACE = 15.0
_LOOKS = 50


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster answers, and what it asks for."""

    address: str
    secret: str

    @property
    def answers(self) -> bool:
        """Whether something listens at its address."""
        return listens(self.address)


def listens(address: str) -> bool:
    """Say whether any of the masters of `spark://host:port[,host:port…]` takes a connection."""
    return any(_reached(place) for place in address.removeprefix("spark://").split(","))


def folder_of_mine() -> Path:
    """Return the folder of this user's cluster: one a machine, whatever the data folder."""
    return Path(tempfile.gettempdir()) / f"meridian-spark-{getuser()}"


def find(folder: Path | None = None) -> Cluster | None:
    """Return the cluster that was started from a folder, whether or not it still answers."""
    card = (folder or folder_of_mine()) / _CARD
    try:
        found = json.loads(card.read_text(encoding="utf-8")) if _is_mine(card) else {}
        return Cluster(str(found["address"]), str(found["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def start(folder: Path | None = None, workers: int = WORKERS) -> Cluster:
    """Start a master and workers, or return the cluster that runs already.

    Raises:
        SparkUnavailableError: if Spark or Java is missing, or the cluster does not come up.
    """
    place = folder or folder_of_mine()
    need_java()
    running = find(place)
    if running is not None and running.answers:
        return running
    stop(place)
    _make_private(place)
    cluster = Cluster(f"spark://{HOST}:{_free_port()}", secrets.token_hex(32))
    _write(place / _SETTINGS, _settings(cluster.secret))
    _write(place / _CARD, json.dumps(asdict(cluster)))
    try:
        _start_all(place, cluster, workers)
    except SparkUnavailableError:
        _end_all(place)
        raise
    return cluster


def stop(folder: Path | None = None) -> bool:
    """End the cluster that was started from a folder; say whether there was one."""
    place = folder or folder_of_mine()
    if not place.is_dir() or not _is_mine(place):
        return False
    found = _end_all(place)
    shutil.rmtree(place, ignore_errors=True)
    return found


def _start_all(place: Path, cluster: Cluster, workers: int) -> None:
    port = cluster.address.rpartition(":")[2]
    _launch(place, "master", "master.Master", "--port", port)
    _wait(lambda: cluster.answers, place, "master")
    for number in range(1, workers + 1):
        name = f"worker-{number}"
        room = ["--cores", "1", "--memory", WORKER_MEMORY, "--work-dir", str(place / name)]
        _launch(place, name, "worker.Worker", "--port", "0", *room, cluster.address)
    for number in range(1, workers + 1):
        name = f"worker-{number}"
        _wait(partial(_joined, _log(place, name)), place, name)


def _settings(secret: str) -> str:
    told = {
        "spark.authenticate": "true",
        "spark.authenticate.secret": secret,
        "spark.master.rest.enabled": "false",
        "spark.ui.killEnabled": "false",
        "spark.worker.cleanup.enabled": "true",
    }
    return "".join(f"{name} {value}\n" for name, value in told.items())


def _launch(place: Path, name: str, kind: str, *arguments: str) -> None:
    """Start a daemon of Spark in a session of its own: it outlives the terminal."""
    home = spark_home()
    command = [str(home / "bin" / "spark-class"), f"{_MARK}{kind}", "--host", HOST]
    command += ["--webui-port", "0", "--properties-file", str(place / _SETTINGS), *arguments]
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_LOCAL_DIRS": str(place / "scratch"),
        "SPARK_DAEMON_MEMORY": _DAEMON_MEMORY,
        "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC",
    }
    with _log(place, name).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - Spark's own script, with arguments of ours
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    with (place / _PIDS).open("a", encoding="utf-8") as pids:
        pids.write(f"{process.pid}\n")
    # It is ended by its number, in another process as a rule: nobody waits for this object.
    process.returncode = 0


def _wait(ready: Callable[[], bool], place: Path, name: str) -> None:
    until = time.monotonic() + _PATIENCE
    while not ready():
        if time.monotonic() > until or not _alive(_pids(place)[-1]):
            last = _log(place, name).read_text(encoding="utf-8", errors="replace").splitlines()
            raise SparkUnavailableError(
                f"Spark's {name} did not come up. It last said:"
                f" {last[-1] if last else 'nothing'} Put that right and start it again."
            )
        time.sleep(0.1)


def _joined(log: Path) -> bool:
    return b"Successfully registered with master" in log.read_bytes()


def _end_all(place: Path) -> bool:
    """End the processes that were started from a folder, workers before their master."""
    pids = [pid for pid in reversed(_pids(place)) if _alive(pid)]
    for how in (signal.SIGTERM, signal.SIGKILL):
        for pid in filter(_alive, pids):
            os.kill(pid, how)
        until = time.monotonic() + _GRACE
        while any(map(_alive, pids)) and time.monotonic() < until:
            time.sleep(0.1)
    return bool(pids)


def _pids(place: Path) -> list[int]:
    try:
        return [int(line) for line in (place / _PIDS).read_text(encoding="utf-8").split()]
    except OSError:
        return []


def _alive(pid: int) -> bool:
    """Say whether a process is there and is one of Spark's: numbers are given out again."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    told = _command(pid)
    return _MARK in told or "spark-class" in told


def _command(pid: int) -> str:
    """Return the command line of a process; nothing of one that has ended."""
    if Path("/proc/self/cmdline").exists():
        return _told_by_proc(Path(f"/proc/{pid}"))
    told = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(told, check=False, capture_output=True, text=True).stdout  # noqa: S603 - a number of ours


def _told_by_proc(process: Path) -> str:
    """Return a command line; one that is being replaced reads as nothing for a moment."""
    for _ in range(_LOOKS):
        try:
            told = (process / "cmdline").read_bytes().decode(errors="replace")
            if told or ") Z " in (process / "stat").read_text(encoding="utf-8", errors="replace"):
                return told
        except OSError:
            return ""
        time.sleep(0.02)
    return ""


def _log(place: Path, name: str) -> Path:
    return place / f"{name}.log"


def _make_private(place: Path) -> None:
    """Make a folder that nobody else can look into, or refuse one that is not ours."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_mine(place):
        raise SparkUnavailableError(
            f"The folder {place} belongs to somebody else, so no cluster is started there."
            " Name another one with --folder."
        )
    place.chmod(0o700)


def _is_mine(path: Path) -> bool:
    return not path.is_symlink() and path.stat().st_uid == os.getuid()


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        for port in (PORT, 0):
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SparkUnavailableError(f"There is no free port on {HOST}.")


def _reached(place: str) -> bool:
    host, _, port = place.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=3):
            return True
    except (OSError, ValueError):
        return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Start or stop the cluster of this machine; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m kpi_engine.engines.cluster")
    parser.description = "Start or stop a Spark cluster of this machine, on loopback only."
    parser.add_argument("what", choices=("start", "stop"))
    parser.add_argument("--folder", type=Path, help="Where it keeps its logs and its secret.")
    told = parser.parse_args(arguments)
    try:
        if told.what == "stop":
            found = stop(told.folder)
            sys.stdout.write("Spark has stopped.\n" if found else "Spark was not running.\n")
        else:
            cluster = start(told.folder)
            sys.stdout.write(f"Spark runs at {cluster.address} with {WORKERS} workers.\n")
    except SparkUnavailableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
