"""What who signs a review may approve in one press: a list, behind a fold."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.forms import press
from layouts.parts.icons import icon
from layouts.parts.links import link
from portal.readmodels.review_together import TogetherRow
from portal.readmodels.reviews import ReviewPage


def together_panel(page: ReviewPage) -> list[Component]:
    """Return the list and its button; nothing where there is too little for one."""
    told = page.together
    if told is None:
        return []
    form = html.Form(
        [
            html.Ul([_row(row) for row in told.rows], className="rv-together"),
            press(
                [icon("check-lg"), html.Span(told.button)],
                page.csrf,
                "btn",
            ),
        ],
        action=f"/reviews/{page.review}/approve",
        method="POST",
    )
    fold = html.Details([html.Summary(tr("Look at them together"), className="link"), form])
    return [
        html.Section(
            [html.H2(told.title), html.P(told.sub, className="sub"), fold],
            className="card pn rv-this",
        )
    ]


def _row(row: TogetherRow) -> Component:
    sent = dcc.Input(type="hidden", name="item", value=row.sends)
    told = html.Span(
        [html.Span(row.name, className="rv-name"), html.Span(row.owner, className="sub")],
        className="stack grow",
    )
    figure = html.Span(row.value, className="rv-figure")
    return html.Li([sent, link([told, figure], row.href, "rv-row")])
