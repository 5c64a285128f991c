"""How far a number could move is found by filling in the gaps in every way and asking the engine.

A range that leaves an outcome out tells people that they are safe where they are not; one that is
wider than what could happen tells them to doubt a good number.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from kpi_engine.crm.stages import StageRule
from kpi_engine.engine.swings import Sway, swings_of
from portal.services.awaited import HAPPENED, awaited
from tests.oracle.adapter import engine
from tests.oracle.records import Row
from tests.soundness.asking import Asking, at, made

MARCH, APRIL = at("2017-03-10"), at("2017-04-10")
STAGES = {
    "Won": StageRule("won"),
    "Lost": StageRule("lost"),
    "Open": StageRule("open", 1, 0.5),
}


@dataclass(frozen=True)
class Kind:
    """A KPI, its records, and every value that each column could have."""

    kpi: str
    entity: str
    fills: dict[str, tuple[Any, ...]]
    rest: dict[str, Any]
    share: bool = True


SHARE = (
    "ratio {ratio: {over: {count: lead, where: \"lead_source = 'web' and score > 50\","
    " on: created_at}, under: {count: lead, where: \"lead_source != 'fair'\", on: created_at}}}"
)
KINDS = {
    "win rate": Kind(
        "win_rate",
        "opportunity",
        {"stage": ("Won", "Lost", "Open"), "closed_at": (MARCH, APRIL)},
        {"created_at": at("2017-01-10")},
    ),
    "won deals": Kind(
        "won_deals",
        "opportunity",
        {"stage": ("Won", "Lost", "Open"), "closed_at": (MARCH, APRIL)},
        {"created_at": at("2017-01-10")},
        share=False,
    ),
    "reopened": Kind(
        "reopen_rate", "ticket", {"reopened_count": (0, 1, 7)}, {"resolved_at": MARCH}
    ),
    "one reply": Kind(
        "first_contact_resolution_one_reply",
        "ticket",
        {"agent_replies": (0, 1, 2)},
        {"resolved_at": MARCH, "closed_at": MARCH},
    ),
    "emails": Kind(
        "emails_sent",
        "activity",
        {"kind": ("email", "call"), "direction": ("outbound", "inbound")},
        {"created_at": MARCH, "completed_at": MARCH},
        share=False,
    ),
    "a share": Kind(
        SHARE,
        "lead",
        {
            "lead_source": ("web", "fair", "mail"),
            "score": (10.0, 50.0, 90.0),
            "created_at": (MARCH, APRIL),
        },
        {},
    ),
}


def some(kind: Kind, seed: int) -> list[Row]:
    """Return a few records of March and April, at most four of their cells empty."""
    dice = random.Random(seed)
    rows = [{name: dice.choice(values) for name, values in kind.fills.items()} for _ in range(6)]
    cells = [(row, name) for row in rows for name in kind.fills]
    for row, name in dice.sample(cells, k=dice.randint(0, 3)):
        row[name] = None
    return [made(number, **row, **kind.rest) for number, row in enumerate(rows, 1)]


def filled_in(kind: Kind, rows: list[Row]) -> Iterator[list[Row]]:
    """Yield the records with their gaps filled in, in every way."""
    gaps = [(at, name) for at, row in enumerate(rows) for name in kind.fills if row[name] is None]
    for values in product(*(kind.fills[name] for _, name in gaps)):
        told = [dict(row) for row in rows]
        for (place, name), value in zip(gaps, values, strict=True):
            told[place][name] = value
        yield told


def sway(kind: Kind, rows: Iterable[Row]) -> Sway:
    """Return how far the number of March could move."""
    asking = Asking(kind.kpi, stages=STAGES)
    asked = asking.of(**{kind.entity: rows})
    with engine(asked, asking.settings) as one:
        periods = one.staged(asked.question).scene.asked[asking.grain]
        found = swings_of(one, asked.question, periods, awaited, HAPPENED)
    (told,) = found.values()
    return told[periods[0]].every


def value(kind: Kind, rows: Iterable[Row]) -> tuple[float, float] | None:
    """Return the parts of the number of March: a count is its own lower part."""
    reading = Asking(kind.kpi, stages=STAGES).reading(**{kind.entity: rows})
    if reading.under is not None and reading.over is not None:
        return (reading.over, reading.under) if reading.under else None
    return (reading.value or 0.0, 1.0)


def ends(kind: Kind, told: Sway, side: str) -> tuple[float, float]:
    """Return one end, as parts."""
    over, under = told.count(f"{side}_over"), told.count(f"{side}_under")
    return float(over), float(under) if kind.share else 1.0


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_range_is_from_the_least_to_the_most_that_filling_in_could_give(name, seed):
    kind = KINDS[name]
    rows = some(kind, seed)
    told = sway(kind, rows)
    found = [value(kind, each) for each in filled_in(kind, rows)]
    shares = [over / under for over, under in filter(None, found)]
    now, low, high = (ends(kind, told, side) for side in ("now", "low", "high"))
    today = value(kind, rows)
    assert today in {None, now}
    assert told.count("strange") == 0
    if all(found):
        assert (low[0] / low[1], high[0] / high[1]) == (min(shares), max(shares))
    if not told.open:
        assert len(set(found)) == 1
