"""The account of the operating system that the embedded server runs as.

PostgreSQL refuses to run as root. Started by root, the server gets an account of its own; started
by anybody else, it is theirs.
"""

import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.errors import ServerFailedError

_OWN, _SPARE = "pgserver", "nobody"
_SEARCH, _READ = stat.S_IXOTH, stat.S_IROTH


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server runs as, and whether that is somebody else than the caller."""

    name: str
    uid: int
    gid: int
    other: bool

    @property
    def as_user(self) -> dict[str, Any]:
        """What `subprocess` needs to run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": ()} if self.other else {}


def caller() -> str:
    """Return the account name of this process.

    Raises:
        ServerFailedError: if its user id has no name; the server knows its clients by name.
    """
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise ServerFailedError(
            f"User id {os.geteuid()} has no account name on this machine, and the embedded "
            "database needs one. Add the account, or set PORTAL_DATABASE_URL."
        ) from None


def server_account(folder: Path) -> Account:
    """Return the account for the server of `folder`: the folder's owner if there is one."""
    if os.geteuid() != 0:
        found = pwd.getpwnam(caller())
        return Account(found.pw_name, found.pw_uid, found.pw_gid, other=False)
    found = _owner(folder) or _account(_OWN) or _made() or pwd.getpwnam(_SPARE)
    return Account(found.pw_name, found.pw_uid, found.pw_gid, other=True)


def _owner(folder: Path) -> pwd.struct_passwd | None:
    if not folder.exists() or (uid := folder.stat().st_uid) == 0:
        return None
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    """Make the server's account; None where accounts cannot be made."""
    command = ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _OWN)
    try:
        subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603 - a constant command
    except FileNotFoundError:
        return None
    return _account(_OWN)


def let_pass(path: Path) -> None:
    """Let every account pass through the folders above `path`, without listing them.

    Root's folders are often closed (0700), and the server's account has to get to its own.
    """
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & _SEARCH:
            folder.chmod(stat.S_IMODE(mode) | _SEARCH)


def let_read(program: Path, folders: tuple[Path, ...]) -> None:
    """Let every account read `folders` where `program`, one of their files, shows that none may."""
    let_pass(program)
    if program.stat().st_mode & _READ:
        return
    for path in (inner for folder in folders for inner in (folder, *folder.rglob("*"))):
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | _READ | (_SEARCH if mode & stat.S_IXUSR else 0))
