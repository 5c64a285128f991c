"""What jobs work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.services.digests import Mailroom
from portal.services.engines import Workshop
from portal.services.office import Office
from portal.tenancy.database import Database
from portal.tenancy.keys import TenantKey


@dataclass(frozen=True, slots=True)
class Room:
    """Database, store, clock, the folder that is watched, and who is told."""

    workshop: Workshop
    office: Office
    watched: Path
    """Below it a folder a tenant, with source files and the files they name."""
    tell: Callable[[str], None] = lambda _: None
    """Told a line for each slot that was worked on."""
    mishap: Callable[[Exception], str] = lambda error: f"It failed: {type(error).__name__}."
    """Keeps what went wrong unforeseen for whoever looks after the portal; returns a sentence."""
    mailroom: Mailroom | None = None
    """What digests are sent with; without it none is."""

    @property
    def database(self) -> Database:
        """The database."""
        return self.workshop.database

    def now(self) -> datetime:
        """Return the present moment."""
        return self.office.now()


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of work. `due` names the slots that are open now, `work` does one and says what."""

    name: str
    every: int
    """Seconds between looking what is due."""
    due: Callable[[Room, TenantKey, datetime], tuple[str, ...]]
    work: Callable[[Room, TenantKey, str], str]
