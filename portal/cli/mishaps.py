"""What is said when the portal itself fails: one sentence, and where the details are."""

import os
import platform
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from portal.errors import PortalError
from portal.tenancy.homes import make_home

_OWNER_ONLY = 0o600
_FOLDER = 0o700


def record(error: BaseException, arguments: Sequence[str], home: Path | None, now: datetime) -> str:
    """Write down what happened, and return the sentence for who ran the command.

    Args:
        error: What went wrong.
        arguments: The command's own words.
        home: The data folder; the notes lie below it. None where the settings cannot be read.
        now: When.
    """
    written = _write(_notes(error, arguments, now), home, now)
    where = f"The details are in {written}; hand them" if written else "Tell it, and what you did,"
    return (
        "Something went wrong that is not your fault, and the command ended."
        f" {where} to whoever looks after the portal."
    )


def _notes(error: BaseException, arguments: Sequence[str], now: datetime) -> str:
    told = "".join(traceback.format_exception(error))
    words = " ".join(repr(word) for word in arguments)
    return f"{now.isoformat()}\nPython {platform.python_version()}\nportal {words}\n\n{told}"


def _write(notes: str, home: Path | None, now: datetime) -> Path | None:
    """Write where only the owner reads: below the data folder, or else among temporary files."""
    folders = [Path(tempfile.gettempdir())]
    if home is not None:
        with suppress(PortalError):
            make_home(home)
        folders.insert(0, home / "logs")
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
            file = folder / f"portal-{now:%Y%m%dT%H%M%S%f}-{os.getpid()}.log"
            # Made with its rights, never opened if somebody has put another one there.
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as out:
                out.write(notes)
            return file
    return None
