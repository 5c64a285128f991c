"""What the owner answers: assessment, note, the four questions; saved as it is typed."""

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts import ids
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from layouts.parts.links import link
from layouts.parts.panels import panel
from layouts.parts.stepper import stepper
from portal.readmodels.reviews import Assessment, Evidence, NextTarget, Pick, Question

LONGEST = 4000


def assessment_panel(told: Assessment, *, writes: bool) -> Component:
    """Return the first part of the answer."""
    picks = html.Div(
        [
            _picks(tr("Where is it heading?"), "assessment", told.headings, writes=writes),
            _picks(tr("How sure are you?"), "confidence", told.sure, writes=writes),
        ],
        className="rv-two",
    )
    started = html.Span(told.started, className="sub")
    body: list[Component] = [
        picks,
        _words(tr("What happened and why"), "words", told, started, writes),
    ]
    if told.decisions:
        body.append(_decision(told, writes=writes))
    said = attrs(
        {
            "data-words-typing": tr("typing"),
            "data-words-saving": tr("saving"),
            "data-words-failed": tr("not saved"),
        }
    )
    saved = html.Span(id=ids.REVIEW_SAVED, className="rv-saved", role="status", **said)
    ended = tr("Your session has ended, so this is not saved. What you typed is kept here.")
    lost = tr("The portal did not answer, so this is not saved. It is tried again by itself.")
    again = html.A(tr("Sign in again"), href="/login", target="_blank", rel="noopener")
    unsaved = [
        html.Div([ended, " ", again], hidden=True, **attrs({"data-review-unsaved": "ended"})),
        html.Div(lost, hidden=True, **attrs({"data-review-unsaved": "lost"})),
    ]
    # Said whenever it happens, wherever on the long page the person is typing.
    alert = html.Div(unsaved, role="alert", className="rv-unsaved")
    return panel(told.title, told.sub, [alert, *body], pill=saved, anchor="assessment")


def _words(
    name: str,
    field: str,
    told: Assessment,
    side: Component,
    writes: bool,  # noqa: FBT001 - whether the reader answers
) -> Component:
    head = html.Div(
        [html.Label(name, htmlFor=ids.review_field(field)) if writes else html.Span(name), side],
        className="rv-label",
    )
    if not writes:
        return html.Div([head, html.P(told.words or tr("Nothing yet."), className="rv-said")])
    return html.Div([head, _area(field, told.words, 4)])


def _area(field: str, value: str, rows: int, hint: str = "") -> Component:
    marks = attrs({"data-review-field": field})
    area = dcc.Textarea(
        id=ids.review_field(field),
        value=value,
        maxLength=LONGEST,
        rows=rows,
        placeholder=hint,
        className="rv-area",
        spellCheck=True,
    )
    said = [html.Label(hint, htmlFor=ids.review_field(field), className="sr")] if hint else []
    return html.Div([*said, area], className="rv-field", **marks)


def _decision(told: Assessment, *, writes: bool) -> Component:
    side = html.Span(told.decision_note, className="sub")
    words: list[Component] = []
    if writes:
        words = [_area("decision_words", told.decision_words, 2, tr("Why?"))]
    elif told.decision_words:
        words = [html.P(told.decision_words, className="rv-said")]
    picks = _picks(tr("Keep, change or retire?"), "decision", told.decisions, writes=writes)
    return html.Div([picks, side, *words], className="rv-decision")


def _picks(name: str, field: str, picks: tuple[Pick, ...], *, writes: bool) -> Component:
    """Return a few answers of which one is chosen; a second press takes it back."""
    buttons = [_pick(field, pick, writes=writes) for pick in picks]
    group = html.Div(buttons, className="rv-picks", role="group", **attrs({"aria-label": name}))
    return html.Div([html.Span(name, className="sub"), group], className="rv-pick-of")


def _pick(field: str, pick: Pick, *, writes: bool) -> Component:
    marks: dict[str, str | int] = {"aria-pressed": "true" if pick.chosen else "false"}
    if writes:
        marks |= {"data-review-pick": field, "data-value": pick.value}
    inside = [*([icon(pick.icon)] if pick.icon else []), html.Span(pick.text)]
    return html.Button(
        inside,
        type="button",
        className=f"rv-pick rv-pick-{pick.tone}",
        disabled=not writes,
        **attrs(marks),
    )


def questions_panel(questions: tuple[Question, ...], *, writes: bool) -> Component:
    """Return the four questions: evidence first, then the answer."""
    answered = sum(any(pick.chosen for pick in one.picks) for one in questions)
    told = [
        tr("{answered} of {count} answered", answered=done, count=len(questions))
        for done in range(len(questions) + 1)
    ]
    # The script says it anew with each answer, in these words.
    words = attrs({"data-review-counts": "|".join(told)})
    pill = html.Span(told[answered], className="tag", **words)
    body = html.Div([_question(one, writes=writes) for one in questions], className="rv-questions")
    sub = tr("The evidence is filled in by the portal. The answer is yours.")
    return panel(tr("Four questions"), sub, body, pill=pill, anchor="questions")


def _question(one: Question, *, writes: bool) -> Component:
    head = html.Div(
        [
            html.H3(one.title),
            html.Div(
                [_pick(one.key, pick, writes=writes) for pick in one.picks],
                className="rv-picks rv-small",
                role="group",
                **attrs({"aria-label": one.title}),
            ),
        ],
        className="rv-q-head",
    )
    evidence = html.Ul([html.Li(_evidence(line)) for line in one.evidence], className="rv-evidence")
    seen = [
        html.Div(
            [html.Div([html.Span(name), html.Strong(f"{seen}/{of}")], className="rv-role"),
             stepper(min(seen, of), min(of, 8))],
            className="rv-seen",
        )
        for name, seen, of in one.seen_by
    ]  # fmt: skip
    words = (
        _area(f"{one.key}_words", one.words, 1, f"{one.title} " + tr("In your words"))
        if writes
        else html.P(one.words, className="rv-said")
    )
    return html.Div(
        [head, evidence, *([html.Div(seen, className="rv-seens")] if seen else []), words],
        className="rv-q rv-warns" if one.warns else "rv-q",
    )


def _evidence(line: Evidence) -> list[Component | str]:
    found: list[Component | str] = []
    if line.warns:
        found.append(icon("exclamation-triangle-fill", "watch"))
    for text, strong in line.words:
        found.append(html.Strong(text) if strong else text)
    return found


def target_panel(told: NextTarget) -> Component:
    """Return the next quarter's target and the goals that the KPI serves."""
    pill = link(tr("Set the target"), told.href, "btn btn-sm") if told.href else None
    body: list[Component] = [html.P(told.target, className="rv-strong")]
    if told.who:
        body.append(html.P(told.who, className="sub"))
    if told.goals:
        body.append(html.Ul([html.Li(goal) for goal in told.goals], className="rv-evidence"))
    return panel(tr("Next quarter"), tr("The target that follows, and the goals behind it."), body,
                 pill=pill, anchor="next")  # fmt: skip
