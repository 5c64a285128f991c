"""Every target that holds, as a list for people and programs."""

from dataclasses import dataclass
from typing import Any

from kpi_engine.compiler.relations import key_alone
from kpi_engine.periods import Calendar, Grain, Period
from portal.models import targets as questions
from portal.models.targets import Target as Row
from portal.services.targets import Target, says, told
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Held:
    """A target that holds, with who set it, when and why."""

    kpi: str
    period: Period
    scope: str
    """`tenant`, or the kind and the id of a team or owner."""
    target: Target

    def plain(self) -> dict[str, Any]:
        """Return it in the form of docs/answers.md."""
        target = self.target
        shown = target.value if target.low is None else f"{target.low:g} to {target.high:g}"
        return {
            "kpi": self.kpi,
            "period": self.period.label,
            "scope": self.scope,
            "target": shown,
            "low": target.low,
            "high": target.high,
            "amber": target.amber,
            "red": target.red,
            "source": target.source,
            "set_by": target.set_by,
            "set_at": target.set_at,
            "note": target.note,
        }


def holding(session: TenantSession, calendar: Calendar) -> list[Held]:
    """Return every target that holds, by KPI, grain, scope and period."""
    return [
        Held(
            row.kpi,
            calendar.holding(row.period_start, Grain(row.grain)),
            _scope(row),
            told(row),
        )
        for row in session.scalars(questions.all_current())
        if says(row)
    ]


def _scope(row: Row) -> str:
    identity = key_alone(row.scope_id)
    return f"{row.scope_kind} {identity}".rstrip()
