"""Which forecasts were the last word when a period's first day ended."""

from kpi_engine.periods import Grain
from tests.oracle.days import holding
from tests.oracle.quotas import FINER
from tests.oracle.records import Identity, Row, World, identity_of, midnight_after


def is_opening(world: World, row: Row, grain: Grain) -> bool:
    """Whether the forecast was its owner's last one by the end of the first day of its period.

    An owner's forecasts of the grain asked count, or those of the coarsest finer grain where there
    are none. Where any forecast is of the category of the tenant's setting, only those count.
    """
    rivals = [
        other
        for other in _counted(world)
        if _owner(world, other) == _owner(world, row)
        and other["period_start_on"] == row["period_start_on"]
        and other["period_grain"] == _grain_used(world, row, grain)
        and _in_time(world, other, grain)
    ]
    last = max(rivals, key=lambda other: (other["submitted_at"], other["id"]), default=None)
    return last is not None and identity_of(last) == identity_of(row)


def _owner(world: World, row: Row) -> Identity | None:
    return world.identity("forecast", row, "owner_id")


def _counted(world: World) -> list[Row]:
    """Return the forecasts of the category that counts."""
    rows = world.raw("forecast")
    category = world.rules.forecast_category
    return [row for row in rows if row.get("category") == category] or rows


def _in_time(world: World, row: Row, grain: Grain) -> bool:
    opens = holding(row["period_start_on"], grain, world.calendar).start
    return row["submitted_at"] < midnight_after(world, opens)


def _grain_used(world: World, row: Row, grain: Grain) -> str | None:
    mine = {
        other["period_grain"]
        for other in _counted(world)
        if _owner(world, other) == _owner(world, row)
    }
    usable = [each.value for each in FINER[: FINER.index(grain) + 1] if each.value in mine]
    return usable[-1] if usable else None
