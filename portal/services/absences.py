"""Why there is no number, in the words of what was looked for: 'no tickets in October 2026'."""

from collections.abc import Mapping

from kpi_engine.compiler.needs import entity_of
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.definitions.words import many
from kpi_engine.engine.listing import sides_of
from kpi_engine.periods import Period
from kpi_engine.reading import Absence, Reading
from portal.readmodels.formats import Formats

_NAMED: Mapping[str, str] = {
    Absence.NO_ROWS.value: "no {what} in {period}",
    Absence.ZERO_DENOMINATOR.value: "no {what} to divide by in {period}",
    Absence.NOT_LOADED.value: "no {what} were ever loaded",
}


def in_words(
    catalogue: Catalogue, kpi: Kpi, reading: Reading, period: Period, formats: Formats
) -> str:
    """Return why a reading has no value; empty where it has one."""
    if reading.value is not None:
        return ""
    reason = reading.reason or "no number"
    told = next((text for word, text in _NAMED.items() if reason == word), "")
    if not told:
        return reason
    return told.format(what=_records(catalogue, kpi), period=formats.period(period))


def _records(catalogue: Catalogue, kpi: Kpi) -> str:
    sides = sides_of(kpi.measure, catalogue)
    if not sides:
        return "records"
    return many(entity_of(sides[0].leaf))
