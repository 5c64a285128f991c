"""The history of a definition: every version, who asked for it and why, and two side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.definitions.yaml_file import read_draft
from kpi_engine.language import mark, tr
from portal.models.definitions import DefinitionState, KpiDefinition, versions_of
from portal.readmodels.cards import Choice, Head
from portal.readmodels.proposals import Comparison, HistoryPage, VersionCard
from portal.security.permissions import Permission
from portal.services import builder_reading, comparing, freshness, proposals
from portal.services.addresses import address, kpi_page
from portal.services.desks import Desk
from portal.services.proposal_page import HOME
from portal.services.proposals import Proposal

_SAID = {
    "activated": mark("Activated, and its numbers are there."),
    "later": mark("Activated. Its numbers follow with the next refresh."),
}
_SHIPS = mark("As it ships")


@dataclass(frozen=True, slots=True)
class _Version:
    """One version as it can be compared; number 0 is what ships."""

    number: int
    name: str
    kpi: Kpi | None
    text: str
    row: KpiDefinition | None = None


def read(desk: Desk, key: str, query: Mapping[str, str]) -> HistoryPage:
    """Return every version of a definition, with the chosen one beside the one before it.

    Raises:
        UnknownKpiError: if there is no such KPI.
    """
    kpi = desk.catalogue.kpi(key)
    versions = _versions(desk, kpi)
    asked = query.get("version", "")
    chosen = next((one for one in versions if str(one.number) == asked), versions[0])
    made = {one.version: one for one in proposals.of_kpi(desk.session, key) if one.version}
    open_one = next((one for one in proposals.of_kpi(desk.session, key) if one.is_open), None)
    return HistoryPage(
        _head(desk, kpi),
        tuple(_card(desk, versions, one, made.get(one.number), chosen) for one in versions),
        _comparison(desk, versions, chosen),
        Choice(tr("{name} proposes a change", name=open_one.by_name), f"{HOME}/{open_one.id}")
        if open_one
        else None,
        ahead(desk, key),
        tr(_SAID.get(query.get("said", ""), "")),
        behind(desk, kpi.key, fingerprints(desk.catalogue)[kpi.key]),
    )


def behind(desk: Desk, key: str, fingerprint: str) -> str:
    """Return that the numbers of a KPI do not follow its definition yet; empty where they do."""
    if not freshness.behind(desk.session, key, fingerprint):
        return ""
    return tr(
        "The definition has changed, and these numbers are still those of the one before. The next"
        " refresh brings them up."
    )


def ahead(desk: Desk, key: str) -> Choice | None:
    """Return what awaits its day to become the definition; None where nothing does."""
    one = proposals.ahead(desk.session, key)
    if one is None or one.day is None:
        return None
    told = tr(
        "From {day} another definition holds, activated by {name}.",
        day=desk.formats.day(one.day),
        name=one.decided_by,
    )
    return Choice(told, f"{HOME}/{one.id}")


def _head(desk: Desk, kpi: Kpi) -> Head:
    actions: tuple[Choice, ...] = ()
    if desk.may(Permission.DEFINITION_PROPOSE):
        actions = (Choice(tr("Change the definition"), f"{kpi_page(kpi.key)}/edit"),)
    return Head(
        tr("History of {name}", name=kpi.name),
        tr("Every definition that held, since when, who asked for it, and why."),
        (Choice(tr("KPIs"), "/kpis"), Choice(kpi.name, kpi_page(kpi.key))),
        actions=actions,
    )


def _versions(desk: Desk, kpi: Kpi) -> Sequence[_Version]:
    """Return the versions that ever held, the newest first, down to what ships."""
    found = []
    for row in desk.session.scalars(versions_of(kpi.key)):
        if row.state in (DefinitionState.PUBLISHED, DefinitionState.RETIRED):
            draft = read_draft(row.yaml, desk.catalogue.settings)
            read_kpi = draft.kpis[0] if draft.kpis else None
            name = tr("Version {number}", number=row.version)
            found.append(_Version(row.version, name, read_kpi, row.yaml, row))
    shipped = shipped_catalogue(desk.catalogue.settings)
    if kpi.key in shipped:
        text = builder_reading.shipped_text(kpi.key)
        found.append(_Version(0, tr(_SHIPS), shipped[kpi.key], text))
    return found


def _card(
    desk: Desk,
    versions: Sequence[_Version],
    one: _Version,
    proposal: Proposal | None,
    chosen: _Version,
) -> VersionCard:
    row = one.row
    before = _before(versions, one)
    moved = ""
    if before is not None and one.kpi is not None and before.kpi is not None:
        same = (one.kpi.measure, one.kpi.unit) == (before.kpi.measure, before.kpi.unit)
        moved = tr("says it otherwise") if same else tr("changes the numbers")
    since = "" if row is None else _since(desk, row)
    return VersionCard(
        one.name,
        tr("since {day}", day=since) if since else tr("from the beginning"),
        _by(row, proposal),
        proposal.reason if proposal else "",
        _decided(desk, proposal),
        row.fingerprint if row is not None else "",
        moved,
        address(f"{kpi_page(versions[0].kpi.key)}/history", version=str(one.number))
        if versions[0].kpi
        else "",
        one is chosen,
        one is versions[0],
    )


def _since(desk: Desk, row: KpiDefinition) -> str:
    day = row.effective_from
    return desk.day_of(row.created_at) if day is None else desk.formats.day(day)


def _by(row: KpiDefinition | None, proposal: Proposal | None) -> str:
    if row is None:
        return "Meridian"
    if proposal is not None:
        return proposal.by_name
    return tr("by the command line")


def _decided(desk: Desk, proposal: Proposal | None) -> str:
    if proposal is None or proposal.decided_at is None:
        return ""
    name, day = proposal.decided_by, desk.day_of(proposal.decided_at)
    if proposal.alone:
        told = tr(
            "Activated by {name}, who proposed it, being the only analyst, {day}",
            name=name,
            day=day,
        )
    else:
        told = tr("Activated by {name}, {day}", name=name, day=day)
    return f"{told}: {proposal.note}" if proposal.note else told


def _before(versions: Sequence[_Version], one: _Version) -> _Version | None:
    place = versions.index(one) + 1
    return versions[place] if place < len(versions) else None


def _comparison(desk: Desk, versions: Sequence[_Version], chosen: _Version) -> Comparison:
    before = _before(versions, chosen)
    older = before or _Version(0, "", None, "")
    names, texts = (older.name, chosen.name), (older.text, chosen.text)
    return comparing.compared(names, (older.kpi, chosen.kpi), texts, desk.catalogue)
