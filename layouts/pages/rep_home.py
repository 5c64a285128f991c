"""A rep's home: a finding, cards, today's tasks, targets, activities, and every open deal."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc
from layouts import ids
from layouts.parts.attributes import attrs
from layouts.parts.bullets import bullet, mini, per_cent
from layouts.parts.cards import card_row
from layouts.parts.heads import finding, page_head
from layouts.parts.icons import icon
from layouts.parts.panels import panel
from layouts.parts.pills import status_pill, status_word
from layouts.parts.states import state_empty
from layouts.parts.stepper import stepper
from layouts.parts.tables import Cell, Row, table, two_lines, view_as_table
from layouts.still import drawn_once
from portal.readmodels.cards import Tone
from portal.readmodels.rep_home import (
    DealPanel,
    DealRow,
    GapBox,
    MixPanel,
    RepHome,
    TargetBar,
    TargetPanel,
    TaskGroup,
    TaskPanel,
    TaskRow,
)
from portal.readmodels.tables import Column, Kind


def _of_deals() -> tuple[Column, ...]:
    return (
        Column(tr("Account and opportunity")),
        Column(trc("stage of a deal", "Stage")),
        Column(tr("Amount"), number=True),
        Column(tr("Weighted"), number=True),
        Column(tr("Expected close"), number=True),
        Column(tr("Age in stage"), number=True),
        Column(tr("Next step")),
        Column(tr("Flag")),
    )


def draw(home: RepHome) -> Component:
    """Return the page."""
    parts: list[Component] = [page_head(home.head)]
    if home.empty:
        return html.Div([*parts, state_empty(tr("Nobody in the CRM"), home.empty)], className="pg")
    if home.finding is not None:
        parts.append(finding(home.finding))
    if home.cards:
        parts.append(card_row(home.cards))
    if home.tasks is not None and home.targets is not None and home.mix is not None:
        parts.append(_day(home.tasks, home.targets, home.mix))
    if home.deals is not None:
        parts.append(_deals(home.deals))
    return html.Div(parts, className="pg")


_ACCOUNT, _MORE, _SHORT = 57, 32, 380
"""About the pixels of an account with one task, of each further task, and of a short list."""


def _day(tasks: TaskPanel, targets: TargetPanel, mix: MixPanel) -> Component:
    """Return the day: a long list has the others stacked beside it, a short one both in a row."""
    high = sum(_ACCOUNT + _MORE * (len(group.rows) - 1) for group in tasks.groups)
    kind = "day" if high > _SHORT else "day day-short"
    panels = [_tasks(tasks), _targets(targets), _mix(mix)]
    return html.Div(panels, className=f"cols {kind}")


def _tasks(said: TaskPanel) -> Component:
    if said.empty:
        body: Component = state_empty(tr("Nothing due"), said.empty)
    else:
        more = [html.P(said.more, className="sub")] if said.more else []
        body = html.Div([*map(_group, said.groups), *more], className="tk-list")
    pills = [status_pill(one) for one in said.pills]
    return panel(tr("Today"), said.sub, body, pill=pills or None, anchor="tasks")


def _group(group: TaskGroup) -> Component:
    about = [html.Span(group.about, className="sub")] if group.about else []
    rows = [
        html.Li(task_row(row), id=ids.task(row.token), className="tk-item") for row in group.rows
    ]
    return html.Div(
        [
            html.Div([html.H3(group.account), *about], className="tk-account"),
            html.Ul(rows, className="tk-rows"),
        ],
        className="tk-group",
    )


def task_row(row: TaskRow) -> list[Component]:
    """Return one task: a circle that completes it, what it is, when; or done, and undo."""
    done = bool(row.done)
    named = tr("Done: {task}", task=row.title) if done else tr("Complete: {task}", task=row.title)
    circle = html.Button(
        icon("check-lg") if done else "",
        type="button",
        id=ids.task_done(row.token),
        className="tk-circle on" if done else "tk-circle",
        disabled=done,
        **attrs({"aria-label": named}),
    )
    undo = html.Button(
        tr("Undo"),
        type="button",
        id=ids.task_undone(row.token),
        className="link tk-undo",
        hidden=not done,
        **attrs({"aria-label": tr("Undo: {task}", task=row.title)}),
    )
    title = html.S(row.title, className="tk-title") if done else html.Span(
        row.title, className="tk-title"
    )  # fmt: skip
    when: list[Component] = [html.Span(row.done or row.at, className="sub")]
    if row.when is not None and not done:
        when = [status_word(row.when)]
    return [circle, title, html.Span([*when, undo], className="tk-when")]


@drawn_once
def _targets(said: TargetPanel) -> Component:
    if said.empty:
        body: Component = state_empty(tr("No quota"), said.empty)
    else:
        body = html.Div([_target(one) for one in said.bars], className="tg-list")
    return panel(tr("Targets"), said.sub, body, anchor="targets")


def _target(bar: TargetBar) -> Component:
    of = html.Span(tr("of {target}", target=bar.of), className="sub")
    said = html.Span([html.Strong(bar.name), f" {bar.won} ", of])
    share = html.Span(bar.share, className="tg-share")
    head = html.Div([said, share], className="tg-head")
    drawn = bullet(bar.bar, rest_hatched=True, tick_says=bar.pace)
    foot = html.P([status_word(bar.verdict), f" {bar.rest}"], className="tg-foot")
    return html.Div([head, drawn, foot], className="tg")


@drawn_once
def _mix(said: MixPanel) -> Component:
    if said.empty:
        return panel(
            tr("Activity mix"), said.sub, state_empty(tr("No activity"), said.empty), anchor="mix"
        )
    rows = [
        html.Div(
            [
                html.Span(row.name),
                bullet(row.bar),
                html.Strong(row.count, className="num"),
                html.Span(row.usual, className="sub num"),
            ],
            className="mx-row",
        )
        for row in said.rows
    ]
    heads = (
        Column(trc("a kind of activity", "Activity")),
        Column(tr("This week"), number=True),
        Column(tr("Usual"), number=True),
    )
    cells = [(row.name, row.count, row.usual.rpartition(" ")[2]) for row in said.rows]
    words: list[Component | str] = [html.Strong(said.fact), " "] if said.fact else []
    return panel(
        tr("Activity mix"),
        said.sub,
        html.Div(rows, className="mx"),
        foot=[html.Span([*words, said.rest]), view_as_table(heads, cells, tr("Activity mix"))],
        anchor="mix",
    )


@drawn_once
def _deals(said: DealPanel) -> Component:
    if said.empty:
        body = state_empty(tr("No open deal"), said.empty)
        return panel(tr("My opportunities"), "", body, anchor="deals")
    count, amount, weighted = said.total
    total = Row((count, "", amount, weighted, "", "", said.foot, ""), Kind.TOTAL)
    rows: list[Row | tuple[Cell, ...]] = [*map(_deal, said.rows), total]
    gap = [_gap(said.gap)] if said.gap is not None else []
    pills = [status_pill(one) for one in said.pills]
    return panel(
        tr("My opportunities"),
        said.sub,
        [*gap, table(_of_deals(), rows, caption=tr("Open deals"))],
        pill=pills or None,
        anchor="deals",
    )


def _deal(row: DealRow) -> tuple[Cell, ...]:
    stage: Cell = stepper(row.step, row.steps, row.stage, now=True) if row.step else row.stage
    due: Cell = html.Span(row.due, className="flag bad") if row.late else row.due
    age: Cell = row.age
    if row.age_bar is not None:
        bar = row.age_bar
        tone = "data" if bar.tone is Tone.NEUTRAL else bar.tone
        age = html.Span([f"{row.age} ", mini(bar.filled, bar.tick, bar.summary, tone)])
    return (
        two_lines(row.account, row.name) if row.name else row.account,
        stage,
        row.amount,
        row.weighted or html.Span(tr("no probability"), className="sub"),
        due,
        age,
        row.next_step or html.Span(trc("no next step", "none"), className="sub"),
        status_word(row.flag) if row.flag is not None else "",
    )


@drawn_once
def _gap(gap: GapBox) -> Component:
    parts = [
        html.Span(
            className=f"gp-part gp-{at % 3}", title=part.name, style={"width": f"{part.width:.2f}%"}
        )
        for at, part in enumerate(gap.parts)
    ]
    tick = html.Span(
        html.Span(gap.tick_says, className="bl-says gp-says"),
        className="bl-tick",
        style={"left": per_cent(gap.tick)},
    )
    names = "; ".join(part.name for part in gap.parts)
    bar = html.Span(
        [html.Span(parts, className="gp-parts"), tick],
        className="gp-bar",
        role="img",
        **attrs({"aria-label": f"{gap.tick_says}: {names}."}),
    )
    words = html.P([html.Strong(tr("What would close the gap.") + " "), gap.text])
    return html.Div([icon("bullseye", "gp-icon"), words, bar], className="gp")
