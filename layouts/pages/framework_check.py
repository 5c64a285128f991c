"""The framework check: score, balance and coverage on top, then what is wrong and how to mend it.

The same panel stands at the foot of the journey, with the heaviest findings only.
"""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import mark, tr
from layouts.pages.framework_balance import balance, coverage, score
from layouts.parts.forms import press
from layouts.parts.heads import notice, page_head, share
from layouts.parts.icons import icon
from layouts.parts.links import fetch, hidden, link, tabs
from layouts.parts.panels import panel
from layouts.parts.tables import Row, table
from portal.readmodels.framework_check import (
    CheckLine,
    FrameworkCheck,
    RuleLine,
    WaivedLine,
    WaiveForm,
)
from portal.readmodels.tables import Column

_MARKS = {
    "error": ("x-circle-fill", "bad"),
    "warning": ("exclamation-triangle-fill", "watch"),
    "hint": ("info-circle-fill", "muted"),
}
_SEVERITIES = {"error": mark("error"), "warning": mark("warning"), "hint": mark("hint")}
_PATH = "/framework/check"
WAIVE, TAKE_BACK = f"{_PATH}/waive", f"{_PATH}/take-back"
"""Where the forms of waivers go."""


def draw(page: FrameworkCheck, csrf: str, said: str = "") -> Component:
    """Return the page; `said` is what was just done."""
    told = [notice("check-circle", said)] if said else []
    return html.Div(
        [
            page_head(page.head, share()),
            tabs(tr("Pages of the framework"), page.tabs),
            *told,
            *([_form(page.form, csrf)] if page.form is not None else []),
            _panel(page, tr("Score, balance and coverage"), foot=None),
            _waivers(page, csrf),
            _rules(page.rules),
        ],
        className="pg",
    )


def at_the_foot(page: FrameworkCheck) -> Component:
    """Return the panel for another page: no forms, and a link to the whole."""
    rules = len(page.rules)
    more = (
        [tr("{hidden} more and all {rules} rules", hidden=page.hidden, rules=rules)]
        if page.hidden
        else []
    )
    foot = html.Div(
        [
            html.Span(page.waived_note, className="grow"),
            link(more or tr("All {count} rules", count=rules), _PATH, "link"),
        ],
        className="fc-foot",
    )
    return _panel(page, tr("Framework check"), foot=foot)


def _panel(page: FrameworkCheck, title: str, foot: Component | None) -> Component:
    top = html.Div([score(page), balance(page), coverage(page)], className="fc-top")
    head = html.Div(
        [html.H3(page.title, className="grow"), html.Span(page.counts, className="sub")],
        className="fc-head",
    )
    lines = [_line(one) for one in page.lines]
    told = html.Div(lines, className="fc-lines") if lines else _sound()
    pill = fetch([icon("download"), html.Span(tr("Export"))], page.export) if page.export else None
    return panel(
        title,
        page.sub,
        [top, head, told],
        pill=pill if foot is not None else None,
        foot=foot,
        anchor="check",
    )


def _sound() -> Component:
    return html.P(tr("No rule finds fault. The framework is as it should be."), className="muted")


def _line(one: CheckLine) -> Component:
    if one.parts:
        parts = html.Div([_line(each) for each in one.parts], className="fc-parts")
        return html.Details([html.Summary(_cells(one), className="fc-line"), parts])
    return html.Div(_cells(one), className="fc-line")


def _cells(one: CheckLine) -> Component:
    sign, tone = _MARKS[one.severity]
    said: list[Component | str] = [f"{one.reason} " + tr("Rule {rule}.", rule=one.rule)]
    if one.waive:
        said += [" ", link([tr("Waive"), hidden(f": {one.title}")], one.waive)]
    words = html.Div(
        [
            html.Strong(one.title),
            html.Span(said, className="sub"),
        ],
        className="fc-words",
    )
    fix = html.Div([html.Span(tr("Fix"), className="sub"), html.Span(one.fix)], className="fc-fix")
    points = html.Span([one.points, hidden(tr(" points"))], className="fc-points")
    button = _button(one)
    mark = html.Span(
        [icon(sign, tone), hidden(f"{_severity(one.severity)}: ")], className="fc-mark"
    )
    return html.Div([mark, words, fix, points, button], className="fc-cells")


def _severity(word: str) -> str:
    return tr(_SEVERITIES.get(word, word))


def _button(one: CheckLine) -> Component:
    if one.href:
        # Forms of the framework are pages of their own, which the page's router does not know.
        return fetch([one.button, hidden(f": {one.title}")], one.href)
    return html.Span(one.button, className="btn fc-show" if one.button else "")


def _form(form: WaiveForm, csrf: str) -> Component:
    why = html.Label(
        [
            tr("Why it may stand"),
            dcc.Input(
                type="text",
                name="reason",
                maxLength=form.longest,
                autoComplete="off",
            ),
        ],
        className="wide",
    )
    days = [html.Option(told, value=day) for day, told in form.days]
    until = html.Label([tr("Until and with"), html.Select(days, name="until")])
    kept = [
        dcc.Input(type="hidden", name="rule", value=form.rule),
        dcc.Input(type="hidden", name="place", value=form.place),
    ]
    acts = html.Div(
        [press(tr("Waive"), csrf, "btn btn-primary"), link(tr("Cancel"), form.cancel, "btn")],
        className="fm-acts wide",
    )
    body = html.Form([*kept, why, until, acts], action=WAIVE, method="POST", className="fm fc-form")
    return panel(form.title, form.sub, body, anchor="form")


def _waivers(page: FrameworkCheck, csrf: str) -> Component:
    if not page.waived:
        body: Component = html.P(
            tr("A finding that is right as it is can be waived, with a reason and a last day."),
            className="muted",
        )
        return panel(tr("Waived"), page.waived_note, body, anchor="waived")
    columns = [
        Column(tr("Finding")),
        Column(tr("Why it may stand")),
        Column(tr("Until"), number=True),
        Column(tr("By")),
        Column(tr("Costs"), number=True),
        *([Column(tr("Take back"), says=False)] if page.may_waive else []),
    ]
    rows = [Row(_waived(one, page, csrf)) for one in page.waived]
    mends = tr("A waiver mends nothing: the points stay off until it is fixed.")
    sub = f"{page.waived_note}. {mends}"
    return panel(
        tr("Waived"), sub, table(columns, rows, caption=tr("Waived findings")), anchor="waived"
    )


def _waived(one: WaivedLine, page: FrameworkCheck, csrf: str) -> Sequence[Component | str]:
    name = html.Span(
        [html.Strong(one.title), html.Span(" " + tr("Rule {rule}", rule=one.rule), className="sub")]
    )
    form = html.Form(
        [
            dcc.Input(type="hidden", name="rule", value=one.rule),
            dcc.Input(type="hidden", name="place", value=one.place),
            press(
                [tr("Take back"), hidden(tr(" the waiver of: {finding}", finding=one.title))], csrf
            ),
        ],
        action=TAKE_BACK,
        method="POST",
    )
    told: list[Component | str] = [name, one.reason, one.until, one.by, one.costs]
    return [*told, form] if page.may_waive else told


def _rules(rules: Sequence[RuleLine]) -> Component:
    columns = [
        Column(tr("Rule")),
        Column(tr("What it asks")),
        Column(tr("Why")),
        Column(tr("Severity")),
        Column(tr("Points")),
        Column(tr("Findings"), number=True),
    ]
    rows = [
        Row(
            [
                html.Code(one.id),
                html.Strong(one.title),
                html.Span(one.why, className="muted"),
                _severity(one.severity),
                one.points,
                one.found,
            ]
        )
        for one in rules
    ]
    listed = html.Details(
        [
            html.Summary(tr("Show them"), className="link"),
            table(columns, rows, caption=tr("All rules")),
        ]
    )
    return panel(
        tr("All {count} rules", count=len(rules)),
        tr("The score is 100 less what the findings cost; no rule costs more than its most."),
        listed,
        anchor="rules",
    )
