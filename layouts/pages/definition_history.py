"""The page of a definition's history: every version, what waits, and two versions side by side."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.pages.proposals import comparison_panel
from layouts.parts.heads import notice, page_head
from layouts.parts.icons import icon
from layouts.parts.links import link
from layouts.parts.panels import panel
from layouts.parts.pills import tag
from layouts.parts.tables import Row, table, two_lines
from portal.readmodels.proposals import HistoryPage, VersionCard
from portal.readmodels.tables import Column


def draw_history(page: HistoryPage) -> Component:
    """Return every version of a definition, and two side by side."""
    told = [notice("check-circle", page.said)] if page.said else []
    told += [notice("hourglass-split", page.behind)] if page.behind else []
    if page.waiting is not None:
        waits = page.waiting
        told.append(notice("hourglass-split", waits.text, link(tr("See it"), waits.href, "btn")))
    if page.ahead is not None:
        ahead = page.ahead
        told.append(notice("calendar-event", ahead.text, link(tr("See it"), ahead.href, "btn")))
    rows = [_version(one) for one in page.versions]
    heads = (
        Column(tr("Version")),
        Column(tr("Asked for by")),
        Column(tr("Why")),
        Column(tr("Fingerprint")),
    )
    body = table(heads, rows, caption=tr("Versions, the newest first"))
    parts: list[Component] = [panel(tr("Versions"), tr("The newest first."), body)]
    if page.comparison is not None:
        parts.append(comparison_panel(page.comparison))
    return html.Div([page_head(page.head), *told, *parts], className="pg")


def _version(one: VersionCard) -> Row:
    name = [link(one.name, f"{one.href}#compare", "tb-link")]
    marks = [tag(tr("Holds"), "check-lg")] if one.holds else []
    shown = [icon("eye", "i-sm", tr("compared below"))] if one.chosen else []
    first = html.Span(
        [
            html.Span([*name, " ", *marks, *shown], className="tb-first"),
            html.Span(", ".join(filter(None, (one.since, one.changed))), className="sub"),
        ],
        className="stack",
    )
    return Row([first, two_lines(one.by, one.decided), one.why, html.Code(one.fingerprint)])
