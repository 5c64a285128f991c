"""A quotient that is 0 because nothing stood above its line: what leads cost without a campaign.

Its 0 is right, and tells of nobody's work: falling to it is no saving, and what comes after it is
no rise. Pages say what was not there, and leave the comparison out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from kpi_engine.periods import Period
from kpi_engine.reading import Reading
from kpi_engine.units import SHARES
from portal.services import catalogue_words, records
from portal.services.engines import Workshop
from portal.services.kpi_sights import Sight
from portal.services.numbers import Point
from portal.services.records import RecordsAsked
from portal.services.too_slow import TooSlowError


@dataclass(frozen=True, slots=True)
class Tops:
    """Finds out what stood above the line of the KPI that a page looks at."""

    workshop: Workshop
    sight: Sight
    _known: dict[Period, str] = field(default_factory=dict)

    def bare(self, reading: Reading) -> bool:
        """Say whether a reading is a quotient of 0; a share reads '0 of 12', which says it all."""
        told = reading.value == 0 and reading.over == 0
        return told and self.sight.kpi.unit not in SHARES

    def missing(self, reading: Reading, period: Period) -> str:
        """Return what there was none of above the line: 'campaigns'.

        Empty where there was some, where it took too long to look, and for what is no such 0.
        """
        if not self.bare(reading):
            return ""
        if period not in self._known:
            self._known[period] = self._looked(period)
        return self._known[period]

    def _looked(self, period: Period) -> str:
        sight = self.sight
        asked = RecordsAsked(
            KpiKey(sight.kpi.key), period, sight.view.scope, sight.desk.today, most=1
        )
        try:
            found = records.find(self.workshop, sight.desk.card.key, asked)
        except TooSlowError:
            return ""
        above = [one for one in found.sides if one.side.name.split(".")[0] == "over"]
        if not above or any(one.total for one in above):
            return ""
        return catalogue_words.records(above[0].entity) if above[0].entity else ""

    def fact(self, points: Sequence[Point]) -> str:
        """Return what is said in place of a change; empty where there is one to tell.

        `points` end with the one before and the period that is looked at.
        """
        sight, formats = self.sight, self.sight.desk.formats
        before, now = (point.reading for point in points[-2:])
        kpi, value = sight.kpi.name, formats.short(now.value or 0.0, sight.kpi.unit)
        if lacks := self.missing(now, sight.period):
            period = formats.period(sight.period)
            return tr(
                "{kpi} is {value}: there were no {records} in {period}.",
                kpi=kpi,
                value=value,
                records=lacks,
                period=period,
            )
        if lacks := self.missing(before, sight.before):
            return tr(
                "{kpi} is {value}. It has nothing to be compared with: there were no {records} in"
                " {period}.",
                kpi=kpi,
                value=value,
                records=lacks,
                period=formats.period(sight.before),
            )
        return ""
