"""A tenant's KPIs quarter by quarter, by journey stage: what a scorecard says, not its looks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kpi_engine.definitions.described import Better, Stage
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.engine.answer import Answer
from kpi_engine.periods import Grain
from kpi_engine.reading import Absence, Reading, State
from kpi_engine.units import Unit
from portal.demo.companies import Company
from portal.services.engines import Workshop, open_engine
from portal.services.kpis import Wanted, question_of

_GRAIN = Grain.QUARTER


class Verdict(StrEnum):
    """How a number stands to the one before: by what is good for the KPI, or else by its size."""

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Change:
    """From one period to the next. `relative` is None for a ratio, and where the first was 0."""

    absolute: float
    relative: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Line:
    """One KPI: a reading a period, and the change over the last two if both are numbers."""

    kpi: Kpi
    readings: tuple[Reading, ...]
    change: Change | None

    @property
    def has_number(self) -> bool:
        """Whether any period has a number."""
        return any(reading.value is not None for reading in self.readings)


@dataclass(frozen=True, slots=True)
class Chapter:
    """The KPIs of one stage of the customer's journey."""

    stage: Stage
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What is said of one company."""

    company: Company
    currency: str
    periods: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    version: int
    known_at: datetime | None


def scorecard(workshop: Workshop, company: Company, now: datetime) -> Scorecard:
    """Ask for every KPI of the company, quarter by quarter.

    Raises:
        UnknownTenantError: if the company's tenant was not made.
        ValueError: if nobody said which quarters are shown of it.
    """
    with open_engine(workshop, company.key) as opened:
        catalogue = opened.engine.catalogue
        if company.start is None or company.end is None:
            raise ValueError(company.key)
        wanted = Wanted(tuple(catalogue), _GRAIN.value, company.start, company.end)
        answer = opened.engine.ask(question_of(wanted, opened.calendar, None, now))
    periods = tuple(each.label for each in answer.blocks[0].periods)
    lines = [_line(kpi, company, answer) for kpi in catalogue.values()]
    chapters = tuple(
        Chapter(stage, tuple(line for line in lines if line.kpi.stage is stage)) for stage in Stage
    )
    return Scorecard(
        company, opened.tenant.currency, periods, chapters, answer.version, answer.known_at
    )


def _line(kpi: Kpi, company: Company, answer: Answer) -> Line:
    block = answer.block(kpi.key, _GRAIN)
    if kpi.key in company.withheld:
        why = Reading(None, State.WITHHELD, company.withheld[kpi.key], 0)
        return Line(kpi, tuple(why for _ in block.periods), None)
    readings = tuple(block.reading(0, number) for number in range(len(block.periods)))
    return Line(kpi, readings, change_between(readings[-2].value, readings[-1].value, kpi))


def change_between(before: float | None, after: float | None, kpi: Kpi) -> Change | None:
    """Return the change from one value of a KPI to the next; None without both."""
    if before is None or after is None:
        return None
    moved = after - before
    relative = None if kpi.unit is Unit.RATIO or before == 0 else moved / abs(before)
    return Change(moved, relative, _verdict(moved, kpi.better))


def _verdict(moved: float, better: Better) -> Verdict:
    if moved == 0:
        return Verdict.SAME
    if better is Better.RANGE:
        return Verdict.HIGHER if moved > 0 else Verdict.LOWER
    return Verdict.BETTER if (moved > 0) is (better is Better.HIGHER) else Verdict.WORSE


def plain_reason(reason: str) -> str:
    """Return a reason by which KPIs can be listed together: which part it was is left out."""
    causes = [each.value for each in Absence if each is not Absence.MISSING_PART]
    return next((cause for cause in causes if cause in reason), reason)


def reasons(line: Line) -> tuple[str, ...]:
    """Return why a KPI has no number, each reason once."""
    return tuple(dict.fromkeys(plain_reason(each.reason) for each in line.readings if each.reason))
