"""The levels of confidence, what is looked at for them, and every threshold in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum

from portal.services import source_ages, statuses


class Level(IntEnum):
    """How far a number may be trusted, as bars."""

    UNKNOWN = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Check(StrEnum):
    """What is looked at."""

    NUMBER = "number"
    LOOKED = "looked"
    LOADED = "loaded"
    FILLED = "filled"
    PLACED = "placed"
    MAPPED = "mapped"
    READ = "read"
    FRESH = "fresh"
    COVERED = "covered"
    OWNED = "owned"
    AHEAD = "ahead"
    LATE = "late"
    TWICE = "twice"
    CHANCE = "chance"
    COUNT = "count"
    SETTLED = "settled"
    RESTATED = "restated"


@dataclass(frozen=True, slots=True)
class Limit:
    """Up to `high` nothing is amiss; up to `medium` some; beyond it the number is of low trust."""

    high: float
    medium: float

    def level(self, amiss: float) -> Level:
        """Return the level of so much amiss."""
        if amiss <= self.high:
            return Level.HIGH
        return Level.MEDIUM if amiss <= self.medium else Level.LOW


LIMITS: Mapping[Check, Limit] = {
    Check.FILLED: Limit(0.10, 0.25),
    Check.PLACED: Limit(0.02, 0.10),
    Check.MAPPED: Limit(0.0, 0.05),
    Check.READ: Limit(0.01, 0.05),
    Check.FRESH: Limit(source_ages.STALE_AFTER / timedelta(hours=1), 7 * 24.0),
    Check.OWNED: Limit(0.05, 0.20),
    Check.AHEAD: Limit(0.01, 0.05),
    Check.LATE: Limit(0.10, 0.30),
    Check.TWICE: Limit(0.03, 0.10),
    Check.CHANCE: Limit(0.20, 0.40),
    Check.RESTATED: Limit(0.25, 0.50),
}
"""Shares of what is amiss; for FRESH hours, for CHANCE the width of the 95 % interval."""
MANY, FEW = 30, statuses.LEAST_RECORDS
"""A typical time or score of so many records is sure; of fewer than `FEW` it tells of chance."""
PERIODS, LEAST_PERIODS, MOVED = 8, 4, 0.02
"""Of so many periods it is told how often they moved by more than this share; not of fewer."""
