"""Which quotas count when owners, teams and teams above have one, at several grains."""

from datetime import date

from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension, Split
from tests.oracle.days import holding
from tests.oracle.records import Identity, Row, World

FINER = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


def in_force(world: World, row: Row, grain: Grain, split: Split) -> bool:
    """Whether the quota counts for a question of this grain and split.

    A holder's rows of the grain asked count, or those of the coarsest finer grain where it has
    none. By owner, owners' rows count; by team, a team's row stands for its owners'; for the
    whole, whatever is above stands for all below it. Nobody's target is counted twice.
    """
    if row["period_grain"] != _grain_used(world, row, grain):
        return False
    if Dimension.OWNER in split:
        return row.get("owner_id") is not None
    above = _holders_above(world, row)
    if Dimension.TEAM in split:
        above = above[:1] if row.get("team_id") is None else []
    bucket = holding(row["period_start_on"], grain, world.calendar).start
    return not any(_has_one(world, holder, row, grain, bucket) for holder in above)


def _holder(world: World, row: Row) -> Identity | None:
    column = "owner_id" if row.get("owner_id") is not None else "team_id"
    identity = world.identity("quota", row, column)
    return (column, *identity) if identity else None


def _grain_used(world: World, row: Row, grain: Grain) -> str | None:
    """Return the grain of the holder's rows that answers: the one asked, or the next finer."""
    mine = {
        other["period_grain"]
        for other in world.raw("quota")
        if _holder(world, other) == _holder(world, row) and other.get("kpi") == row.get("kpi")
    }
    usable = [each.value for each in FINER[: FINER.index(grain) + 1] if each.value in mine]
    return usable[-1] if usable else None


def _holders_above(world: World, row: Row) -> list[Identity]:
    """Return the teams over the quota's holder, nearest first."""
    found: list[Identity] = []
    if row.get("owner_id") is not None:
        person = world.refer("quota", row, "owner_id")
        team = world.refer("user", person, "team_id") if person else None
        identity = world.identity("user", person, "team_id") if person else None
    else:
        record = world.refer("quota", row, "team_id")
        team = world.refer("team", record, "parent_id") if record else None
        identity = world.identity("team", record, "parent_id") if record else None
    while identity is not None and ("team_id", *identity) not in found:
        found.append(("team_id", *identity))
        identity = world.identity("team", team, "parent_id") if team else None
        team = world.refer("team", team, "parent_id") if team else None
    return found


def _has_one(world: World, holder: Identity, row: Row, grain: Grain, bucket: date) -> bool:
    return any(
        _holder(world, other) == holder
        and other.get("kpi") == row.get("kpi")
        and other["period_grain"] == _grain_used(world, other, grain)
        and holding(other["period_start_on"], grain, world.calendar).start == bucket
        for other in world.raw("quota")
    )
