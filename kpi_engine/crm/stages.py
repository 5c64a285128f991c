"""The tenant's stage map: what each stage name of the CRM means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class StageRule:
    """What one stage stands for.

    `status` is open, won or lost. A stage that the map does not name is counted as open, has no
    order and no probability, and is reported.
    """

    status: str
    order: int | None = None
    probability: float | None = None
    forecast: str | None = None

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Read a rule as the tenant's settings hold it."""
        return cls(
            found["status"], found.get("order"), found.get("probability"), found.get("forecast")
        )


StageMap = Mapping[str, StageRule]
