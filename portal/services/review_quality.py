"""How far the data of a review's numbers was to be trusted when it opened: frozen with them.

What the last refresh saw is read once for all KPIs and scopes; what it did not look at, such as a
year, is looked through now, in one go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.periods import Period
from portal.services import (
    confidence,
    confidence_bands,
    confidence_evidence,
    confidence_words,
    record_gaps,
    source_ages,
)
from portal.services.confidence import Told
from portal.services.confidence_bands import Band
from portal.services.confidence_limits import Check, Level
from portal.services.confidence_rules import Ground, Trust, level_of
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.numbers import Point, Who
from portal.services.record_gaps import Kind
from portal.services.source_ages import SourceAge


@dataclass(frozen=True, slots=True)
class Qualities:
    """What the records of some KPIs in one period lack, and how old they are."""

    desk: Desk
    kinds: Mapping[KpiKey, tuple[Kind, ...]]
    ages: tuple[SourceAge, ...]
    definitions: Mapping[KpiKey, str]
    """The fingerprint of the definition by which each KPI's records were looked through."""

    def of(self, kpi: Kpi, who: Who, points: tuple[Point, ...]) -> dict[str, Any] | None:
        """Return what is frozen of the number of the last point; None where nothing was seen."""
        kinds = self.kinds.get(kpi.key)
        now = points[-1]
        made_by = self.definitions[kpi.key]
        if kinds is None or now.reading.value is None or now.definition != made_by:
            return None
        session = self.desk.session
        seen = confidence_evidence.seen_by(session, kinds, who)
        known = confidence_evidence.evidence(session, self.ages, seen, who)
        found = confidence.grounds(self.desk, Told(kpi, points), known)
        band = confidence_bands.band(kpi, now.reading, known)
        return frozen(level_of(found), found[0], band)


def qualities(
    desk: Desk, kpis: Sequence[Kpi], period: Period, workshop: Workshop | None
) -> Qualities:
    """Return what the confidence of some numbers of a period is told from."""
    keys = [kpi.key for kpi in kpis]
    named = fingerprints(desk.catalogue)
    kept = record_gaps.kept(desk.session, keys, period)
    kinds = {key: seen for key, (made_by, seen) in kept.items() if made_by == named[key]}
    missing = [key for key in keys if key not in kinds]
    if missing and workshop is not None:
        kinds |= confidence_evidence.looked(workshop, desk, missing, period) or {}
    return Qualities(desk, kinds, source_ages.sources(desk.session, desk.now), named)


def read(told: Mapping[str, Any] | None) -> Trust | None:
    """Return what was frozen; None where nothing was."""
    if told is None:
        return None
    ground, source = dict(told["ground"]), told["ground"]["source"]
    age = None
    if source is not None:
        hours = timedelta(seconds=source["age"])
        moment = datetime.fromisoformat(source["loaded_at"])
        stale = hours > source_ages.STALE_AFTER
        age = SourceAge(source["source"], moment, hours, stale, source["failed"])
    span = tuple(ground["span"]) if ground["span"] else None
    kept = ground | {"check": Check(ground["check"]), "source": age, "span": span}
    grounds = (Ground(**kept | {"level": Level(ground["level"])}),)
    return Trust(Level(told["level"]), grounds, confidence_bands.read(told.get("band")))


def shown(desk: Desk, trust: Trust | None, period: Period) -> tuple[tuple[int, str] | None, str]:
    """Return the bars and their word, and the worst that spoke against the number.

    Where it could move it says how far; a review that was frozen before that was told does not.
    """
    if trust is None:
        return None, ""
    word = confidence_words.word(trust.level)
    return (int(trust.level), word), confidence.doubt(desk, trust, period)


def frozen(level: Level, ground: Ground, band: Band | None = None) -> dict[str, Any]:
    """Return a level and what decided it as they are kept: figures, to be said in any language."""
    age = ground.source
    kept = {
        "check": ground.check.value,
        "level": int(ground.level),
        "amiss": ground.amiss,
        "count": ground.count,
        "total": ground.total,
        "entity": ground.entity,
        "column": ground.column,
        "why": ground.why,
        "span": list(ground.span) if ground.span is not None else None,
        "source": None
        if age is None
        else {
            "source": age.source,
            "loaded_at": age.loaded_at.isoformat(),
            "age": age.age.total_seconds(),
            "failed": age.failed,
        },
    }
    return {"level": int(level), "ground": kept, "band": confidence_bands.frozen(band)}
