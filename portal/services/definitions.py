"""The KPIs of a tenant: those that ship, and its own, which are applied from a file of YAML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import yaml

from kpi_engine.definitions.catalogue import Catalogue, read_own, shipped_catalogue
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.problems import DefinitionsError, Issue, Severity
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


def catalogue(session: TenantSession | None) -> Catalogue:
    """Return a tenant's KPIs; those that ship, with default settings, where there is no tenant."""
    if session is None:
        return shipped_catalogue()
    return catalogue_of(session, tenants.get(session))


def lint(session: TenantSession | None, text: str, file: str) -> tuple[Issue, ...]:
    """Return everything wrong with a file of definitions, errors and warnings."""
    _, _, issues = read_own(text, catalogue(session), file=file)
    return issues


def apply(session: TenantSession, text: str, file: str, now: datetime) -> Sequence[Applied]:
    """Make the definitions of a file the tenant's own; all of them, or none.

    A definition that says what its newest version says makes no new version.

    Raises:
        DefinitionsError: with every reason, if one of them cannot be used; nothing has changed.
    """
    grown, kpis, issues = read_own(text, catalogue(session), file=file)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if errors:
        raise DefinitionsError(errors)
    told, prints = _texts(text), fingerprints(grown)
    return [_keep(session, kpi, told[kpi.key], prints[kpi.key], now) for kpi in kpis]


def _keep(session: TenantSession, kpi: Kpi, text: str, fingerprint: str, now: datetime) -> Applied:
    before = session.scalars(versions_of(kpi.key).limit(1)).one_or_none()
    if before is not None and (before.yaml, before.fingerprint) == (text, fingerprint):
        return Applied(kpi.key, before.version, fingerprint, changed=False)
    version = before.version + 1 if before is not None else 1
    session.add(
        KpiDefinition(
            key=kpi.key,
            version=version,
            yaml=text,
            fingerprint=fingerprint,
            state=DefinitionState.PUBLISHED,
            effective_from=now.date(),
            created_at=now,
        )
    )
    session.flush()
    return Applied(kpi.key, version, fingerprint, changed=True)


_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one that definitions are read with: the two do not refuse quite the same."""


def _texts(text: str) -> dict[str, str]:
    """Return each definition of a file that has been read, as a list of one in its own words.

    Written anew, YAML would turn the key `on` into `true`.
    """
    root = yaml.compose(text, _LOADER)
    nodes = root.value if isinstance(root, yaml.SequenceNode) else [root]
    return dict(_item(node, text) for node in nodes if isinstance(node, yaml.MappingNode))


def _item(node: yaml.MappingNode, text: str) -> tuple[str, str]:
    lines = text[node.start_mark.index : node.end_mark.index].rstrip().splitlines()
    # The first line stood behind a dash or at the margin; the rest keep their place to it.
    indent = " " * node.start_mark.column
    kept = [lines[0], *(f"  {line.removeprefix(indent)}" for line in lines[1:])]
    key = next(value.value for name, value in node.value if name.value == "key")
    return str(key), "- " + "\n".join(kept) + "\n"
