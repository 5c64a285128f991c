"""The bell in the header, and the quiet word that newer numbers than those of the page are there.

Both are kept up to date by the browser's script, which asks the server while somebody looks.
"""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts import ids
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon


def bell(count: int) -> Component:
    """Return a bell with how much is unread, as a link to the inbox."""
    said = tr("Inbox, {count} unread", count=count) if count else tr("Inbox, nothing unread")
    shown = attrs({"data-count": min(count, _MOST)} if count else {})
    return html.A(
        icon("bell"),
        id=ids.BELL,
        href="/inbox",
        className="ib bell",
        title=tr("Inbox"),
        **shown,
        **attrs(
            {
                "aria-label": said,
                # The script counts anew: `#` stands for how many.
                "data-unread": tr("Inbox, {count} unread", count="#"),
                "data-read": tr("Inbox, nothing unread"),
            }
        ),
    )


_MOST = 99


def newer(version: str) -> Component:
    """Return what is said when the numbers are no longer those that the page was drawn from."""
    return html.Div(
        [
            html.Span(tr("New numbers are here.")),
            html.Button(tr("Show them"), type="button", **attrs({"data-reload": ""})),
        ],
        id=ids.FRESH,
        className="fresh",
        hidden=True,
        **attrs({"data-seen": version}),
    )
