"""The pages of proposals: the list, one with its decision, and two definitions side by side."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc, trn
from layouts.pages.builder_preview import (
    data_panel,
    impact_panel,
    notes_panel,
    trial_body,
    yaml_panel,
)
from layouts.parts.forms import press, send
from layouts.parts.heads import notice, page_head, refusal
from layouts.parts.links import button, link
from layouts.parts.panels import columns, facts, panel, stacked
from layouts.parts.pills import status_pill
from layouts.parts.states import state_empty
from layouts.parts.tables import Cell, Row, table, two_lines
from portal.readmodels.proposals import (
    Comparison,
    Decide,
    Line,
    ProposalPage,
    ProposalRow,
    ProposalsPage,
    WordRow,
)
from portal.readmodels.tables import Column

_LONGEST = "1000"
_DAY = 10


def draw_all(page: ProposalsPage) -> Component:
    """Return the list of proposals."""
    told = [notice("check-circle", page.said)] if page.said else []
    extra = (
        [button(tr("Build a KPI"), "/kpis/new", "plus-lg", primary=True)] if page.proposes else []
    )
    parts: list[Component] = [page_head(page.head, *extra), *told, _waiting(page.waiting)]
    if page.ahead:
        body = table(
            _heads(tr("When it holds")),
            [_decided_row(one) for one in page.ahead],
            caption=tr("Proposals that await their day"),
        )
        sub = tr("Activated; until its day, each changes nothing.")
        parts.append(panel(tr("Awaiting their day"), sub, body))
    if page.drafts:
        parts.append(_own_drafts(page))
    if page.decided:
        body = table(
            _heads(tr("What became of it")),
            [_decided_row(one) for one in page.decided],
            caption=tr("Decided"),
        )
        parts.append(panel(tr("Decided"), tr("The last ones first."), body))
    return html.Div(parts, className="pg")


def _heads(second: str) -> tuple[Column, ...]:
    return (Column(tr("KPI")), Column(second), Column(tr("By")), Column(tr("Why")))


def _waiting(rows: Sequence[ProposalRow]) -> Component:
    if not rows:
        empty = state_empty(
            tr("Nothing waits"), tr("Whoever needs a KPI that there is not proposes it.")
        )
        return panel(trc("proposals that wait", "Waiting"), "", empty)
    body = table(
        _heads(tr("What it is")),
        [_waiting_row(one) for one in rows],
        caption=tr("Proposals that wait"),
    )
    sub = trn(
        "{count} proposal waits for an analyst, the oldest first.",
        "{count} proposals wait for an analyst, the oldest first.",
        len(rows),
    )
    return panel(trc("proposals that wait", "Waiting"), sub, body)


def _waiting_row(one: ProposalRow) -> Row:
    return Row(
        [link(one.name, one.href, "tb-link"), one.kind, two_lines(one.by, one.when), one.reason]
    )


def _decided_row(one: ProposalRow) -> Row:
    became: Cell = html.Span(
        [html.Span(status_pill(one.status)), html.Span(one.outcome, className="sub")],
        className="stack",
    )
    name = link(one.name, one.href, "tb-link")
    return Row([name, became, two_lines(one.by, one.when), one.reason])


def _own_drafts(page: ProposalsPage) -> Component:
    rows = [Row([link(name, href, "tb-link"), changed]) for name, href, changed in page.drafts]
    body = table((Column(tr("Draft")), Column(tr("Changed"))), rows, caption=tr("Your drafts"))
    return panel(tr("Your drafts"), tr("Nobody sees them but you."), body)


def draw_one(page: ProposalPage, csrf: str) -> Component:
    """Return one proposal with its decision."""
    told = [notice("check-circle", page.said)] if page.said else []
    if page.refused:
        told.append(refusal(page.refused))
    trial = (
        panel(tr("Preview"), page.trial.sub, trial_body(page.trial))
        if page.trial
        else panel(tr("Preview"), "", state_empty(tr("No number"), page.trial_absence))
    )
    left: list[Component] = [_why(page)]
    if page.impact is not None:
        left.append(impact_panel(page.impact))
    left.append(comparison_panel(page.comparison))
    right: list[Component] = [trial, notes_panel(page.notes)] if page.notes else [trial]
    if page.needs:
        right.append(data_panel(page.needs))
    decide = page.decide
    ways = (decide.activate, decide.decline, decide.call_back, decide.withdraw, decide.mend)
    if any(ways):
        right.insert(0, _decision(page.decide, csrf))
    elif page.decide.why_not:
        right.insert(0, notice("info-circle-fill", page.decide.why_not))
    body = columns(stacked(*left), stacked(*right), shape="3-2")
    return html.Div(
        [page_head(page.head), *told, body, yaml_panel(page.yaml)], className="pg kb-one"
    )


def _why(page: ProposalPage) -> Component:
    quote = html.Blockquote(page.reason, className="kb-quote")
    return panel(
        tr("Why it is needed"), "", [quote, facts(*page.told)], pill=status_pill(page.status)
    )


def _decision(decide: Decide, csrf: str) -> Component:
    inside: list[Component] = []
    if decide.activate or decide.decline:
        inside.append(_decision_form(decide, csrf))
    if decide.why_not:
        inside.append(html.P(decide.why_not, className="kb-hint"))
    if decide.alone:
        inside.append(html.P(decide.alone, className="kb-hint"))
    if decide.withdraw:
        inside.append(send(decide.withdraw, csrf, tr("Take it back into a draft")))
    if decide.mend:
        inside.append(send(decide.mend, csrf, tr("Mend it in a new draft")))
    if decide.call_back:
        inside.append(_call_back_form(decide, csrf))
    sub = tr("Its numbers are computed when it comes to hold.")
    body = html.Div(inside, className="kb-decide")
    if decide.call_back:
        sub = tr("It can be called back until its day comes.")
        return panel(tr("Call it back"), sub, body, anchor="decide")
    return panel(tr("Decide"), sub if decide.activate else "", body, anchor="decide")


def _decision_form(decide: Decide, csrf: str) -> Component:
    buttons: list[Component] = []
    if decide.activate:
        buttons.append(press(tr("Activate"), csrf, "btn btn-primary"))
    if decide.decline:
        buttons.append(
            html.Button(
                tr("Decline with this reason"),
                type="submit",
                name="csrf_token",
                value=csrf,
                formAction=decide.decline,
                className="btn",
            )
        )
    return html.Form(
        [
            *(_day(decide) if decide.activate else ()),
            html.Label(tr("A word on the decision; to decline, the reason"), htmlFor="kb-note"),
            html.Textarea("", id="kb-note", name="note", rows=3, maxLength=_LONGEST),
            html.Div(buttons, className="kb-buttons"),
        ],
        action=decide.activate or decide.decline,
        method="POST",
        className="kb-decide",
    )


def _day(decide: Decide) -> tuple[Component, ...]:
    """Return the field of the day from which a definition is to hold."""
    hint = tr("Today, or a day of the next 12 months; until then what holds now holds on.")
    typed = dcc.Input(
        id="kb-day",
        type="text",
        name="day",
        value=decide.today,
        maxLength=_DAY,
        placeholder="2026-12-01",
        autoComplete="off",
    )
    return (
        html.Label(tr("Holds from"), htmlFor="kb-day"),
        html.Div(typed, className="kb-day"),
        html.P(hint, className="kb-hint"),
    )


def _call_back_form(decide: Decide, csrf: str) -> Component:
    """Return the form that takes an activation back before its day."""
    return html.Form(
        [
            html.Label(tr("Why it is called back"), htmlFor="kb-note"),
            html.Textarea("", id="kb-note", name="note", rows=3, maxLength=_LONGEST, required=True),
            html.Div(press(tr("Call it back"), csrf), className="kb-buttons"),
        ],
        action=decide.call_back,
        method="POST",
        className="kb-decide",
    )


def comparison_panel(one: Comparison) -> Component:
    """Return two definitions side by side: in words, and under it as YAML."""
    heads = (Column(tr("What is said")), Column(one.before), Column(one.after))
    changed = [row for row in one.words if row.changed]
    same = [row for row in one.words if not row.changed and row.after]
    parts: list[Component] = []
    if not one.before:
        return panel(tr("What is said"), one.sub, _first(one), anchor="compare")
    if changed:
        body = table(heads, [_word(row) for row in changed], caption=tr("What changed"))
        parts.append(html.Div(body, className="kb-words"))
    if same:
        plain = table(
            (Column(tr("What is said")), Column(tr("In both"))),
            [Row([row.name, row.after]) for row in same],
            caption=tr("What stays"),
        )
        said = html.Summary(html.Span(tr("What stays the same"), className="link"))
        parts.append(
            html.Details([said, html.Div(plain, className="kb-words")], className="as-table")
        )
    lines = [cell for line in one.lines for cell in _line(line)]
    head = [html.Div(one.before, className="dh"), html.Div(one.after, className="dh")]
    diff = html.Div([*head, *lines], className="kb-diff")
    said = html.Summary(html.Span(tr("Line by line, as YAML"), className="link"))
    parts.append(html.Details([said, diff], className="as-table"))
    return panel(tr("What is said"), one.sub, parts, anchor="compare")


def _first(one: Comparison) -> list[Component]:
    """Return what a first definition says."""
    heads = (Column(tr("What is said")), Column(one.after))
    rows = [Row([row.name, row.after]) for row in one.words if row.after]
    return [html.Div(table(heads, rows, caption=tr("What is said")), className="kb-words")]


def _word(row: WordRow) -> Row:
    before: Cell = row.before or html.Span(tr("nothing"), className="muted")
    return Row(
        [
            row.name,
            before,
            html.Strong(row.after) if row.after else html.Span(tr("nothing"), className="muted"),
        ]
    )


def _line(line: Line) -> tuple[Component, Component]:
    gone = html.Del(line.before) if line.gone else line.before
    come = html.Ins(line.after) if line.come else line.after
    return (
        html.Div(gone, className="gone" if line.gone else ""),
        html.Div(come, className="come" if line.come else ""),
    )
