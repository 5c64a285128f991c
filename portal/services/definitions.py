"""The KPIs of a tenant: those that ship, and its own, which are applied from a file of YAML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import yaml

from kpi_engine.definitions.catalogue import Catalogue, read_own, shipped_catalogue
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.problems import DefinitionsError, Issue, Severity
from kpi_engine.definitions.yaml_file import read_draft
from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models.definitions import DefinitionState, KpiDefinition, versions_of
from portal.services import tenants
from portal.services.engines import catalogue_of
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one definition of a file."""

    key: KpiKey
    version: int
    fingerprint: str
    changed: bool
    """Whether it is new or says something else than the version before."""


@dataclass(frozen=True, slots=True)
class Application:
    """What became of a file of definitions."""

    applied: Sequence[Applied]
    warnings: Sequence[Issue]
    """What its author may want to mend, though all of it can be used."""


def catalogue(session: TenantSession | None) -> Catalogue:
    """Return a tenant's KPIs; those that ship, with default settings, where there is no tenant.

    Raises:
        UnknownTenantError: if there is no such tenant.
        DefinitionsError: if one of its own cannot be used any more.
    """
    if session is None:
        return shipped_catalogue()
    return catalogue_of(session, tenants.get(session))


def lint(session: TenantSession | None, text: str, file: str) -> tuple[Issue, ...]:
    """Return everything wrong with a file of definitions, errors and warnings."""
    _, _, issues = read_own(text, _standing(session), file=file)
    return issues


def apply(session: TenantSession, text: str, file: str, now: datetime) -> Application:
    """Make the definitions of a file the tenant's own; all of them, or none.

    A definition that says what its newest version says makes no new version; how it is laid out,
    and comments, say nothing.

    Raises:
        DefinitionsError: with every reason, if one of them cannot be used; nothing has changed.
        BadInputError: if the same definition is being applied by somebody else.
    """
    grown, kpis, issues = read_own(text, _standing(session), file=file)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if errors:
        raise DefinitionsError(errors)
    told, prints = _texts(text), fingerprints(grown)
    keeper = _Keeper(session, grown, now)
    applied = [keeper.keep(kpi, told[kpi.key], prints[kpi.key]) for kpi in kpis]
    return Application(applied, issues)


def _standing(session: TenantSession | None) -> Catalogue:
    """The KPIs that a file is read against; one that is broken must not stop its own mending."""
    if session is None:
        return shipped_catalogue()
    return catalogue_of(session, tenants.get(session), sound=False)


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Keeps the definitions of one file."""

    session: TenantSession
    catalogue: Catalogue
    now: datetime

    def keep(self, kpi: Kpi, text: str, fingerprint: str) -> Applied:
        """Keep one definition as a new version, unless it says nothing new."""
        before = self.session.scalars(versions_of(kpi.key).limit(1)).one_or_none()
        if before is not None and self._says_the_same(before, kpi):
            return Applied(kpi.key, before.version, fingerprint, changed=False)
        version = before.version + 1 if before is not None else 1
        row = KpiDefinition(
            key=kpi.key,
            version=version,
            yaml=text,
            fingerprint=fingerprint,
            state=DefinitionState.PUBLISHED,
            effective_from=self.now.date(),
            created_at=self.now,
        )
        if not self.session.insert_new(row):
            raise BadInputError(
                tr(
                    "Somebody else is applying '{kpi}' at this moment. Nothing was changed; apply"
                    " the file again.",
                    kpi=kpi.key,
                )
            )
        return Applied(kpi.key, version, fingerprint, changed=True)

    def _says_the_same(self, before: KpiDefinition, kpi: Kpi) -> bool:
        kept = read_draft(before.yaml, self.catalogue.settings)
        return before.state == DefinitionState.PUBLISHED and kept.kpis == (kpi,)


def _texts(text: str) -> dict[str, str]:
    """Return each definition of a file that has been read, as YAML of its own.

    Nodes are written as they stand, not what they would be taken for: in YAML 1.1 the key `on`
    is a truth, and would come back as `true`.
    """
    found: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    nodes = found.value if isinstance(found, yaml.SequenceNode) else [found]
    return {_key(node): _written(node) for node in nodes if isinstance(node, yaml.MappingNode)}


def _key(node: yaml.MappingNode) -> str:
    return next(str(value.value) for name, value in node.value if name.value == "key")


def _written(node: yaml.Node) -> str:
    listed = yaml.SequenceNode("tag:yaml.org,2002:seq", [node], flow_style=False)
    return yaml.serialize(listed, Dumper=yaml.SafeDumper, allow_unicode=True, width=_WIDTH)


_WIDTH = 100
