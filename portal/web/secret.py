"""What cookies are signed with: given by a setting, or in demo mode made and kept here."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from portal.config import Config, Mode
from portal.errors import SettingsError

_FILE = "secret_key"


def secret_key(config: Config) -> str:
    """Return the secret of this portal, the same for all its processes.

    Raises:
        SettingsError: if none is set, but in demo mode.
    """
    if config.secret_key is not None:
        return config.secret_key
    if config.mode is not Mode.DEMO:
        reason = (
            "Set PORTAL_SECRET_KEY to at least 32 random characters, as `openssl rand -hex 32` "
            "prints them. Only PORTAL_MODE=demo makes one by itself."
        )
        raise SettingsError([reason])
    return _own(config.home / _FILE)


def _own(file: Path) -> str:
    """The secret in a file that only its owner reads, made at the first start."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Of two processes that start at once one makes it, whole, and both read it.
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(secrets.token_hex(32))
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
    return file.read_text("utf-8")
