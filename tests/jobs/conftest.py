"""What the tests of jobs share: a clock that is set by hand, and a room to work in."""

import shutil
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from portal.jobs.room import Room
from portal.services.office import Office
from tests.kpis.place import desk, workshop

__all__ = ["desk", "workshop"]


@dataclass
class Clock:
    """Says the moment it was set to."""

    moment: datetime = datetime(2017, 4, 12, 15, tzinfo=UTC)

    def __call__(self):
        return self.moment

    def on(self, **span):
        """Go on by a span, and return the moment."""
        self.moment += timedelta(**span)
        return self.moment


@dataclass
class Told:
    """Keeps what jobs said."""

    lines: list = field(default_factory=list)

    def __call__(self, line):
        self.lines.append(line)

    def of(self, tenant):
        """Return what was said of one tenant."""
        return [line for line in self.lines if tenant in line]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def room(desk, workshop, database, clock, told, tmp_path):
    """A room whose tenants are those of all tests; each test looks at its own."""
    office = Office(database, workshop.store, desk.home, clock)
    return Room(workshop, office, tmp_path / f"watched-{uuid.uuid4().hex[:6]}", told)


@pytest.fixture
def drop(room, desk):
    """Put files into a tenant's watched folder, as a CRM export would."""

    def put(tenant, files, age=None):
        folder = room.watched / tenant
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).write_text(text)

    return put


@pytest.fixture
def real_now(clock):
    """Files have the time of the machine; look at them a minute later."""
    clock.moment = datetime.now(UTC) + timedelta(minutes=1)  # noqa: TID251 - see above
    return clock
