"""The loads of a tenant as people read them: what came in, and what could not be read."""

from collections.abc import Mapping
from typing import Any

from portal.models.loads import LoadState
from portal.readmodels.cards import Status, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.imports import ImportsPage, LoadRow
from portal.services import loads
from portal.services.loads import LoadCard
from portal.tenancy.session import TenantSession

_COUNTS = (("inserted", "new"), ("changed", "changed"), ("deleted", "deleted"))
_STATES: Mapping[LoadState, Status] = {
    LoadState.LANDED: Status(Tone.GOOD, "Landed"),
    LoadState.STARTED: Status(Tone.NEUTRAL, "Under way", "hourglass-split"),
    LoadState.FAILED: Status(Tone.BAD, "Failed"),
}


def read(session: TenantSession, formats: Formats) -> ImportsPage:
    """Return the newest loads of the session's tenant."""
    rows = tuple(_row(card, formats) for card in loads.newest(session))
    return ImportsPage(rows, f"portal import --tenant {session.tenant} source.yaml")


def _row(card: LoadCard, formats: Formats) -> LoadRow:
    report = card.report or {}
    return LoadRow(
        version=str(card.seq),
        source=card.source,
        when=formats.moment(card.loaded_at),
        status=_STATES[card.state],
        brought=_brought(card, report, formats),
        trouble=_trouble(report, formats),
        entities=tuple(
            (name, _counted(counts, formats) or "nothing new")
            for name, counts in sorted((report.get("entities") or {}).items())
        ),
    )


def _brought(card: LoadCard, report: Mapping[str, Any], formats: Formats) -> str:
    if card.state is not LoadState.LANDED:
        if card.state is LoadState.FAILED:
            return f"Nothing of it is seen. {report.get('error') or ''}".strip()
        return "Not yet seen."
    return _counted(report, formats) or "Nothing new"


def _counted(counts: Mapping[str, Any], formats: Formats) -> str:
    told = ((counts.get(name) or 0, word) for name, word in _COUNTS)
    return ", ".join(f"{formats.number(count)} {word}" for count, word in told if count)


def _trouble(report: Mapping[str, Any], formats: Formats) -> str:
    rejected = report.get("rejected_rows") or 0
    nowhere = sum(each["count"] for each in report.get("unknown_references") or ())
    stages = len(report.get("unmapped_stages") or ())
    parts = (
        (rejected, "row could not be read", "rows could not be read"),
        (nowhere, "reference leads nowhere", "references lead nowhere"),
        (stages, "stage has no meaning yet", "stages have no meaning yet"),
    )
    return "; ".join(
        f"{formats.number(count)} {one if count == 1 else many}"
        for count, one, many in parts
        if count
    )
