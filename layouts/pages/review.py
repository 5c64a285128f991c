"""The page of one KPI of a review: rail at the left, what is known and answered at the right."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts import ids
from layouts.pages.review_answers import assessment_panel, questions_panel, target_panel
from layouts.pages.review_bar import bar
from layouts.pages.review_parts import actions_panel, checks_body, last_panel
from layouts.pages.review_rail import number_panel, rail_panel
from layouts.pages.review_together import together_panel
from layouts.pages.review_words import words_panel
from layouts.parts.attributes import attrs
from layouts.parts.forms import press
from layouts.parts.heads import notice, page_head
from layouts.parts.icons import icon
from layouts.parts.links import link
from layouts.parts.people import avatar
from portal.readmodels.reviews import ReviewPage

_TICK = 15_000
"""How often a page asks who else is reading, in milliseconds."""


def draw(page: ReviewPage, said: str = "") -> Component:
    """Return the page; `said` is what was just done, or why it was not."""
    meeting = link(
        [icon("table"), html.Span(tr("Meeting mode"))], f"/reviews/{page.review}/meeting", "btn"
    )
    pack = link(
        [icon("file-text"), html.Span(tr("Review pack"))], f"/reviews/{page.review}/pack", "btn"
    )
    told = [notice("info-circle", page.notice)] if page.notice else []
    right: list[Component] = [
        *told,
        number_panel(page.number),
        *([last_panel(page.last, page)] if page.last else []),
        assessment_panel(page.assessment, writes=page.may_write),
        questions_panel(page.questions, writes=page.may_write),
        *([target_panel(page.next_target)] if page.next_target else []),
        actions_panel(page.actions, page.form),
        *([words_panel(page.words)] if page.words else []),
        html.Div(id=ids.REVIEW_CLASH),
        html.Div(bar(page.bar, said), id=ids.REVIEW_BAR, className="rv-bar-place"),
    ]
    return html.Div(
        [
            page_head(page.head, pack, meeting),
            *_stores(page),
            html.Div(
                [
                    html.Div(
                        [
                            *together_panel(page),
                            rail_panel(page.rail),
                            _this(page),
                            *_call_off(page),
                        ],
                        className="rv-left",
                    ),
                    html.Div(right, className="rv-right stacked", **attrs(_marks(page))),
                ],
                className="rv",
            ),
        ],
        className="pg",
    )


def _marks(page: ReviewPage) -> dict[str, str]:
    """Return what the page's script reads: whether what is typed here is saved."""
    return {"data-review": page.item, "data-reader": page.reader} if page.may_write else {}


def _stores(page: ReviewPage) -> list[Component]:
    base = {
        "review": page.review,
        "item": page.item,
        "version": page.version,
        "base": dict(page.base),
        "seq": 0,
    }
    return [
        dcc.Store(id=ids.REVIEW_BASE, data=base),
        dcc.Store(id=ids.REVIEW_OUTBOX),
        dcc.Store(id=ids.REVIEW_MOVE),
        dcc.Interval(id=ids.REVIEW_TICK, interval=_TICK),
    ]


def _this(page: ReviewPage) -> Component:
    return html.Section(
        [
            html.H2(tr("This KPI")),
            html.Div(checks_body(page.checks, page.checks_sub), id=ids.REVIEW_CHECKS),
            html.Div(readers(page.readers), id=ids.REVIEW_READERS, role="status"),
        ],
        className="card pn rv-this",
    )


def _call_off(page: ReviewPage) -> list[Component]:
    """Return how the whole review is called off, behind a fold: it is seldom and final."""
    if not page.call_off:
        return []
    version = dcc.Input(type="hidden", name="version", value=page.call_off)
    form = html.Form(
        [
            version,
            html.P(tr("Nothing of it can be answered any more; its period may be opened anew.")),
            press(tr("Call it off"), page.csrf, "btn btn-sm"),
        ],
        action=f"/reviews/{page.review}/call_off",
        method="POST",
        className="rv-off-form",
    )
    return [html.Details([html.Summary(tr("Call this review off"), className="link"), form])]


def readers(names: tuple[str, ...]) -> list[Component]:
    """Return who else is reading this page now."""
    return [
        html.P(
            [avatar(name), html.Span(tr("{name} is reading this page", name=name.split()[0]))],
            className="rv-reader",
        )
        for name in names
        if name.split()
    ]
