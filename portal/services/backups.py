"""Backing up and restoring: the database and the facts, as they belonged together at one moment.

The database is dumped in a transaction; the pins in it name the files of the facts. They are never
changed, and held while they are copied, so neither imports nor readers wait or are waited for.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as installed
from pathlib import Path

from kpi_engine.errors import StoreError
from kpi_engine.store.pins import Pin
from kpi_engine.store.store import Store
from migrations import HEAD
from portal.config import Config
from portal.errors import BadInputError, PortalError, SchemaAheadError
from portal.models import password_links, sign_ins
from portal.services import archives, auditing, loads
from portal.services.archives import ArchiveWriter, Manifest
from portal.services.auditing import Event, Trace
from portal.tenancy.database import Database, open_database, server_of
from portal.tenancy.dumping import Snapshot, bring_back, refuse_used, snapshot
from portal.tenancy.homes import make_home
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

_DUMP, _FACTS = "database.dump", "facts/"
_TRIES = 5
"""A compaction with a clean-up may come between the moment and the hold on its files."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds."""

    made_at: datetime
    tenants: Mapping[str, int]
    """The store version of every tenant that has facts."""
    files: int


def back_up(config: Config, target: Path, now: datetime) -> BackedUp:
    """Write the database and the facts into one file.

    Raises:
        PortalError: if the facts lie in a bucket, or the file cannot be written.
        StoreError: if a file of the facts is missing.
    """
    _refuse_bucket(config)
    store = Store(config.store, config.home / "cache", config.store_options)
    try:
        with archives.writing(target) as archive, _held(config, store) as (moment, files):
            with tempfile.TemporaryDirectory(prefix=".dump-", dir=target.parent) as folder:
                dump = Path(folder) / _DUMP
                moment.dump(dump)
                archive.add(_DUMP, dump)
            for path in files:
                archive.add(f"{_FACTS}{path}", Path(config.store) / path)
            return _finish(archive, moment, now)
    finally:
        store.close()


def restore(config: Config, source: Path, now: datetime) -> BackedUp:
    """Bring back a backup into an empty home: all of it, or the home is empty again.

    Every session is ended and every link to choose a password is spent.

    Raises:
        PortalError: if the home or the database is not empty, or the backup is damaged.
    """
    _refuse_bucket(config)
    _refuse_full(config)
    manifest = archives.checked(source)
    if manifest.version > HEAD:
        raise SchemaAheadError(manifest.version, HEAD)
    refuse_used(config)
    try:
        _bring(config, source, manifest, now)
    except BaseException:
        _empty(config)
        raise
    return BackedUp(manifest.made_at, manifest.tenants, len(manifest.files))


@contextmanager
def _held(config: Config, store: Store) -> Iterator[tuple[Snapshot, tuple[str, ...]]]:
    """Hold one moment of the database, and the files of the facts that it names."""
    for tries_left in reversed(range(_TRIES)):
        with ExitStack() as hold:
            moment = hold.enter_context(snapshot(config))
            try:
                files = [
                    path
                    for tenant, pin in moment.pins.items()
                    for path in hold.enter_context(store.tenant(tenant).copying(Pin.from_json(pin)))
                ]
            except StoreError:
                if not tries_left:
                    raise
                continue
            yield moment, tuple(files)
            return


def _finish(archive: ArchiveWriter, moment: Snapshot, now: datetime) -> BackedUp:
    tenants = {str(key): Pin.from_json(pin).seq for key, pin in moment.pins.items()}
    files = dict(archive.sums)
    archive.finish(Manifest(now, installed("meridian"), moment.version, tenants, files))
    return BackedUp(now, tenants, len(files))


def _bring(config: Config, source: Path, manifest: Manifest, now: datetime) -> None:
    """Write the facts first: a database that names them is there only after them."""
    make_home(config.home)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=config.home) as folder:
        dump = Path(folder) / _DUMP
        facts = {
            name: Path(config.store) / name.removeprefix(_FACTS)
            for name in manifest.files
            if name.startswith(_FACTS)
        }
        archives.extract(source, {**facts, _DUMP: dump})
        bring_back(config, dump)
    database = open_database(config)
    try:
        _settle(config, database, manifest, now)
    finally:
        database.close()


def _settle(config: Config, database: Database, manifest: Manifest, now: datetime) -> None:
    """End what people held, and see that every tenant's facts can be read."""
    store = Store(config.store, config.home / "cache")
    try:
        for tenant in database.tenants():
            with database.session(tenant) as session:
                _end_sessions(session, now)
                auditing.note(
                    session, None, Event.RESTORED, f"{manifest.made_at:%F %T}Z", trace=Trace(now)
                )
                pin = loads.current_pin(session)
            _refuse_other(tenant, pin, manifest)
            with store.tenant(tenant).copying(pin):
                pass
    finally:
        store.close()


def _end_sessions(session: TenantSession, now: datetime) -> None:
    """End every session, and spend every link: one may have been ended or used since."""
    for row in session.scalars(sign_ins.not_ended()):
        row.ended_at, row.ended_by = now, Event.RESTORED.value
    for link in session.scalars(password_links.not_used()):
        link.used_at = now


def _refuse_other(tenant: TenantKey, pin: Pin, manifest: Manifest) -> None:
    if pin.seq != manifest.tenants.get(tenant, 0):
        raise PortalError(
            f"The backup's database has version {pin.seq} of the facts of '{tenant}', and its "
            "files are of another. Take another backup."
        )


def _refuse_bucket(config: Config) -> None:
    if "://" in config.store:
        raise BadInputError(
            f"The facts lie in {config.store}, which is backed up by the object store's own "
            "means: versions of the bucket, and a dump of the database taken before them."
        )


def _refuse_full(config: Config) -> None:
    for folder in dict.fromkeys((config.home, Path(config.store))):
        try:
            full = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
        except OSError as error:
            raise BadInputError(f"{folder} can't be read: {error.strerror}.") from error
        if full:
            raise BadInputError(
                f"{folder} is not empty, and a backup is restored into an empty folder only. "
                "Set PORTAL_HOME to another one."
            )


def _empty(config: Config) -> None:
    """Take away what a restore that failed has brought; both folders were empty before it."""
    if (server := server_of(config)) is not None:
        server.stop()
    for folder in dict.fromkeys((config.home, Path(config.store))):
        for left in folder.iterdir() if folder.is_dir() else ():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
