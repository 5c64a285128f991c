"""How the rules write names, shares, days and lists."""

from collections.abc import Sequence
from datetime import date

from kpi_engine.definitions.described import KpiClass, Stage

_SHOWN = 3
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_HUNDRED = 100


def stage_name(stage: Stage) -> str:
    """Return a stage as it is written in a sentence's beginning."""
    return stage.value.replace("_", " ").capitalize()


def class_name(kpi_class: KpiClass) -> str:
    """Return a class as it is written in a sentence's beginning."""
    return kpi_class.value.capitalize()


def counted(count: int, one: str, many: str = "") -> str:
    """Return '1 KPI' or '3 KPIs'."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def listed(names: Sequence[str], shown: int = _SHOWN) -> str:
    """Return 'A, B and C', or 'A, B and 4 more'."""
    told = list(names)
    if len(told) > shown:
        told = [*told[: shown - 1], f"{len(told) - shown + 1} more"]
    if len(told) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(told)
    return f"{', '.join(told[:-1])} and {told[-1]}"


def per_cent(share: float) -> str:
    """Return a share in whole per cent."""
    return f"{share * _HUNDRED:.0f} %"


def points(share: float) -> str:
    """Return a distance of shares in percentage points."""
    return f"{share * _HUNDRED:.0f} pp" if share >= 0.1 else f"{share * _HUNDRED:.1f} pp"  # noqa: PLR2004


def day(when: date) -> str:
    """Return '12 October 2026'."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
