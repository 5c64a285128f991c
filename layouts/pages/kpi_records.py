"""The records behind a number: which part they are of, a page of them, and the way to each."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.heads import notice
from layouts.parts.icons import icon
from layouts.parts.links import button, fetch, link, outward, segments
from layouts.parts.panels import panel
from layouts.parts.states import state_denied, state_empty
from layouts.parts.tables import Cell, Row, table
from portal.readmodels.kpi_page import RecordRow, Records
from portal.readmodels.tables import Column


def records_panel(records: Records) -> Component:
    """Return the panel; where nothing is listed it says why, or how to list them."""
    if records.denied:
        return panel(records.title, "", state_denied(records.denied, whole=False), anchor="records")
    if records.opens:
        body = html.Div(
            [
                html.P(tr("Every record that was counted, one by one."), className="grow muted"),
                button(tr("List the records"), f"{records.opens}#records", "list-check"),
            ],
            className="kp-open",
        )
        return panel(records.title, "", body, anchor="records")
    if records.empty:
        pill = _pill(records)
        step = tr("Show the first page") if records.opens_first else ""
        empty = state_empty(tr("No records"), records.empty, step, records.opens_first)
        return panel(records.title, records.sub, empty, pill=pill, anchor="records")
    body_parts: list[Component] = []
    if records.note:
        body_parts.append(notice("info-circle-fill", records.note))
    if records.parts:
        body_parts.append(segments(tr("How they counted"), records.parts))
    body_parts.append(_table(records))
    return panel(
        records.title,
        records.sub,
        body_parts,
        pill=_pill(records),
        foot=_foot(records),
        anchor="records",
    )


def _pill(records: Records) -> list[Component]:
    sides = [segments(tr("Part of the number"), records.sides)] if records.sides else []
    files = [
        fetch([icon("download"), html.Span(one.text)], one.href, "btn btn-sm")
        for one in records.exports
    ]
    return [*sides, *files]


def _table(records: Records) -> Component:
    columns = [
        *(
            Column(text, number=place in records.numbers)
            for place, text in enumerate(records.columns)
        ),
        Column(tr("CRM record"), number=True),
    ]
    rows = [Row(_cells(row)) for row in records.rows]
    return table(columns, rows, caption=records.title)


def _cells(row: RecordRow) -> list[Cell]:
    key: Component | str = outward(row.key, row.href) if row.href else row.key
    first = row.cells[0] or row.key if row.cells else row.key
    return [first, *row.cells[1:], key]


def _foot(records: Records) -> list[Component]:
    words: list[Component] = [html.Span(records.counted, className="grow")]
    if records.before:
        words.append(link(tr("The 50 before"), f"{records.before}#records"))
    if records.after:
        words.append(link(tr("Show the next 50"), f"{records.after}#records"))
    return words
