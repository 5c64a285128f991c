"""The data folder: whoever makes it first, only its owner may look into it."""

from pathlib import Path

from portal.errors import ServerFailedError

_CLOSED = 0o700


def make_home(home: Path) -> None:
    """Make the data folder where it is missing, closed to other accounts; an empty one is closed.

    One that holds something already keeps the rights that somebody gave it.

    Raises:
        ServerFailedError: if it can't be made.
    """
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        try:
            home.mkdir(mode=_CLOSED)
        except FileExistsError:
            if next(home.iterdir(), None) is None:
                home.chmod(_CLOSED)
    except OSError as error:
        raise ServerFailedError(
            f"The data folder {home} can't be written: {error.strerror}. "
            "Set PORTAL_HOME to a folder that you may write."
        ) from error
