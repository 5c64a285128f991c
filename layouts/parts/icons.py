"""Icons: a mask painted in the colour of the text around it, from the style sheet of our own."""

from typing import Final

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc
from layouts.parts.attributes import attrs

NAMES: Final = frozenset(
    {
        "activity",
        "arrow-clockwise",
        "arrow-down",
        "arrow-down-right",
        "arrow-left",
        "arrow-right",
        "arrow-up",
        "arrow-up-right",
        "ban",
        "bar-chart-line",
        "bell",
        "book",
        "box-arrow-right",
        "box-arrow-up-right",
        "bullseye",
        "calculator",
        "calendar-check",
        "calendar-event",
        "calendar-x",
        "calendar3",
        "chat-left-text",
        "check-circle",
        "check-circle-fill",
        "check-lg",
        "check2-square",
        "chevron-down",
        "chevron-left",
        "chevron-right",
        "circle",
        "clock",
        "clock-history",
        "columns-gap",
        "currency-euro",
        "dash-circle",
        "database",
        "database-check",
        "diamond-fill",
        "download",
        "envelope",
        "exclamation-circle-fill",
        "exclamation-triangle-fill",
        "eye",
        "file-earmark-pdf",
        "file-earmark-spreadsheet",
        "file-text",
        "filter",
        "flag",
        "funnel",
        "gear",
        "gem",
        "geo-alt-fill",
        "graph-up",
        "graph-up-arrow",
        "grid-1x2",
        "headset",
        "hourglass-split",
        "house-door",
        "info-circle",
        "info-circle-fill",
        "journal-text",
        "key",
        "lightning-charge-fill",
        "link-45deg",
        "list-check",
        "lock-fill",
        "megaphone",
        "moon-stars",
        "pencil",
        "pencil-square",
        "people",
        "person",
        "person-badge",
        "person-check",
        "pin-angle",
        "plus-lg",
        "printer",
        "question-circle",
        "search",
        "send",
        "shield-check",
        "shield-exclamation",
        "shield-lock",
        "signpost-split",
        "slash-circle",
        "sliders",
        "star",
        "stars",
        "sun",
        "table",
        "telephone",
        "three-dots",
        "trophy",
        "x-circle-fill",
        "x-lg",
    }
)
"""The icons that the style sheet holds: `tools/vendor.py` cuts out these and no others."""


def class_icon(name: str) -> Component:
    """Return the icon of a class of KPIs by its name in the reader's language."""
    named = {
        tr("Activity"): "activity",
        trc("class", "Activity"): "activity",
        tr("Quality"): "gem",
        trc("class", "Quality"): "gem",
        tr("Outcome"): "bullseye",
        trc("class", "Outcome"): "bullseye",
    }
    return icon(named.get(name, "circle"))


def icon(name: str, classes: str = "", label: str = "") -> Component:
    """Return an icon; silent to a screen reader unless it has a label of its own."""
    if name not in NAMES:
        raise KeyError(name)
    said = attrs({"role": "img", "aria-label": label} if label else {"aria-hidden": "true"})
    return html.Span(className=f"i i-{name} {classes}".rstrip(), **said)
