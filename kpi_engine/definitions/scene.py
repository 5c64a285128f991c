"""The file that is being read: what is wrong so far, and the names that may stand in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from kpi_engine.crm.derived import columns_of
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression, parse
from kpi_engine.definitions.problems import Issue, Severity, printable
from kpi_engine.definitions.settings import Settings
from kpi_engine.language import tr

Columns = Mapping[str, ColumnType]

MAX_NAME = 64


@dataclass(slots=True)
class Scene:
    """The file that is being read: what is wrong so far, and where everything stands."""

    file: str
    settings: Settings
    key: str = ""
    issues: list[Issue] = field(default_factory=list)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    _noted: set[tuple[str, int, str]] = field(default_factory=set)

    def note(self, line: int, place: str, text: str) -> None:
        """Keep one thing that is wrong with the definition at hand; the first of each place."""
        if place and (self.key, line, place) in self._noted:
            return
        self._noted.add((self.key, line, place))
        place, text = printable(place), printable(text)
        self.issues.append(Issue(self.file, line, place, self.key, Severity.ERROR, text))


@lru_cache(maxsize=64)
def columns(entity: str) -> Columns:
    """Return the names that an expression over `entity` may use, with their types."""
    return columns_of(entity)


@lru_cache(maxsize=2_048)
def plainly(text: str, entity: str, wants: ColumnType | None) -> Expression:
    """Parse a text without settings once a process: all tenants share the shipped catalogue."""
    return parse(text, columns(entity), wants=wants)


def listed(names: Iterable[str]) -> str:
    """Return names as people list them: a, b or c."""
    *most, last = names
    return tr("{names} or {last}", names=", ".join(most), last=last) if most else last
