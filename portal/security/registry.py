"""Every door of the portal with what it asks for; a door that is not listed closes the house.

A route, a callback, a command, a job or an export declares its access where it is made. Before the
first request the list is held against what is there: the URL map, Dash's callbacks, the jobs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from portal.errors import UndeclaredError
from portal.security.permissions import Access


class Kind(StrEnum):
    """What kind of door it is."""

    CALLBACK = "callback"
    COMMAND = "command"
    EXPORT = "export"
    JOB = "job"
    PAGE = "page"
    ROUTE = "route"


@dataclass(frozen=True, slots=True)
class Registry:
    """Which access each door asks for."""

    doors: dict[tuple[Kind, str], Access] = field(default_factory=dict)

    def declare(self, kind: Kind, name: str, access: Access) -> None:
        """Say what a door asks for.

        Raises:
            UndeclaredError: if it was said already; two answers would leave open which holds.
        """
        if (kind, name) in self.doors:
            raise UndeclaredError([f"The {kind} '{name}' declares its permission twice."])
        self.doors[kind, name] = access

    def access(self, kind: Kind, name: str) -> Access | None:
        """Return what a door asks for, or None where nobody said: then it stays shut."""
        return self.doors.get((kind, name))

    def names(self, kind: Kind) -> frozenset[str]:
        """Return the doors of one kind that were declared."""
        return frozenset(name for each, name in self.doors if each is kind)

    def refuse_gaps(self, kind: Kind, there: Iterable[str]) -> None:
        """Hold what was declared against what is there.

        Raises:
            UndeclaredError: with a sentence for each door that is on one side only.
        """
        if faults := list(self._gaps(kind, frozenset(there))):
            raise UndeclaredError(faults)

    def _gaps(self, kind: Kind, there: frozenset[str]) -> Iterator[str]:
        declared = self.names(kind)
        for name in sorted(there - declared):
            yield f"The {kind} '{name}' declares no permission."
        for name in sorted(declared - there):
            yield f"The {kind} '{name}' declares a permission but is not there."
