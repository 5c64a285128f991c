"""A clock that is handed in, and remembers what the time and the processors said each time."""

import resource
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

_KIB = 1024


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment on the wall, comparable between processes, and of this process's processors."""

    wall: float
    cpu: float
    peak: int
    """The most memory that the process has held so far, in bytes."""

    @classmethod
    def now(cls) -> "Stamp":
        """Return the present moment."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
        return cls(time.monotonic(), time.process_time(), peak)


@dataclass(slots=True)
class Clock:
    """Tells the time; an import asks when it begins and, last of all, when it lands."""

    stamps: list[Stamp] = field(default_factory=list)

    def __call__(self) -> datetime:
        """Return the present moment in UTC."""
        self.stamps.append(Stamp.now())
        return datetime.fromtimestamp(time.time(), UTC)
