"""The loads of a tenant as people read them: what came in, and what could not be read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from kpi_engine.language import mark, tr, trn
from portal.models.loads import LoadState
from portal.readmodels.cards import Status, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.imports import ImportsPage, LoadRow
from portal.services import loads, tenants
from portal.services.loads import LoadCard
from portal.tenancy.session import TenantSession

_COUNTS = (
    ("inserted", mark("{count} new")),
    ("changed", mark("{count} changed")),
    ("deleted", mark("{count} deleted")),
)
_STATES: Mapping[LoadState, Status] = {
    LoadState.LANDED: Status(Tone.GOOD, mark("Landed")),
    LoadState.STARTED: Status(Tone.NEUTRAL, mark("Under way"), "hourglass-split"),
    LoadState.FAILED: Status(Tone.BAD, mark("Failed")),
}


def read(session: TenantSession, formats: Formats) -> ImportsPage:
    """Return the newest loads of the session's tenant."""
    zone = ZoneInfo(tenants.get(session).timezone)
    rows = tuple(_row(card, formats, zone) for card in loads.newest(session))
    return ImportsPage(rows, f"portal import --tenant {session.tenant} source.yaml")


def _row(card: LoadCard, formats: Formats, zone: ZoneInfo) -> LoadRow:
    report = card.report or {}
    return LoadRow(
        version=str(card.seq),
        source=card.source,
        when=formats.moment(card.loaded_at.astimezone(zone)),
        status=_status(card.state),
        brought=_brought(card, report, formats),
        trouble=_trouble(report, formats),
        entities=tuple(
            (name, _counted(counts, formats) or tr("nothing new"))
            for name, counts in sorted((report.get("entities") or {}).items())
        ),
    )


def _status(state: LoadState) -> Status:
    found = _STATES[state]
    return replace(found, word=tr(found.word))


def _brought(card: LoadCard, report: Mapping[str, Any], formats: Formats) -> str:
    if card.state is not LoadState.LANDED:
        if card.state is LoadState.FAILED:
            return tr("Nothing of it is seen.") + f" {report.get('error') or ''}".strip()
        return tr("Not yet seen.")
    return _counted(report, formats) or tr("Nothing new")


def _counted(counts: Mapping[str, Any], formats: Formats) -> str:
    told = ((counts.get(name) or 0, word) for name, word in _COUNTS)
    return ", ".join(tr(word, count=formats.number(count)) for count, word in told if count)


def _trouble(report: Mapping[str, Any], formats: Formats) -> str:
    rejected = report.get("rejected_rows") or 0
    nowhere = sum(each["count"] for each in report.get("unknown_references") or ())
    stages = len(report.get("unmapped_stages") or ())
    foreign = sum(each["count"] for each in report.get("foreign_currencies") or ())
    parts = (
        (
            rejected,
            trn(
                "{count} row could not be read",
                "{count} rows could not be read",
                rejected,
                count=formats.number(rejected),
            ),
        ),
        (
            nowhere,
            trn(
                "{count} reference leads nowhere",
                "{count} references lead nowhere",
                nowhere,
                count=formats.number(nowhere),
            ),
        ),
        (
            stages,
            trn(
                "{count} stage has no meaning yet",
                "{count} stages have no meaning yet",
                stages,
                count=formats.number(stages),
            ),
        ),
        (
            foreign,
            trn(
                "{count} amount is in another currency and was not converted",
                "{count} amounts are in another currency and were not converted",
                foreign,
                count=formats.number(foreign),
            ),
        ),
    )
    return "; ".join(text for count, text in parts if count)
