"""A backup's file: a tar whose last entries say what is in it, with the checksum of each part.

`tar xf FILE && sha256sum -c SHA256SUMS` proves one without the portal. The file has its name only
once it is whole; what was written of one that failed is removed.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from portal.errors import BadInputError

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
FORMAT = 1
_CHUNK = 1 << 20
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    made_at: datetime
    release: str
    version: str
    """The version of the tables."""
    tenants: Mapping[str, int]
    """Every tenant's store version that the facts are of."""
    files: Mapping[str, str]
    """The checksum of every part by its name."""

    def to_json(self) -> str:
        """Return it as JSON text."""
        said = {"format": FORMAT, "made_at": self.made_at.isoformat(), "release": self.release}
        said |= {"version": self.version}
        return json.dumps({**said, "tenants": dict(self.tenants), "files": dict(self.files)})


@dataclass(slots=True)
class ArchiveWriter:
    """Takes the parts of a backup, one after the other."""

    tar: tarfile.TarFile
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, source: Path) -> None:
        """Add a file under a name, and note its checksum as it was written."""
        with source.open("rb") as file:
            self._write(name, file, os.fstat(file.fileno()).st_size)

    def finish(self, manifest: Manifest) -> None:
        """Say at the end what is in it."""
        self._text(MANIFEST, manifest.to_json())
        self._text(SUMS, _lines(self.sums).decode())

    def _text(self, name: str, text: str) -> None:
        data = text.encode()
        self._write(name, io.BytesIO(data), len(data))

    def _write(self, name: str, file: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, _OWNER_ONLY
        seen = _Hashed(file)
        self.tar.addfile(entry, seen)
        self.sums[name] = seen.checksum()


class _Hashed:
    """Reads a file and sums up what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._sum.update(data)
        return data

    def checksum(self) -> str:
        return self._sum.hexdigest()


@contextmanager
def writing(target: Path) -> Iterator[ArchiveWriter]:
    """Write a backup beside `target` and give it its name when it is whole.

    Raises:
        BadInputError: if there is a file of that name, or none can be written there.
    """
    if target.exists() or target.is_symlink():
        raise BadInputError(f"{target} is there already. Name another file.")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except OSError as error:
        raise BadInputError(f"{target} can't be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield ArchiveWriter(tar)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    except OSError as error:
        raise BadInputError(f"{target} can't be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def checked(source: Path) -> Manifest:
    """Read a backup whole and return what it holds; every byte is the one that was written.

    Raises:
        BadInputError: if it is no backup, or is damaged.
    """
    sums: dict[str, str] = {}
    texts: dict[str, bytes] = {}
    for name, pieces in _entries(source):
        data = hashlib.sha256()
        kept = io.BytesIO()
        for piece in pieces:
            data.update(piece)
            if name in {MANIFEST, SUMS}:
                kept.write(piece)
        if name in sums:
            raise _damaged(source, f"{name} is in it twice")
        sums[name], texts[name] = data.hexdigest(), kept.getvalue()
    return _agreed(source, sums, texts)


def extract(source: Path, targets: Mapping[str, Path]) -> None:
    """Write the parts of a checked backup to where they go; each is on the disk when this returns.

    Raises:
        BadInputError: if it cannot be read any more, or a part not be written.
    """
    for name, pieces in _entries(source):
        target = targets.get(name)
        if target is None:
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as out:
                for piece in pieces:
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise BadInputError(f"{target} can't be written: {error.strerror}.") from error


def _entries(source: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield every entry's name and its bytes, piece by piece."""
    with _told(source), tarfile.open(source, "r:") as tar:
        for entry in tar:
            file = tar.extractfile(entry) if entry.isreg() and _is_plain(entry.name) else None
            if file is None:
                raise _damaged(source, "it holds what no backup does")
            yield entry.name, _pieces(source, file)


def _pieces(source: Path, file: IO[bytes]) -> Iterator[bytes]:
    while piece := _piece(source, file):
        yield piece


def _piece(source: Path, file: IO[bytes]) -> bytes:
    with _told(source):
        return file.read(_CHUNK)


@contextmanager
def _told(source: Path) -> Iterator[None]:
    """Say in a sentence that a backup cannot be read."""
    try:
        yield
    except tarfile.TarError as error:
        raise _damaged(source, "it is no backup, or was cut") from error
    except OSError as error:
        raise BadInputError(f"{source} can't be read: {error.strerror or error}.") from error


def _lines(sums: Mapping[str, str]) -> bytes:
    """The checksums as `sha256sum` reads them."""
    lines = (f"{checksum}  {name}\n" for name, checksum in sums.items() if name != SUMS)
    return "".join(lines).encode()


def _is_plain(name: str) -> bool:
    """Whether a name stays where it is put."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and str(path) == name


def _agreed(source: Path, sums: dict[str, str], texts: Mapping[str, bytes]) -> Manifest:
    """The manifest, if everything is there as it says."""
    said: dict[str, Any] | None = None
    with suppress(KeyError, ValueError):
        said = json.loads(texts[MANIFEST]) if texts[SUMS] == _lines(sums) else None
    if said is None:
        raise _damaged(source, "it does not say what is in it")
    if said["format"] != FORMAT:
        raise BadInputError(f"{source} was made by a newer portal. Install that one.")
    found = {name: found for name, found in sums.items() if name not in {MANIFEST, SUMS}}
    names = sorted(found.keys() | said["files"].keys())
    wrong = next((name for name in names if found.get(name) != said["files"].get(name)), None)
    if wrong:
        raise _damaged(source, f"{wrong} is not what was written")
    made_at = datetime.fromisoformat(said["made_at"])
    return Manifest(made_at, said["release"], said["version"], said["tenants"], said["files"])


def _damaged(source: Path, why: str) -> BadInputError:
    return BadInputError(f"{source} can't be restored: {why}. Take another backup.")
