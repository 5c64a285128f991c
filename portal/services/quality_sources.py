"""The sources as the page of data quality tells them: their age, and what a load could not use."""

from collections.abc import Sequence
from typing import Any

from kpi_engine.language import tr, trc
from portal.models import loads as questions
from portal.readmodels.cards import Status, Tone
from portal.readmodels.quality import SourceRow
from portal.services import catalogue_words, confidence_evidence
from portal.services.desks import Desk
from portal.services.numbers import TENANT
from portal.services.remembering import remembered
from portal.services.source_ages import SourceAge
from portal.tenancy.session import TenantSession

Loose = tuple[tuple[str, ...], int | None, int | None]
"""The stages that the last load found without a meaning, how many references lead nowhere, and how
many amounts are in another currency; None where a load did not come to count them."""


def rows(desk: Desk, ages: Sequence[SourceAge]) -> tuple[SourceRow, ...]:
    """Return the sources, those that are amiss first.

    What a load could not use is the whole company's: it is told in figures to who sees all of it,
    and in words to others.
    """
    whole, loose = desk.spans(TENANT), _loose(desk.session)
    unread: dict[str, int] = {}
    for one in confidence_evidence.rejected(desk.session):
        unread[one.source] = unread.get(one.source, 0) + one.rejected
    found = []
    for age in sorted(ages, key=lambda one: (not one.failed, -one.age, one.source)):
        stages, nowhere, foreign = loose.get(age.source, ((), None, None))
        strange = sum(stage not in desk.card.stages for stage in stages)
        known = strange if age.source in loose else None
        figures = (unread.get(age.source), nowhere, known, foreign)
        told = [_told(desk, figure, whole=whole) for figure in figures]
        name, ago = catalogue_words.source(age.source), desk.formats.ago(age.age)
        found.append(SourceRow(name, ago, _status(age), *told))
    return tuple(found)


def _told(desk: Desk, figure: int | None, *, whole: bool) -> str:
    if figure is None:
        return tr("not counted")
    if not figure:
        return tr("none")
    return desk.formats.number(figure) if whole else trc("of records that are amiss", "some")


def _status(age: SourceAge) -> Status | None:
    if age.failed:
        return Status(Tone.BAD, tr("Last load failed"))
    return Status(Tone.WATCH, tr("Stale"), "clock-history") if age.stale else None


@remembered
def _loose(session: TenantSession) -> dict[str, Loose]:
    found: dict[str, Loose] = {}
    for source, stages, references, currencies in session.execute(questions.last_loose_ends()):
        names = tuple(str(one.get("stage")) for one in stages or ())
        found[source] = (names, _sum(references), _sum(currencies))
    return found


def _sum(counted: Any) -> int | None:  # noqa: ANN401 - a part of a report
    """Return how many there are in all; None where the load did not come to count them."""
    return None if counted is None else sum(int(one.get("count") or 0) for one in counted)
