"""Labels of periods, as a person writes them: 2017-03, 2017-Q1, FY2018, 2017-W09, 2017-03-31."""

import re
from datetime import date

from kpi_engine.language import tr
from kpi_engine.periods import Calendar, Grain, Period
from portal.errors import BadInputError

_FORMS = (
    (r"\d{4}-\d{2}-\d{2}", Grain.DAY),
    (r"\d{4}-W\d{2}", Grain.WEEK),
    (r"\d{4}-\d{2}", Grain.MONTH),
    (r"(FY)?\d{4}-Q[1-4]", Grain.QUARTER),
    (r"(FY)?\d{4}", Grain.YEAR),
)


def period_of(label: str, calendar: Calendar) -> Period:
    """Return the period that a label names in the tenant's calendar.

    Raises:
        BadInputError: if it names none.
    """
    for form, grain in _FORMS:
        if re.fullmatch(form, label):
            for period in _near(label, grain, calendar):
                if period.label == label:
                    return period
    example = calendar.holding(date(2017, 3, 1), Grain.QUARTER).label
    raise BadInputError(
        tr(
            "'{label}' names no period. Write a month (2017-03), a quarter ({example}), a year, a"
            " week (2017-W09) or a day (2017-03-31).",
            label=label,
            example=example,
        )
    )


def _near(label: str, grain: Grain, calendar: Calendar) -> tuple[Period, ...]:
    """The periods of a grain around the year that a label begins with."""
    year = int(label.removeprefix("FY")[:4])
    if not 1901 <= year <= 2198:  # noqa: PLR2004  (the years that can be asked for)
        return ()
    if grain is Grain.DAY:
        try:
            return (calendar.holding(date.fromisoformat(label), grain),)
        except ValueError:
            return ()
    return calendar.periods(grain, date(year - 1, 1, 1), date(year + 2, 1, 1))
