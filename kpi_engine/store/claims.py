"""Files that say "this process is at work here" for as long as the process lives.

A claim is a file under an advisory lock of the operating system; the lock goes with its process,
however that ends. Needs a local file system, as `flock` does.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MAKING = ".making"
"""The gate between making a claim and looking who holds one: no claim is seen half made."""


@contextmanager
def claim(folder: Path, text: str = "") -> Iterator[str]:
    """Hold a claim in `folder` and give its name; `text` is for those who list it."""
    name = uuid.uuid4().hex
    file = folder / name
    with gate(folder / _MAKING, alone=True):
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        os.write(handle, text.encode())
    try:
        yield name
    finally:
        file.unlink(missing_ok=True)
        os.close(handle)


def live_and_dead(folder: Path) -> tuple[dict[str, str], list[str]]:
    """Return the claims in `folder` that are held with their texts, and the names of the others.

    Whoever clears up after a dead claim removes its file last, so that nothing is forgotten.
    """
    live: dict[str, str] = {}
    dead: list[str] = []
    with gate(folder / _MAKING, alone=True):
        for file in sorted(folder.iterdir()):
            if file.name.startswith("."):
                continue
            text = _text_if_held(file)
            if text is None:
                dead.append(file.name)
            else:
                live[file.name] = text
    return live, dead


@contextmanager
def gate(file: Path, *, alone: bool) -> Iterator[None]:
    """Wait to pass a gate: alone, or together with all who do not need to be alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def _text_if_held(file: Path) -> str | None:
    """Return the claim's text if a process holds it, else None."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(handle, os.fstat(handle).st_size, 0).decode()
    else:
        return None
    finally:
        os.close(handle)
