"""What a measure is made of, down to the records."""

from collections.abc import Iterator
from typing import assert_never

from kpi_engine.crm.derived import BY_STAGE
from kpi_engine.definitions.kinds import (
    Aggregate,
    Balance,
    Cohort,
    Duration,
    First,
    FirstTouch,
    Formula,
    Health,
    Kpi,
    KpiKey,
    KpiRef,
    Measure,
    Paired,
    Part,
    RankAccuracy,
    Ratio,
    Rolling,
    Slipped,
    Stock,
    ToDate,
)


def parts_of(measure: Measure) -> tuple[tuple[str, Part], ...]:
    """Return the parts of a measure, each with its place inside it; records have none."""
    match measure:
        case Ratio():
            return (("ratio.over", measure.over), ("ratio.under", measure.under))
        case Paired():
            return (("paired.actual", measure.actual), ("paired.forecast", measure.forecast))
        case Formula():
            return tuple((f"of.{name}", part) for name, part in measure.of)
        case Rolling():
            return (("rolling", measure.measure),)
        case ToDate():
            return (("to_date", measure.measure),)
        case (
            Aggregate()
            | Duration()
            | Cohort()
            | Stock()
            | Balance()
            | First()
            | FirstTouch()
            | RankAccuracy()
            | Slipped()
            | Health()
        ):
            return ()
        case _:
            assert_never(measure)


def walk(part: Part, place: str = "measure") -> Iterator[tuple[str, Part]]:
    """Yield a part and all that is below it, each with its place; other KPIs are not entered."""
    yield place, part
    if not isinstance(part, KpiRef):
        for name, below in parts_of(part):
            yield from walk(below, f"{place}.{name}")


def inputs_of(kpi: Kpi) -> tuple[KpiKey, ...]:
    """Return the KPIs that `kpi` is built from, each once, in the order they are named."""
    named = (part.key for _, part in walk(kpi.measure) if isinstance(part, KpiRef))
    return tuple(dict.fromkeys(named))


def stands_by_stage(part: Part) -> bool:
    """Say whether standing opportunities are valued by their stage, which is that of the time."""
    if not isinstance(part, Stock | Balance) or part.entity != "opportunity":
        return False
    return part.value is not None and not BY_STAGE.isdisjoint(part.value.columns)
