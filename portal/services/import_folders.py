"""The folders of imports under PORTAL_HOME: scratch while one runs, its rejected rows after it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

_KEPT = 50
"""So many imports keep their rejected rows at hand."""


@contextmanager
def scratch(home: Path, tenant: str) -> Iterator[Path]:
    """Give a folder that goes when the block ends; those of dead processes go now."""
    folder = home / "imports" / tenant
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("work-*"):
        if not _lives(left.name):
            shutil.rmtree(left, ignore_errors=True)
    mine = folder / f"work-{os.getpid()}-{uuid4().hex[:8]}"
    mine.mkdir()
    try:
        yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)


def keep_rejected(home: Path, tenant: str, seq: int, rejected: Path) -> Path:
    """Move the rejected rows of a load to where they stay; those of old loads go."""
    folder = home / "imports" / tenant
    kept = folder / str(seq)
    kept.mkdir(exist_ok=True)
    target = kept / "rejected.csv"
    rejected.replace(target)
    numbered = sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit())
    for old in numbered[:-_KEPT]:
        shutil.rmtree(folder / str(old), ignore_errors=True)
    return target


def _lives(name: str) -> bool:
    """Return whether the process that made a scratch folder still runs."""
    number = name.split("-")[1]
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
