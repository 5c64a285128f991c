"""What the page of targets says: the targets of a period and scope, and the form that sets one."""

from dataclasses import dataclass

from portal.readmodels.cards import Head
from portal.readmodels.scorecard import Empty


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One KPI with its target, who set it, when and why."""

    name: str
    href: str
    value: str
    """The last final number of the KPI at this grain, to set the target by."""
    target: str
    bounds: str
    """Where watch and off target begin, if somebody said so."""
    source: str
    set_by: str
    note: str
    set_href: str
    """Opens the form for this KPI; empty for who may not set it."""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class TargetForm:
    """The form for one KPI: which fields it has follows from the way that is good."""

    kpi: str
    title: str
    unit: str
    """What figures are typed in: '%', 'days', '€'."""
    is_range: bool
    value: str
    low: str
    high: str
    amber: str
    red: str
    longest: int
    history: tuple[str, ...]
    """Everything that was ever said of this target, the newest first."""
    cancel: str


@dataclass(frozen=True, slots=True)
class TargetPage:
    """The whole page."""

    head: Head
    title: str
    sub: str
    rows: tuple[TargetRow, ...]
    form: TargetForm | None
    hint: str
    copy: str
    """What the button says that copies the period before; empty for who may not."""
    quota: str
    """What the button says that takes the quotas over; empty for who may not."""
    empty: Empty | None = None
