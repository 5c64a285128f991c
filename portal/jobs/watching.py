"""Loading what lies in a tenant's watched folder, once for each state of its files.

`watched/<tenant>/*.yaml` are source files as `portal import` takes them. The slot is made of the
names, sizes and times of the files, so that the same files are loaded once and changed ones again.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.errors import BadInputError
from portal.jobs.room import Room
from portal.tenancy.keys import TenantKey

SETTLED = timedelta(seconds=20)
"""A folder in which something was written just now is left until it rests."""
_MOST_FILES = 10_000


def due(room: Room, tenant: TenantKey, now: datetime) -> tuple[str, ...]:
    """Return a slot for each source file of the tenant: its name and the state of the folder."""
    folder = room.watched / tenant
    if not folder.is_dir():
        return ()
    files = list(_files(folder))
    if not files or now - max(_changed(file) for file in files) < SETTLED:
        return ()
    state = _state(folder, files)
    sources = sorted(file for file in files if file.suffix in {".yaml", ".yml"})
    return tuple(f"{file.relative_to(folder)} {state}" for file in sources if file.parent == folder)


def work(room: Room, tenant: TenantKey, slot: str) -> str:
    """Bring one source file in, and say what that did."""
    # Only here: the web process holds this list of jobs and never reads a file itself.
    from portal.services.imports import Order, run_import  # noqa: PLC0415

    name, _, _ = slot.rpartition(" ")
    report = run_import(room.office, tenant, Order(room.watched / tenant / name))
    if report.version is None:
        return f"{name}: {report.outcome.value}."
    told = f"{name}: {report.outcome.value}, version {report.version}"
    return (
        f"{told}, {report.rejected_rows:,} rows rejected." if report.rejected_rows else f"{told}."
    )


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder; a link out of it is not followed."""
    for number, file in enumerate(sorted(folder.rglob("*"))):
        if number > _MOST_FILES:
            raise BadInputError(f"{folder} holds more than {_MOST_FILES:,} files.")
        if file.is_file() and not file.is_symlink() and not file.name.startswith("."):
            yield file


def _changed(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _state(folder: Path, files: list[Path]) -> str:
    told = hashlib.sha256()
    for file in files:
        stat = file.stat()
        told.update(f"{file.relative_to(folder)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return told.hexdigest()[:16]
