"""What was known at a version of the store: records, their references and derived columns.

A CRM is every version that was ever loaded: for each entity a list of rows, dicts with `source`,
`id`, `seq`, `loaded_at`, `deleted` and the entity's columns; a column left out is null.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.crm.stages import StageMap
from kpi_engine.periods import Calendar
from tests.oracle.days import midnight

Row = Mapping[str, Any]
Crm = Mapping[str, list[Row]]
Identity = tuple[str, ...]
"""Which record a reference means: `("record", source, id)`, or `("raw", …)` when none is there."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The tenant's settings that bear on numbers outside of definitions."""

    proposal_stages: tuple[str, ...] = ()
    """Empty: every stage whose name speaks of a proposal."""
    forecast_category: str | None = None
    business_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(17)
    holidays: tuple[date, ...] = ()


def version_known_at(crm: Crm, moment: datetime | None) -> int:
    """Return the last version that had been loaded at `moment` (None: now); 0 if none was."""
    seen = [
        row["seq"]
        for rows in crm.values()
        for row in rows
        if moment is None or row["loaded_at"] <= moment
    ]
    return max(seen, default=0)


@dataclass
class World:
    """All that is known at one version, with ways to follow references."""

    crm: Crm
    stages: StageMap
    rules: Rules
    calendar: Calendar
    today: date
    seq: int
    _raw: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    _now: dict[str, list[Row]] = field(default_factory=dict)

    def loaded(self, entity: str) -> bool:
        """Whether any record of the entity was ever loaded."""
        entity = "onboarding_step" if entity == "onboarding" else entity
        return bool(self._visible(entity))

    def _visible(self, entity: str) -> list[Row]:
        return [row for row in self.crm.get(entity, ()) if row["seq"] <= self.seq]

    def by_id(self, entity: str) -> dict[str, list[Row]]:
        """Return the records that stand, without derived columns, by id over all sources."""
        if entity not in self._raw:
            latest: dict[tuple[str, str], Row] = {}
            for row in sorted(self._visible(entity), key=lambda row: row["seq"]):
                latest[row["source"], row["id"]] = row
            found: dict[str, list[Row]] = {}
            for row in latest.values():
                if not row["deleted"]:
                    found.setdefault(row["id"], []).append(row)
            self._raw[entity] = found
        return self._raw[entity]

    def raw(self, entity: str) -> list[Row]:
        """Return the records that stand, without derived columns."""
        return [row for rows in self.by_id(entity).values() for row in rows]

    def now(self, entity: str) -> list[Row]:
        """Return the records that stand at this version, with their derived columns."""
        if entity not in self._now:
            if entity == "onboarding":
                self._now[entity] = onboardings(self.raw("onboarding_step"))
            else:
                self._now[entity] = [self.derive(entity, row) for row in self.raw(entity)]
        return self._now[entity]

    def sources(self) -> tuple[str, ...]:
        """Return the sources that have records."""
        return tuple(sorted({row["source"] for entity in self.crm for row in self.raw(entity)}))

    def versions(self, entity: str, row: Row) -> list[Row]:
        """Return the versions of a record that were not deletions, oldest first."""
        if entity == "onboarding":
            return [row]
        return [self.derive(entity, version) for version in self._recorded(entity, row)]

    def _recorded(self, entity: str, row: Row) -> list[Row]:
        mine = [
            version
            for version in self._visible(entity)
            if (version["source"], version["id"]) == (row["source"], row["id"])
            and not version["deleted"]
        ]
        return sorted(mine, key=lambda version: version["seq"])

    def known_then(self, entity: str, row: Row, moment: datetime) -> Row:
        """Return the record as it was known at `moment`, or as first known when that was later."""
        return self.derive(entity, self.recorded_then(entity, row, moment))

    def recorded_then(self, entity: str, row: Row, moment: datetime) -> Row:
        """Return the same without derived columns."""
        versions = self._recorded(entity, row)
        known = [version for version in versions if version["loaded_at"] <= moment]
        return known[-1] if known else versions[0]

    def identity(self, entity: str, row: Row, column: str) -> Identity | None:
        """Return what tells two references apart: the record meant, else source and id as given.

        A record of the same source is meant before one of another; of several elsewhere, none.
        """
        target = QUERYABLE[entity].column(column)
        wanted = row.get(column)
        if target is None or wanted is None:
            return None
        candidates = self.by_id(target.refers).get(wanted, []) if target.refers else []
        own = [record for record in candidates if record["source"] == row["source"]]
        meant = own or candidates
        return identity_of(meant[0]) if len(meant) == 1 else ("raw", row["source"], wanted)

    def refer(self, entity: str, row: Row, column: str) -> Row | None:
        """Return the record that a column of `row` means, or None when there is none."""
        meant = self.identity(entity, row, column)
        if meant is None or meant[0] == "raw":
            return None
        far = QUERYABLE[entity].column(column).refers
        return next(record for record in self.now(far) if identity_of(record) == meant)

    def derive(self, entity: str, row: Row) -> Row:
        """Return the row with the columns that follow from the records and the stage map."""
        make = _DERIVED.get(entity)
        return {**row, **make(self, row)} if make else row


def identity_of(record: Row) -> Identity:
    """Return what tells this record from every other of its entity."""
    return ("record", record["source"], record["id"])


def _opportunity(world: World, row: Row) -> Row:
    rule = world.stages.get(row["stage"])
    stages = {row["stage"]}
    for change in world.now("stage_change"):
        if world.identity("stage_change", change, "opportunity_id") == identity_of(row):
            stages |= {change["to_stage"]}
    return {
        "status": rule.status if rule else "open",
        "stage_order": rule.order if rule else None,
        "stage_probability": rule.probability if rule else None,
        "stage_is_mapped": rule is not None,
        "entered_proposal": any(_is_proposal(world, stage) for stage in stages),
        "forecast_category": row.get("forecast_category") or (rule.forecast if rule else None),
    }


def _is_proposal(world: World, stage: str | None) -> bool:
    if stage is None:
        return False
    named = world.rules.proposal_stages
    return stage in named if named else "proposal" in stage.lower()


def _touch(world: World, row: Row) -> Row:
    count = row.get("count")
    mine = world.identity("touch", row, "campaign_id")
    others = [
        touch
        for touch in world.raw("touch")
        if world.identity("touch", touch, "campaign_id") == mine
        and (mine is not None or touch["source"] == row["source"])
    ]
    recorded = any(touch["kind"] == "delivered" for touch in others)
    return {
        "quantity": 1 if count is None else count,
        "is_delivered": row["kind"] == ("delivered" if recorded else "sent"),
    }


def _subscription(world: World, row: Row) -> Row:
    return {"running_mrr": 0 if row.get("is_trial") else row["mrr"]}


def _usage(world: World, row: Row) -> Row:
    mine = world.identity("usage", row, "account_id")
    day = row["occurred_on"]
    paying = [
        subscription
        for subscription in world.now("subscription")
        if world.identity("subscription", subscription, "account_id") == mine
        and subscription["started_on"] <= day
        and (subscription.get("ended_on") is None or subscription["ended_on"] > day)
    ]
    return {
        "by_customer": sum(row["running_mrr"] for row in paying) > 0,
        "account_day": f"{mine} {day}",
    }


def _ticket(world: World, row: Row) -> Row:
    over = midnight_after(world, world.today)
    found: dict[str, Any] = {}
    for what in ("first_response", "resolution"):
        minutes = row.get(f"sla_{what}_minutes")
        passed = None
        if minutes is not None:
            passed = row["created_at"] + timedelta(minutes=minutes) < over
        found[f"{what}_limit_passed"] = passed
    return found


def midnight_after(world: World, day: date) -> datetime:
    """Return the moment at which `day` has ended."""
    return midnight(date.fromordinal(day.toordinal() + 1), world.calendar.timezone)


_DERIVED = {
    "opportunity": _opportunity,
    "touch": _touch,
    "subscription": _subscription,
    "usage": _usage,
    "ticket": _ticket,
}


def onboardings(steps: list[Row]) -> list[Row]:
    """Return one record an account with steps: begun with the first, done with all required."""
    found: list[Row] = []
    for key in dict.fromkeys((step["source"], step["account_id"]) for step in steps):
        mine = [step for step in steps if (step["source"], step["account_id"]) == key]
        needed = [step for step in mine if step.get("required") is not False]
        starts = [step["started_at"] for step in mine if step.get("started_at") is not None]
        ends = [step.get("completed_at") for step in needed]
        done = bool(ends) and None not in ends
        found.append(
            {
                "id": key[1],
                "source": key[0],
                "account_id": key[1],
                "started_at": min(starts, default=None),
                "completed_at": max(ends) if done else None,
                "steps": len(mine),
            }
        )
    return found
