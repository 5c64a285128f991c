"""Why a card of a sales home has no number, in the words of its KPI."""

from kpi_engine.language import mark, tr
from kpi_engine.reading import Reading
from portal.services import why_none

_LACKING = {
    "quota_attainment": mark("no quota in {period}"),
    "pipeline_coverage_remaining": mark("no quota left to fill in {period}"),
    "win_rate": mark("no closed deals in {period}"),
    "follow_up_on_time_rate": mark("no follow-ups due in {period}"),
    "lead_response_hours": mark("no answered leads in {period}"),
    "forecast_accuracy": mark("no forecasts to compare in {period}"),
    "sales_cycle_days": mark("no won deals in {period}"),
    "pipeline_created": mark("no new deals with an amount in {period}"),
    "call_connect_rate": mark("no calls in {period}"),
    "won_revenue": mark("no won deals with an amount in {period}"),
    "meetings_held": mark("no meetings held in {period}"),
}


def told(key: str, reading: Reading, period: str) -> str:
    """Return why there is no number in a period, which is told by its name."""
    lacking = _LACKING.get(key)
    if lacking and reading.reason in {"no rows", "the denominator is 0"}:
        return tr(lacking, period=period)
    return tr("{reason} in {period}", reason=why_none.told(reading.reason), period=period)
