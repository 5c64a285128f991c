"""Replaced KPIs: old and new side by side, as finished text beside plain numbers."""

from dataclasses import dataclass

from portal.readmodels.cards import Choice, Head, Status
from portal.readmodels.charts import Axes, Series


@dataclass(frozen=True, slots=True)
class BridgeChart:
    """One line or two over the same points; two only where both are told in one unit."""

    axes: Axes
    names: tuple[str, ...]
    """'October 2026', for the hover."""
    series: tuple[Series, ...]
    """The old KPI's is dashed."""
    shared: tuple[int, int] | None
    """The first and the last point that ended while both were told; None where none did."""
    gap: tuple[int, float, float, str] | None
    """At which point the gap is drawn, from which value to which, and its words."""
    summary: str


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """One period of both, in words; the newest first."""

    period: str
    old: str
    """Or the reason that there is none."""
    old_of: str
    """'315 of 1,240'; empty where there is nothing to say."""
    new: str
    new_of: str
    gap: str
    said: str
    """Whether both were told."""


@dataclass(frozen=True, slots=True)
class BridgePanel:
    """One replacement of a KPI by another."""

    anchor: str
    title: str
    sub: str
    pill: Status
    sentence: str
    old: str
    new: str
    facts: tuple[tuple[str, str], ...]
    charts: tuple[BridgeChart, ...] = ()
    rows: tuple[BridgeRow, ...] = ()
    foot: str = ""
    earlier: tuple[str, ...] = ()
    """What was stored before, a line each, the newest first."""
    store: str = ""
    """The form that stores it before the end; empty where it is not to be stored, or not by you."""
    export: str = ""
    links: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplacedPage:
    """The ledger of replaced KPIs."""

    head: Head
    tabs: tuple[Choice, ...]
    said: str
    panels: tuple[BridgePanel, ...]
    catalogue: str
    """Where KPIs are replaced."""


@dataclass(frozen=True, slots=True)
class BridgeForm:
    """A bridge that is to be stored before the parallel run ends."""

    title: str
    told: str
    """What would be stored."""
    sentence: str
    back: str
