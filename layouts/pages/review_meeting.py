"""A review's meeting: one KPI a screen, large enough for a wall; keys and notes."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import mark, tr, trc
from layouts import ids
from layouts.pages.review_rail import number_panel
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from layouts.parts.links import link
from layouts.parts.panels import panel
from layouts.parts.people import avatar
from layouts.parts.pills import status_pill
from portal.readmodels.review_list import Meeting, MeetingNote

_TICK = 3_000
"""How often the notes of others are fetched, in milliseconds."""

_SURE = {
    "low": mark(", low confidence"),
    "medium": mark(", medium confidence"),
    "high": mark(", high confidence"),
}


def draw(page: Meeting) -> Component:
    """Return the screen."""
    store = {"review": page.review, "item": page.item}
    return html.Div(
        [
            dcc.Store(id=ids.MEETING_STORE, data=store),
            dcc.Interval(id=ids.MEETING_TICK, interval=_TICK),
            _head(page),
            number_panel(page.number, named=True),
            html.Div([_answer(page), _notes(page)], className="cols cols-3-2"),
        ],
        className="pg rv-meeting",
        **attrs({"data-meeting": page.review}),
    )


def _head(page: Meeting) -> Component:
    said = attrs({"data-meeting-clock": "", "aria-label": tr("Time on this KPI")})
    clock = html.Span("0:00", className="rv-clock", role="timer", **said)
    reset = html.Button(
        icon("arrow-clockwise", label=tr("Start the clock again")),
        type="button",
        className="ib",
        **attrs({"data-meeting-reset": ""}),
    )
    steps = [
        _step(trc("the KPI before this one", "Previous"), page.before, "arrow-left", "before"),
        html.Span(tr("{done} of {total}", done=page.place, total=page.of), className="rv-place"),
        _step(trc("the KPI after this one", "Next"), page.after, "arrow-right", "after"),
    ]
    meeting = " \N{MIDDLE DOT} " + tr("Meeting")
    return html.Div(
        [
            html.Div(
                [
                    html.P([link(page.title, f"/reviews/{page.review}"), meeting],
                           className="sub"),
                    html.H1(page.number.title),
                ],
                className="grow",
            ),
            clock,
            reset,
            *steps,
            link([icon("x-lg"), html.Span(tr("Leave"))], page.back, "btn"),
        ],
        className="rv-meeting-head",
    )  # fmt: skip


def _step(text: str, href: str, name: str, which: str) -> Component:
    inside = [icon(name), html.Span(text)]
    marks = attrs({"data-meeting-step": which})
    if not href:
        return html.Span(inside, className="btn rv-off", **attrs({"aria-disabled": "true"}))
    return html.Span(link(inside, href, "btn"), **marks)


def _answer(page: Meeting) -> Component:
    sure = tr(_SURE.get(page.confidence, ""))
    body: list[Component] = [html.P(page.words, className="rv-spoken")]
    body += [
        html.Div([html.Strong(name), html.P(text)], className="rv-reply rv-warns")
        for name, text in page.disputed
    ]
    if page.actions:
        rows = [html.Li([html.Strong(title), f" {who}"]) for title, who in page.actions]
        body += [html.H3(tr("Actions")), html.Ul(rows, className="rv-evidence")]
    sub = f"{page.by}{sure}" if page.by else ""
    return panel(tr("What happened and why"), sub, body, pill=status_pill(page.assessed))


def _notes(page: Meeting) -> Component:
    form: list[Component] = []
    if page.may_note:
        form = [
            html.Label(tr("Note"), htmlFor=ids.MEETING_NOTE, className="sr"),
            dcc.Textarea(
                id=ids.MEETING_NOTE,
                value="",
                rows=2,
                maxLength=page.longest,
                placeholder=tr("Note what was said or decided"),
                className="rv-area",
            ),
            html.Div(
                [
                    html.Span(id=ids.MEETING_SAID, className="sub grow", role="status"),
                    html.Button(tr("Add the note"), id=ids.MEETING_SEND, type="button",
                                className="btn btn-primary"),
                ],
                className="rv-acts",
            ),
        ]  # fmt: skip
    live = html.Div(notes(page.notes, page.readers), id=ids.MEETING_NOTES)
    sub = tr("Everybody who is here writes at once; notes come in by themselves.")
    return panel(tr("Notes"), sub, [*form, live])


def notes(told: tuple[MeetingNote, ...], readers: tuple[str, ...]) -> list[Component]:
    """Return who is here, and the notes, the newest first."""
    here = [html.P([icon("eye"), html.Span(text)], className="rv-reader") for text in readers]
    rows = [
        html.Li(
            [avatar(one.name), html.Div([html.P(one.text), html.Span(f"{one.name}, {one.when}",
             className="sub")])]
        )
        for one in told
    ]  # fmt: skip
    return [*here, html.Ul(rows, className="rv-notes", **attrs({"aria-label": tr("Notes")}))]
