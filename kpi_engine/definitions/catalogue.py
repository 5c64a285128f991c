"""The KPIs that can be asked for: those that ship, and a tenant's own in their place or beside."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from kpi_engine.definitions.checking import check
from kpi_engine.definitions.graph import ground_up
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.parts import inputs_of
from kpi_engine.definitions.problems import DefinitionsError, Issue, Severity
from kpi_engine.definitions.rules import depends_on_itself
from kpi_engine.definitions.settings import Settings
from kpi_engine.definitions.yaml_file import Draft, read_draft
from kpi_engine.errors import UnknownKpiError


class Catalogue(Mapping[KpiKey, Kpi]):
    """KPIs by key, and the settings that they were read with. Frozen."""

    __slots__ = ("_kpis", "settings")

    def __init__(self, kpis: Iterable[Kpi], settings: Settings | None = None) -> None:
        self._kpis = MappingProxyType({kpi.key: kpi for kpi in kpis})
        self.settings = settings or Settings()

    def __getitem__(self, key: KpiKey) -> Kpi:
        return self._kpis[key]

    def __iter__(self) -> Iterator[KpiKey]:
        return iter(self._kpis)

    def __len__(self) -> int:
        return len(self._kpis)

    def kpi(self, key: str) -> Kpi:
        """Return the KPI called `key`.

        Raises:
            UnknownKpiError: with the nearest key, when there is none.
        """
        found = self._kpis.get(KpiKey(key))
        if found is None:
            raise UnknownKpiError(key, self._kpis)
        return found

    def with_own(self, kpis: Iterable[Kpi]) -> "Catalogue":
        """Return the catalogue with a tenant's own KPIs, which replace those of the same key."""
        return Catalogue((*self._kpis.values(), *kpis), self.settings)

    def closure(self, keys: Iterable[str]) -> tuple[Kpi, ...]:
        """Return the KPIs called `keys` and all that they are built from, inputs first.

        Raises:
            UnknownKpiError: for a key that is not here.
            DefinitionsError: for a KPI that depends on itself.
        """
        found: dict[KpiKey, Kpi] = {}
        ahead = [self.kpi(key) for key in keys]
        while ahead:
            kpi = ahead.pop()
            if kpi.key not in found:
                found[kpi.key] = kpi
                ahead += [self.kpi(key) for key in inputs_of(kpi)]
        order, circles = ground_up(found)
        if circles:
            raise DefinitionsError(map(depends_on_itself, circles))
        return tuple(found[key] for key in order)


@lru_cache(maxsize=32)
def shipped_catalogue(settings: Settings | None = None) -> Catalogue:
    """Return the KPIs that ship, with a tenant's settings in them.

    Raises:
        DefinitionsError: with every reason, when a shipped file is not sound.
    """
    settings = settings or Settings()
    folder = resources.files("kpi_engine") / "catalogue"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yaml")),
        key=lambda file: file.name,
    )
    drafts = [read_draft(file.read_text("utf-8"), settings, file=file.name) for file in files]
    catalogue = Catalogue((kpi for draft in drafts for kpi in draft.kpis), settings)
    errors = _errors([*_said_twice(drafts), *check(catalogue, drafts)])
    if errors:
        raise DefinitionsError(errors)
    return catalogue


def read_own(
    text: str, catalogue: Catalogue, *, file: str = "definitions"
) -> tuple[Catalogue, tuple[Kpi, ...], tuple[Issue, ...]]:
    """Return `catalogue` with the definitions of a text, those definitions, and all issues.

    The issues are those of the text itself and those that it would make elsewhere: a KPI that
    loses its unit or comes to depend on itself. With an error among them nothing should be kept.
    """
    draft = read_draft(text, catalogue.settings, file=file)
    grown = catalogue.with_own(draft.kpis)
    return grown, draft.kpis, tuple(check(grown, [draft], draft.keys))


def _errors(issues: Iterable[Issue]) -> list[Issue]:
    return [issue for issue in issues if issue.severity is Severity.ERROR]


def _said_twice(drafts: Iterable[Draft]) -> Iterator[Issue]:
    """Yield an issue for each key that more than one file defines."""
    seen: set[str] = set()
    for draft in drafts:
        for key in sorted(draft.keys & seen):
            text = f"Another file defines '{key}' too; a key is defined once."
            yield Issue("", draft.lines.get((key, "key"), 0), "key", key, Severity.ERROR, text)
        seen |= draft.keys
