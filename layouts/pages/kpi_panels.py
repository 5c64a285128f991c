"""The panels of a KPI's page: trend with its notes, split, past, definition."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts import ids
from layouts.charts.bars import bars
from layouts.charts.template import drawn
from layouts.charts.trends import xmr
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from layouts.parts.links import link, segments, tabs
from layouts.parts.menus import menu
from layouts.parts.panels import facts, panel
from layouts.parts.pills import status_pill
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, Row, table, view_as_table
from layouts.still import drawn_once
from portal.readmodels.cards import Menu
from portal.readmodels.charts import Bar, BarChart
from portal.readmodels.kpi_page import (
    Definition,
    Fact,
    NoteForm,
    Past,
    Split,
    SplitRow,
    Trend,
    TrendNote,
    TrendRow,
)
from portal.readmodels.tables import Column

_HEIGHT = 330
_SEGMENTS = 4


def trend_panel(trend: Trend) -> Component:
    """Return the trend: the chart, its sentence, the notes, and the periods as a table."""
    pill = status_pill(trend.pill) if trend.pill else None
    if trend.chart is None:
        return panel(
            tr("Trend"), trend.sub, state_empty(tr("No number yet"), trend.absence), anchor="trend"
        )
    figure = drawn(xmr(trend.chart, height=_HEIGHT), trend.summary, height=_HEIGHT)
    body: list[Component] = [html.Div(figure, className="kp-trend")]
    if trend.notes:
        notes = [_note(note) for note in trend.notes]
        body.append(html.Ul(notes, className="kp-notes", **attrs({"aria-label": tr("Notes")})))
    foot: list[Component] = [html.Span(trend.summary, className="grow")]
    if trend.form is not None:
        foot.append(_form(trend.form))
    foot.append(_periods(trend.rows))
    return panel(tr("Trend"), trend.sub, body, pill=pill, foot=foot, anchor="trend")


def _note(note: TrendNote) -> Component:
    words = [
        html.Strong(note.letter, className="kp-letter"),
        html.Span(note.text),
        html.Span(f"{note.day}, {note.author}", className="sub"),
    ]
    return html.Li(words)


def _form(form: NoteForm) -> Component:
    """Return the form of a note, closed until somebody opens it."""
    day = dcc.Input(
        id=ids.NOTE_DAY,
        type="text",
        value=form.day,
        maxLength=10,
        className="kp-input kp-day",
        persistence=False,
    )
    text = dcc.Input(
        id=ids.NOTE_TEXT,
        type="text",
        value="",
        maxLength=form.longest,
        placeholder=tr("What happened?"),
        className="kp-input grow",
    )
    add = html.Button(tr("Add"), id=ids.NOTE_ADD, type="button", className="btn btn-sm btn-primary")
    row = [
        html.Label(tr("Day"), htmlFor=ids.NOTE_DAY, className="sr"),
        day,
        html.Label(tr("Note"), htmlFor=ids.NOTE_TEXT, className="sr"),
        text,
        add,
    ]
    said = html.Div(id=ids.NOTE_SAID, className="kp-said", role="status")
    summary = html.Summary(
        [icon("pencil-square"), " ", html.Span(tr("Add a note"))], className="link"
    )
    return html.Details([summary, html.Div([*row, said], className="kp-form")], className="kp-more")


def _periods(rows: tuple[TrendRow, ...]) -> Component:
    columns = [
        Column(tr("Period")),
        Column(tr("Value"), number=True),
        Column(tr("Target"), number=True),
        Column(tr("Stands on"), number=True),
        Column(tr("Signal")),
    ]
    cells: list[list[Cell]] = [
        [
            link(row.period, row.href),
            row.value,
            row.target,
            row.n,
            row.said or (tr("usual") if row.held else ""),
        ]
        for row in rows
    ]
    return view_as_table(columns, cells, tr("The periods of the trend, the newest first"))


@drawn_once
def split_panel(split: Split) -> Component:
    """Return the split: ranked bars with whiskers and the column that adds up."""
    pill = _choices(split)
    if split.empty:
        return panel(
            split.title, split.sub, state_empty(tr("Nothing to compare"), split.empty), pill=pill,
            anchor="split",
        )  # fmt: skip
    rows = [*split.rows, *([split.total] if split.total else [])]
    heads = (split.group, split.counted, "", split.measured, *_changes(split))
    chart = BarChart(
        f"{split.title}. {split.foot}",
        tuple(_bar(row, split, strong=row is split.total) for row in rows),
        heads,
        split.tick,
    )
    foot: list[Component] = [html.Span(split.foot, className="grow"), _groups(split)]
    body = html.Div(bars(chart), className="kp-split")
    return panel(split.title, split.sub, body, pill=pill, foot=foot, anchor="split")


def _choices(split: Split) -> list[Component] | None:
    """Return the first choices as segments, the others in a menu; the chosen one is shown."""
    if not split.choices:
        return None
    shown = [one for at, one in enumerate(split.choices) if at < _SEGMENTS or one.chosen]
    others = tuple(one for one in split.choices if one not in shown)
    more = Menu(tr("More splits"), tr("More"), "", others)
    menus = [html.Div(menu(more), className="kp-more-menu")] if others else []
    return [segments(tr("Split by"), tuple(shown)), *menus]


def _bar(row: SplitRow, split: Split, *, strong: bool) -> Bar:
    sides = (row.change, row.part)[: len(_changes(split))]
    return Bar(
        row.name,
        row.filled or 0.0,
        row.value or row.note,
        row.n or " ",
        sides,
        row.whisker,
        hatched=row.few,
        href=row.href,
        strong=strong,
        words=bool(row.note) and not row.value,
    )


def _changes(split: Split) -> tuple[str, ...]:
    """Return the heads of what is told of the change: none of a period that runs."""
    return (*_one(split.change), *_one(split.part))


def _groups(split: Split) -> Component:
    heads = [split.group, split.counted, split.measured, *_changes(split)]
    columns = [Column(text, number=place > 0) for place, text in enumerate(heads)]
    rows = [*split.rows, *([split.total] if split.total else [])]
    cells: list[list[Cell]] = [
        [
            link(row.name, row.href) if row.href else row.name,
            row.n,
            f"{row.value or row.note}{f' ({row.title})' if row.title else ''}",
            *(row.change, row.part)[: len(_changes(split))],
        ]
        for row in rows
    ]
    return view_as_table(columns, cells, split.title)


def _one(text: str) -> list[str]:
    return [text] if text else []


@drawn_once
def past_panel(past: Past) -> Component:
    """Return what was first known beside what is known now."""
    title = tr("First known and restated")
    if past.empty:
        return panel(title, "", state_empty(tr("No snapshot yet"), past.empty))
    columns = [
        Column(tr("Period")),
        Column(tr("First"), number=True),
        Column(tr("Now"), number=True),
        Column(past.moved, number=True),
        Column(tr("Cause")),
    ]
    rows = [
        Row(
            [
                row.period,
                _small(row.first) if row.unknown[0] else row.first,
                _small(row.now) if row.unknown[1] else html.Strong(row.now),
                row.moved,
                _small(row.cause),
            ]
        )
        for row in past.rows
    ]
    body = html.Div(table(columns, rows, caption=title), className="kp-past")
    return panel(title, past.sub, body, foot=[html.Span(past.foot)])


def _small(text: str) -> Component:
    """Return a reason: it is longer than a number, and may wrap."""
    return html.Span(text, className="kp-cause")


@drawn_once
def definition_panel(definition: Definition) -> Component:
    """Return the definition with its tabs."""
    return panel(
        tr("Definition"),
        definition.sub,
        [tabs(tr("Definition"), definition.tabs), *_told(definition)],
        foot=[
            html.Span(definition.foot, className="grow"),
            *(link(one.text, one.href) for one in definition.links),
        ],
        anchor="definition",
    )


def _told(definition: Definition) -> list[Component]:
    if definition.tab == "sql":
        return [_sql(at, text) for at, text in enumerate(definition.sql, 1)]
    if definition.tab == "versions":
        return [_versions(definition)]
    if definition.tab == "data":
        return [_facts(definition.needs)]
    return [html.P(definition.words, className="kp-words"), _facts(definition.facts)]


def _sql(number: int, text: str) -> Component:
    said = {"role": "region", "aria-label": tr("Statement {number}", number=number)}
    return html.Pre(html.Code(text), className="kp-sql", tabIndex=0, **attrs(said))


def _versions(definition: Definition) -> Component:
    if not definition.versions:
        return state_empty(
            tr("No versions of its own"),
            tr("The definition is the one that ships with the portal."),
        )
    columns = [
        Column(tr("Version")),
        Column(tr("Since")),
        Column(tr("Came")),
        Column(tr("Fingerprint")),
    ]
    rows = [
        Row([f"{one.name}, {one.state}", one.since, one.author, html.Code(one.fingerprint)])
        for one in definition.versions
    ]
    return table(columns, rows, caption=tr("Versions of the definition"))


def _facts(told: tuple[Fact, ...]) -> Component:
    return facts(*[(one.name, _words(one)) for one in told])


def _words(fact: Fact) -> list[Component | str]:
    found: list[Component | str] = []
    for place, word in enumerate(fact.words):
        if place:
            found.append(", ")
        found.append(link(word.text, word.href) if word.href else word.text)
    return found
