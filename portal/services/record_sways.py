"""How far each KPI could move if what its records lack were filled in: counted with the gaps."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kpi_engine.compiler.relations import key_of
from kpi_engine.compiler.swings import RANGES
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.swings import Sway, Swayed, swings_of
from kpi_engine.periods import Period
from kpi_engine.questions import Question
from portal.services.awaited import HAPPENED, awaited
from portal.services.engines import Opened


def counted(
    opened: Opened, question: Question, periods: Sequence[Period], only: str
) -> Mapping[KpiKey, Mapping[Period, Swayed]]:
    """Count how far some KPIs could move in some periods; one without a range is missing.

    Args:
        opened: An engine.
        question: Whose KPIs and days.
        periods: The periods within its days.
        only: The source, where there is one: the engine tells owners by their bare ids then.

    Raises:
        KpiError: if the records of one of them cannot be asked so.
    """
    found = swings_of(opened.engine, question, periods, awaited, HAPPENED)
    return {
        key: {period: _named(one, only) for period, one in told.items()}
        for key, told in found.items()
    }


def _named(one: Swayed, only: str) -> Swayed:
    """Return counts with their owners as the roster names them."""
    owners = {key_of(only, owner): sway for owner, sway in one.by_owner.items()}
    return Swayed(one.entity, one.columns, one.every, owners)


def kept(one: Swayed | None) -> dict[str, Any] | None:
    """Return counts as they are kept."""
    if one is None:
        return None
    return {
        "entity": one.entity,
        "columns": list(one.columns),
        "every": signs(one.every),
        "owners": {owner: signs(sway) for owner, sway in one.by_owner.items()},
    }


def read(told: Mapping[str, Any] | None) -> Swayed | None:
    """Return counts as they were kept; None where none were."""
    if told is None:
        return None
    owners = {owner: sway_of(counts) for owner, counts in told["owners"].items()}
    return Swayed(told["entity"], tuple(told["columns"]), sway_of(told["every"]), owners)


def signs(sway: Sway) -> list[int]:
    """Return counts in few signs: there is one of each person."""
    return [*sway.counts, sway.open, *sway.missing]


def sway_of(counts: Collection[int]) -> Sway:
    """Return counts as they were made."""
    first, (lacking, *missing) = list(counts)[: len(RANGES)], list(counts)[len(RANGES) :]
    return Sway(tuple(first), lacking, tuple(missing))
