"""How the rules write names, shares, days and lists."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from kpi_engine.definitions.described import Department, KpiClass, Stage
from kpi_engine.language import spoken, tr, trc, trn
from kpi_engine.periods import Grain

_SHOWN = 3
_HUNDRED = 100


def stage_name(stage: Stage) -> str:
    """Return a stage as it is written in a sentence's beginning."""
    return {
        Stage.AWARENESS: trc("stage", "Awareness"),
        Stage.LEAD_GENERATION: trc("stage", "Lead generation"),
        Stage.QUALIFICATION: trc("stage", "Qualification"),
        Stage.SALES: trc("stage", "Sales"),
        Stage.ONBOARDING: trc("stage", "Onboarding"),
        Stage.RETENTION: trc("stage", "Retention"),
        Stage.SERVICE: trc("stage", "Service"),
        Stage.DATA_QUALITY: trc("stage", "Data quality"),
    }[stage]


def stage_inside(stage: Stage) -> str:
    """Return a stage as it is written inside a sentence."""
    return {
        Stage.AWARENESS: trc("stage", "awareness"),
        Stage.LEAD_GENERATION: trc("stage", "lead generation"),
        Stage.QUALIFICATION: trc("stage", "qualification"),
        Stage.SALES: trc("stage", "sales"),
        Stage.ONBOARDING: trc("stage", "onboarding"),
        Stage.RETENTION: trc("stage", "retention"),
        Stage.SERVICE: trc("stage", "service"),
        Stage.DATA_QUALITY: trc("stage", "data quality"),
    }[stage]


def class_name(kpi_class: KpiClass) -> str:
    """Return a class as it is written in a sentence's beginning."""
    return {
        KpiClass.ACTIVITY: trc("class", "Activity"),
        KpiClass.QUALITY: trc("class", "Quality"),
        KpiClass.OUTCOME: trc("class", "Outcome"),
    }[kpi_class]


def class_inside(kpi_class: KpiClass) -> str:
    """Return a class as it is written inside a sentence."""
    return {
        KpiClass.ACTIVITY: trc("class", "activity"),
        KpiClass.QUALITY: trc("class", "quality"),
        KpiClass.OUTCOME: trc("class", "outcome"),
    }[kpi_class]


def department_inside(department: Department) -> str:
    """Return a department as it is written inside a sentence."""
    return {
        Department.SALES: trc("department", "sales"),
        Department.MARKETING: trc("department", "marketing"),
        Department.SERVICE: trc("department", "service"),
        Department.SUCCESS: trc("department", "success"),
        Department.OPERATIONS: trc("department", "operations"),
    }[department]


def counted(count: int) -> str:
    """Return '1 KPI' or '3 KPIs'."""
    return trn("{count} KPI", "{count} KPIs", count)


def grain_inside(grain: Grain) -> str:
    """Return how long a period is as it is written inside a sentence."""
    return {
        Grain.DAY: trc("grain", "day"),
        Grain.WEEK: trc("grain", "week"),
        Grain.MONTH: trc("grain", "month"),
        Grain.QUARTER: trc("grain", "quarter"),
        Grain.YEAR: trc("grain", "year"),
    }[grain]


def lasting(count: int, grain: Grain) -> str:
    """Return '1 month' or '3 weeks'."""
    if grain is Grain.DAY:
        return trn("{count} day", "{count} days", count)
    if grain is Grain.WEEK:
        return trn("{count} week", "{count} weeks", count)
    if grain is Grain.MONTH:
        return trn("{count} month", "{count} months", count)
    if grain is Grain.QUARTER:
        return trn("{count} quarter", "{count} quarters", count)
    return trn("{count} year", "{count} years", count)


def listed(names: Sequence[str], shown: int = _SHOWN) -> str:
    """Return 'A, B and C', or 'A, B and 4 more'."""
    told = list(names)
    if len(told) > shown:
        rest = len(told) - shown + 1
        told = [*told[: shown - 1], tr("{count} more", count=rest)]
    if len(told) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(told)
    return tr("{names} and {last}", names=", ".join(told[:-1]), last=told[-1])


def figure(number: float, places: int = 0) -> str:
    """Return a figure with the spoken language's decimal sign."""
    return f"{number:.{places}f}".replace(".", trc("decimal sign", "."))


def per_cent(share: float) -> str:
    """Return a share in whole per cent."""
    return f"{share * _HUNDRED:.0f} %"


def points(share: float) -> str:
    """Return a distance of shares in percentage points."""
    return tr("{figure} pp", figure=figure(share * _HUNDRED, 0 if share >= 0.1 else 1))  # noqa: PLR2004


def day(when: date) -> str:
    """Return '12 October 2026'."""
    return str(format_date(when, trc("pattern of a day", "d MMMM y"), locale=spoken()))
