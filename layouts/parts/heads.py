"""The top of a page: crumbs, title, one line, menus, actions; and the finding that comes first."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts.parts.attributes import attrs
from layouts.parts.icons import icon
from layouts.parts.links import fetch, hidden, link
from layouts.parts.menus import menu
from layouts.parts.pills import tag
from portal.readmodels.cards import Choice, Finding, Head, Tone

_ACTIONS = (
    ("print", "printer"),
    ("export", "download"),
    ("csv", "download"),
    ("xlsx", "download"),
    ("excel", "file-earmark-spreadsheet"),
    ("pdf", "file-earmark-pdf"),
)


def page_head(head: Head, *extra: Component) -> Component:
    """Return the top of a page; `extra` stands last at the right, as its primary button."""
    # The tags wrap together: one of them alone on a line reads like a title of its own.
    tags = [html.Span([tag(text) for text in head.tags], className="hd-tags")] if head.tags else []
    title = html.Div([html.H1(head.title), *tags], className="hd-title")
    words = [*_crumbs(head.crumbs), title]
    if head.sub:
        words.append(html.P(head.sub, className="hd-sub"))
    tools = [*map(menu, head.menus), *map(_action, head.actions), *extra]
    return html.Div(
        [html.Div(words, className="grow"), html.Div(tools, className="hd-tools")],
        className="hd",
    )


def share() -> Component:
    """Return the button that copies the page's address: it says all that the page shows."""
    return html.Button(
        [
            icon("link-45deg"),
            html.Span(
                [
                    html.Span(tr("Share view"), className="not-done"),
                    html.Span(tr("Copied"), className="done"),
                ],
                role="status",
            ),
        ],
        type="button",
        className="btn btn-primary",
        **attrs({"data-copy": ""}),
    )


def finding(found: Finding) -> Component:
    """Return what stands first on a page: a bold fact, its cause, one link."""
    tone = "" if found.tone is Tone.NEUTRAL else found.tone
    words = html.P(
        [html.Strong(found.fact), f" {found.cause}" if found.cause else ""], className="grow"
    )
    more = [link(found.link, found.href, "link fi-more")] if found.href else []
    return html.Section(
        [icon("lightning-charge-fill", f"fi-icon {tone}".rstrip()), words, *more],
        className="card fi",
        **attrs({"aria-label": tr("Finding")}),
    )


_DONE = "check-circle"


def notice(name: str, text: Component | str, *right: Component) -> Component:
    """Return a line above the finding: something is due, with one button at its right."""
    tone = "good" if name == _DONE else "watch"
    inside = [icon(name, f"fi-icon {tone}"), html.P(text, className="grow"), *right]
    # What was just done is where the keyboard begins when the page comes back: see focus.js.
    told = {"data-told": ""} if name == _DONE else {}
    named = attrs({"aria-label": tr("Notice"), **told})
    return html.Section(inside, className="card fi fi-due", **named)


def refusal(why: str) -> Component:
    """Return why something was not done, said at once to who hears the page."""
    return html.Div(notice("exclamation-circle-fill", why), role="alert")


def _crumbs(crumbs: tuple[Choice, ...]) -> list[Component]:
    if not crumbs:
        return []
    steps = [
        html.Li(link(crumb.text, crumb.href) if crumb.href else crumb.text) for crumb in crumbs
    ]
    return [
        html.Nav(html.Ol(steps, className="crumbs"), **attrs({"aria-label": tr("Where this is")}))
    ]


def _action(choice: Choice) -> Component:
    lowered = f"{choice.text} {choice.href}".lower()
    name = next((sign for word, sign in _ACTIONS if word in lowered), "")
    inside = [*([icon(name)] if name else []), html.Span(choice.text)]
    if choice.chosen:
        inside.append(hidden(tr(", chosen")))
    # A file and a print-out are answers of their own, which the page's router does not know.
    draw = fetch if name else link
    return draw(inside, choice.href, "btn no-phone" if name == "printer" else "btn")
