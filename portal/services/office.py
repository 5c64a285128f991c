"""What imports work with, apart from how they read files: pages and jobs hold it unread."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kpi_engine.store.store import Store
from portal.tenancy.database import Database


@dataclass(frozen=True, slots=True)
class Office:
    """What imports work with."""

    database: Database
    store: Store
    home: Path
    """PORTAL_HOME: scratch and rejected rows lie below it."""
    now: Callable[[], datetime]
