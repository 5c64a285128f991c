"""What pages of several KPIs say of those that the reader may not see: how many, never what."""

from collections.abc import Iterable

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr, trn
from portal.readmodels.scorecard import Empty
from portal.services.desks import Desk
from portal.services.numbers import Who


def count(desk: Desk, who: Who, kpis: Iterable[KpiKey]) -> int:
    """Return of how many KPIs the person at the desk may not see the numbers of a scope."""
    return sum(not desk.sees(kpi, who) for kpi in kpis)


def more(hidden: int) -> str:
    """Say that there are others, under those that are shown; empty where there are none."""
    if not hidden:
        return ""
    return trn(
        "{count} more KPI is not yours to see.", "{count} more KPIs are not yours to see.", hidden
    )


def no_score(hidden: int, of: int) -> str:
    """Say why a goal has no score: that of a part would be another number under its name."""
    return trn(
        "No score: {hidden} of its {count} KPIs is not yours to see",
        "No score: {hidden} of its {count} KPIs are not yours to see",
        hidden,
        hidden=hidden,
        count=of,
    )


def page(name: str) -> Empty:
    """Return a page on which none of the KPIs is open to the reader for whom it is named."""
    return Empty(
        tr("None of these KPIs is yours"),
        tr(
            "You see the KPIs that you answer for, and none of this page is among them for {name}.",
            name=name,
        ),
        tr("See your KPIs"),
        "/?home=owner",
    )
