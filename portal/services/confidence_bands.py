"""How far a number could move if what its records lack were filled in, as a range and in words.

Only what can be told exactly is told: counts, and shares of counts. Where the counts that it stands
on are not those of the number, because facts came in between, nothing is said.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kpi_engine.compiler.swings import swing_of
from kpi_engine.definitions.kinds import Kpi, Ratio
from kpi_engine.engine.swings import Sway
from kpi_engine.language import tr, trn
from kpi_engine.reading import Reading
from kpi_engine.units import Unit
from portal.readmodels.formats import Formats
from portal.services import catalogue_words
from portal.services.awaited import HAPPENED, awaited
from portal.services.builder_columns import column_words
from portal.services.confidence_evidence import Evidence
from portal.services.data_needs import behind
from portal.services.desks import Desk


@dataclass(frozen=True, slots=True)
class Band:
    """A number with the least and the most that it could be.

    `count` records of `entity` could count or not, because they lack some of `columns`; none: the
    number is what it is.
    """

    unit: Unit
    now: float
    low: float
    high: float
    count: int
    entity: str
    columns: tuple[str, ...]


def band(kpi: Kpi, reading: Reading, known: Evidence) -> Band | None:
    """Return how far a number could move.

    None without a number, where nobody can tell, or where it was counted on other facts.
    """
    told = next((one for one in known.seen or () if one.sway is not None), None)
    swayed = told.kind.sway if told is not None else None
    if told is None or told.sway is None or swayed is None or reading.value is None:
        return None
    sway, share = told.sway, isinstance(kpi.measure, Ratio)
    ends = [_value(sway, side, share=share) for side in ("low", "high")]
    if sway.count("strange") or not _same(sway, reading, share=share) or None in ends:
        return None
    missing = sway.missing or (0,) * len(swayed.columns)
    lacked = [name for name, count in zip(swayed.columns, missing, strict=True) if count]
    low, high = (one for one in ends if one is not None)
    named = tuple(dict.fromkeys(behind(swayed.entity, name) for name in lacked))
    return Band(kpi.unit, reading.value, low, high, sway.open, swayed.entity, named)


def _value(sway: Sway, side: str, *, share: bool) -> float | None:
    under = sway.count(f"{side}_under")
    if not share:
        return float(under)
    return sway.count(f"{side}_over") / under if under else None


def _same(sway: Sway, reading: Reading, *, share: bool) -> bool:
    """Say whether the records that were counted make the number that is shown."""
    over, under = sway.count("now_over"), sway.count("now_under")
    return (reading.over, reading.under) == (over, under) if share else reading.value == under


def sentence(one: Band, formats: Formats) -> str:
    """Return a range in words; "" where it reads as the number does."""
    now, low, high = (formats.value(value, one.unit) for value in (one.now, one.low, one.high))
    if now == low == high:
        return ""
    return trn(
        "{now} now; between {low} and {high} if the gaps of one record of the {records}"
        " were filled in ({columns}).",
        "{now} now; between {low} and {high} if the gaps of {count} {records}"
        " were filled in ({columns}).",
        one.count,
        now=now,
        low=low,
        high=high,
        count=formats.number(one.count),
        records=catalogue_words.records(one.entity),
        columns=", ".join(column_words(name) for name in one.columns),
    )


def told(desk: Desk, kpi: Kpi, reading: Reading, known: Evidence) -> str:
    """Return how far a number could move, or why nobody can tell; "" where nothing was counted."""
    if reading.value is None or not known.seen:
        return ""
    found = band(kpi, reading, known)
    if found is not None:
        steady = tr("Filling in what its records lack would not change how it reads.")
        whole = tr("No record lacks what decides whether it counts.")
        return sentence(found, desk.formats) or (steady if found.count else whole)
    if swing_of(kpi, desk.catalogue, awaited, HAPPENED) is None:
        return tr(
            "How far gaps in its records could move it is not told: that can be known only of what"
            " counts records, not of sums, times or filters with alternatives."
        )
    return ""


def frozen(one: Band | None) -> dict[str, Any] | None:
    """Return a range as a review keeps it: figures, to be said in any language."""
    return None if one is None else asdict(one)


def read(kept: Mapping[str, Any] | None) -> Band | None:
    """Return a range that a review kept; None where it kept none."""
    if kept is None:
        return None
    return Band(**{**kept, "unit": Unit(kept["unit"]), "columns": tuple(kept["columns"])})
