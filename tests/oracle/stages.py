"""An opportunity as it stood at a moment: what its stage then was, and what was known of it."""

from datetime import datetime, timedelta

from kpi_engine.definitions.expressions import Expression
from tests.oracle.records import Row, World, identity_of

OF_THE_STAGE = {
    *("stage", "status", "stage_order", "stage_probability", "stage_is_mapped"),
    *("probability", "forecast_category"),
}


def stands_on_stage(entity: str, value: Expression) -> bool:
    """Whether a value of an opportunity depends on where in the pipeline it is."""
    return entity == "opportunity" and not OF_THE_STAGE.isdisjoint(value.columns)


def stood_then(world: World, row: Row, moment: datetime) -> Row:
    """Return an open opportunity with the stage, and what follows from it, of a moment.

    How a deal ended was known to nobody while it was open: what is recorded of a closed deal says
    nothing of its stage before, nor of its own probability.
    """
    recorded = dict(world.recorded_then("opportunity", row, moment))
    written = recorded["stage"]
    if _ended(world, written):
        written, recorded["probability"], recorded["forecast_category"] = None, None, None
    recorded["stage"] = _stage_by_changes(world, row, recorded, written, moment)
    return world.derive("opportunity", recorded)


def _ended(world: World, stage: str) -> bool:
    rule = world.stages.get(stage)
    return rule is not None and rule.status in ("won", "lost")


def _stage_by_changes(
    world: World, row: Row, recorded: Row, written: str | None, moment: datetime
) -> str | None:
    changes = sorted(
        (
            (_from(world, change), change["id"], change["source"], change)
            for change in world.now("stage_change")
            if world.identity("stage_change", change, "opportunity_id") == identity_of(row)
        ),
        key=lambda each: each[:3],
    )
    stage = written
    if changes:
        since, _, _, first = changes[0]
        before = written if recorded["loaded_at"] <= since else None
        stage = first.get("from_stage") or before
    for since, _, _, change in changes:
        if since <= moment:
            stage = change["to_stage"]
    return stage


def _from(world: World, change: Row) -> datetime:
    """From when on a change holds: what is closed at a moment still stands open at it."""
    closing = _ended(world, change["to_stage"])
    found: datetime = change["changed_at"]
    return found + timedelta(microseconds=1) if closing else found
