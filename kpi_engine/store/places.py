"""Where a store lies: a folder of this machine or a prefix of a bucket, behind one Protocol.

Paths are relative to the store's root, parts joined by `/`.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

import duckdb

from kpi_engine.errors import StoreError

MAGIC = b"PAR1"
"""The first and the last four bytes of every Parquet file."""


class Place(Protocol):
    """The few things that the store asks of the place where its files lie."""

    options: Mapping[str, str]
    """What deltalake needs to reach the place."""

    def address(self, path: str) -> str:
        """Return what names a path for deltalake and for an engine."""

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the files right in a folder with their sizes; none when it is not there."""

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders right in a folder, in order."""

    def unsound(self, folder: str, sizes: Mapping[str, int]) -> str | None:
        """Return the first of the Parquet files in a folder that is missing or damaged, or None."""

    def stamp(self, path: str) -> tuple[int, ...] | None:
        """Return what changes when a file does; None where the place cannot tell cheaply."""

    def publish(self, file: Path, path: str) -> None:
        """Move a finished local file into the place, whole and durable when this returns."""

    def settle(self, path: str) -> None:
        """Make a file that someone else wrote durable."""

    def remove(self, path: str) -> None:
        """Delete a file; that it is gone already is no error."""

    def read(self, path: str) -> BinaryIO:
        """Open a file to read it."""

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let a DuckDB connection read files of this place by their address."""


class Folder:
    """A folder of this machine."""

    def __init__(self, root: str) -> None:
        self.root = Path(root).absolute()
        self.options: Mapping[str, str] = {}

    def address(self, path: str) -> str:
        """Return the absolute path."""
        return str(self.root / path)

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the files right in a folder with their sizes; none when it is not there."""
        try:
            with os.scandir(self.root / folder) as entries:
                return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
        except FileNotFoundError:
            return {}

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders right in a folder, in order."""
        try:
            with os.scandir(self.root / folder) as entries:
                return sorted(entry.name for entry in entries if entry.is_dir())
        except FileNotFoundError:
            return []

    def unsound(self, folder: str, sizes: Mapping[str, int]) -> str | None:
        """Return the first of the Parquet files that is missing, cut or not Parquet at an end."""
        wrong = (name for name, size in sizes.items() if not self._sound(f"{folder}/{name}", size))
        return next(wrong, None)

    def stamp(self, path: str) -> tuple[int, ...] | None:
        """Return a file's time, size and number, or None when it is not there."""
        try:
            found = (self.root / path).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def publish(self, file: Path, path: str) -> None:
        """Move a finished local file into the place, whole and durable when this returns."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync(file)
        try:
            file.replace(target)
        except OSError:
            # The cache lies on another file system: only a rename within one is whole.
            beside = target.with_name(f".{target.name}")
            shutil.copyfile(file, beside)
            _sync(beside)
            beside.replace(target)
            file.unlink()
        _sync(target.parent)

    def settle(self, path: str) -> None:
        """Make a file that someone else wrote durable."""
        _sync(self.root / path)
        _sync((self.root / path).parent)

    def remove(self, path: str) -> None:
        """Delete a file; that it is gone already is no error."""
        (self.root / path).unlink(missing_ok=True)

    def read(self, path: str) -> BinaryIO:
        """Open a file to read it."""
        return (self.root / path).open("rb")

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Do nothing: DuckDB reads local files by itself."""

    def _sound(self, path: str, size: int) -> bool:
        try:
            with (self.root / path).open("rb") as file:
                if os.fstat(file.fileno()).st_size != size or file.read(4) != MAGIC:
                    return False
                file.seek(-4, os.SEEK_END)
                return file.read(4) == MAGIC
        except OSError:
            return False


class Bucket:
    """A prefix of a bucket of an S3 server, `s3://bucket/prefix`."""

    def __init__(self, root: str, options: Mapping[str, str]) -> None:
        try:
            # An extra, which a store in a folder does not need.
            s3fs = import_module("s3fs")
            unreachable = import_module("botocore.exceptions").BotoCoreError
        except ImportError as missing:
            raise StoreError(
                "A store in a bucket needs the package s3fs. Install the portal with its extra s3."
            ) from missing
        self.root = root.rstrip("/")
        self.options: Mapping[str, str] = dict(options)
        self._errors = (OSError, unreachable)
        self._files: Any = s3fs.S3FileSystem(
            **_s3fs_options(options), use_listings_cache=False, skip_instance_cache=True
        )

    def address(self, path: str) -> str:
        """Return the path's `s3://` address."""
        return f"{self.root}/{path}"

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the files right in a folder with their sizes; none when it is not there."""
        found = self._list(folder)
        return {_last(item["name"]): item["size"] for item in found if item["type"] == "file"}

    def folders(self, folder: str) -> list[str]:
        """Return the names of the folders right in a folder, in order."""
        found = self._list(folder)
        return sorted(_last(item["name"]) for item in found if item["type"] == "directory")

    def unsound(self, folder: str, sizes: Mapping[str, int]) -> str | None:
        """Return the first of the Parquet files that is missing or has another size."""
        found = self.sizes(folder)
        return next((name for name, size in sizes.items() if found.get(name) != size), None)

    def stamp(self, path: str) -> tuple[int, ...] | None:  # noqa: ARG002 - one Protocol
        """Return None: asking the server costs as much as reading the table's log."""
        return None

    def publish(self, file: Path, path: str) -> None:
        """Upload a finished local file; S3 shows it whole or not at all."""
        with self._asked():
            self._files.put_file(str(file), self.address(path))
        file.unlink()

    def settle(self, path: str) -> None:
        """Do nothing: what S3 has accepted is durable."""

    def remove(self, path: str) -> None:
        """Delete a file; that it is gone already is no error."""
        with self._asked(), suppress(FileNotFoundError):
            self._files.rm_file(self.address(path))

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let a DuckDB connection read `s3://` addresses through fsspec."""
        if not con.filesystem_is_registered("s3"):
            con.register_filesystem(self._files)

    def read(self, path: str) -> BinaryIO:
        """Open an object to read it."""
        return cast("BinaryIO", self._files.open(self.address(path), "rb"))

    def get(self, path: str) -> tuple[bytes, float]:
        """Return an object's bytes and the server's time of writing it; nothing at 0 if gone."""
        with self._asked(), suppress(FileNotFoundError):
            data = self._files.cat_file(self.address(path))
            return data, self._files.modified(self.address(path)).timestamp()
        return b"", 0.0

    def put(self, path: str, data: bytes) -> float:
        """Write an object and return the server's time of it."""
        with self._asked():
            self._files.pipe_file(self.address(path), data)
            return float(self._files.modified(self.address(path)).timestamp())

    def _list(self, folder: str) -> list[dict[str, Any]]:
        with self._asked(), suppress(FileNotFoundError):
            return list(self._files.ls(self.address(folder), detail=True, refresh=True))
        return []

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Tell a person when the server cannot be reached or refuses."""
        try:
            yield
        except self._errors as error:
            said = str(error).partition("\n")[0].rstrip(". ")
            raise StoreError(
                f"The store at {self.root} cannot be reached: {said}."
                " Check the address of the store and its access keys."
            ) from error


def place(root: str, options: Mapping[str, str]) -> Folder | Bucket:
    """Return the place that `root` names: a folder, or a bucket for `s3://bucket/prefix`."""
    if root.startswith("s3://"):
        return Bucket(root, options)
    if "://" in root:
        scheme = root.partition("://")[0]
        raise StoreError(
            f"A store cannot lie at '{scheme}://'. Name a folder, or a bucket as s3://bucket/prefix."
        )
    if set(root) & set("*?["):
        raise StoreError(f"A store cannot lie at '{root}': its name must have no '*', '?' or '['.")
    return Folder(root)


def _s3fs_options(options: Mapping[str, str]) -> dict[str, Any]:
    """Say to s3fs what `options` say to deltalake."""
    given = {key.lower(): value for key, value in options.items()}
    names = {"key": "aws_access_key_id", "secret": "aws_secret_access_key"}
    names |= {"token": "aws_session_token", "endpoint_url": "aws_endpoint_url"}
    found: dict[str, Any] = {
        ours: given[theirs] for ours, theirs in names.items() if theirs in given
    }
    if "aws_region" in given:
        found["client_kwargs"] = {"region_name": given["aws_region"]}
    return found


def _last(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
