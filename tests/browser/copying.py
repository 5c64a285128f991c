"""A made data folder copied, whoever its files belong to."""

import os
import shutil
from pathlib import Path


def copied(home: Path, to: Path) -> Path:
    """Copy a data folder whose database is stopped; return where the copy is."""
    shutil.copytree(home, to, copy_function=_copied, symlinks=True, ignore=_sockets)
    for folder, _, files in os.walk(home):
        for name in [".", *files]:
            _owned(Path(folder, name), to / Path(folder).relative_to(home) / name)
    return to


def _copied(source: str, target: str) -> str:
    return str(shutil.copy2(source, target))


def _sockets(folder: str, names: list[str]) -> list[str]:
    """What is no file can't be copied."""
    return [name for name in names if Path(folder, name).is_socket()]


def _owned(source: Path, target: Path) -> None:
    """PostgreSQL's folder belongs to a user of its own where root runs the portal."""
    if os.geteuid() == 0 and target.exists():
        told = source.stat()
        os.chown(target, told.st_uid, told.st_gid)
