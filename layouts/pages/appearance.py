"""What a company shows of itself: one form for its name, accent and logo, and how they look."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr
from layouts import ids
from layouts.parts.forms import press
from layouts.parts.heads import notice, page_head
from layouts.parts.icons import icon
from layouts.parts.panels import columns, panel, stacked
from layouts.shell import logo
from layouts.still import Still
from portal.readmodels.brand import AppearancePage, Sample
from portal.readmodels.cards import Choice, Head

ACTION = "/admin/company"
_COLOUR = 7
_PRODUCT = "#0B5C7A"
"""Where picking begins: the product's own accent."""


def draw(page: AppearancePage, said: str) -> Component:
    """Return the page; `said` is what came of the last change."""
    crumbs = (Choice(tr("People"), "/admin"),)
    sub = tr("What your people see in place of Meridian's name, colour and mark.")
    told = [notice("check-circle", said)] if said and not page.form.why else []
    right = [_looks(page), _own(page)] if page.own else [_looks(page)]
    body = columns(_form(page), stacked(*right))
    return html.Div([page_head(Head(tr("Appearance"), sub, crumbs)), *told, body], className="pg")


def samples(drawn: Sequence[Sample]) -> list[Component]:
    """Return the accent on a light and on a dark page."""
    return [html.Div([_sample(one) for one in drawn], className="br-samples")]


def _form(page: AppearancePage) -> Component:
    form = page.form
    whole = [_error(form.why)] if form.why and not form.wrong else []
    name = dcc.Input(
        type="text",
        name="name",
        value=form.name,
        maxLength=page.longest,
        placeholder="Meridian",
        autoComplete="off",
    )
    fields = [
        dcc.Input(type="hidden", name="version", value=form.version),
        *whole,
        _field(page, "name", tr("Shown name"), name, tr("Empty shows Meridian.")),
        _field(page, "accent", tr("Accent"), _accent(form.accent), _of_accent()),
        _field(page, "logo", tr("Logo"), _file(page), _of_logo()),
        html.Div(press(tr("Save"), page.csrf, "btn btn-primary"), className="fm-acts"),
    ]
    drawn = html.Form(
        fields,
        action=ACTION,
        method="POST",
        encType="multipart/form-data",
        className="fm br-form",
    )
    return panel(tr("Name, accent and logo"), tr("They hold for everybody of your company."), drawn)


def _of_accent() -> str:
    return tr("As #6B2D5C. Empty shows Meridian's. What can't be read is darkened or lightened.")


def _of_logo() -> str:
    return tr("PNG or JPEG, at most 200 kB. Without a new file the logo stays as it is.")


def _field(page: AppearancePage, part: str, label: str, field: Component, hint: str) -> Component:
    wrong = page.form.wrong == part
    inside = [html.Span(label), field, html.Span(hint, className="br-hint")]
    if wrong:
        inside.append(_error(page.form.why))
    return html.Label(inside, className="br-bad" if wrong else "")


def _error(why: str) -> Component:
    words = [icon("exclamation-triangle-fill"), html.Span(why)]
    return html.Span(words, className="br-error", role="alert")


def _accent(accent: str) -> Component:
    typed = dcc.Input(
        id=ids.BRAND_ACCENT,
        type="text",
        name="accent",
        value=accent,
        maxLength=_COLOUR,
        placeholder=_PRODUCT,
        autoComplete="off",
        debounce=False,
    )
    pick = Still(
        "input",
        {
            "type": "color",
            "className": "br-pick",
            "defaultValue": accent if len(accent) == _COLOUR else _PRODUCT,
            "data-colour-of": ids.BRAND_ACCENT,
            "aria-label": tr("Pick the accent"),
        },
        "",
    )
    return html.Span([typed, pick], className="br-accent")


def _file(page: AppearancePage) -> Component:
    return Still(
        "input",
        {
            "type": "file",
            "name": "logo",
            "accept": "image/png,image/jpeg",
            "data-most": str(page.most),
            "data-too-large": tr(
                "The logo is larger than 200 kB. Save it smaller and choose it again."
            ),
        },
        "",
    )


def _looks(page: AppearancePage) -> Component:
    shown = html.Div(samples(page.samples), id=ids.BRAND_SAMPLES)
    return panel(tr("How it looks"), tr("The accent on light and on dark pages."), shown)


def _sample(one: Sample) -> Component:
    button = html.Span(
        tr("Button"),
        className="br-button",
        style={"backgroundColor": one.brand, "color": one.on_brand},
    )
    chosen = html.Span(
        tr("Chosen"), className="br-chosen", style={"backgroundColor": one.soft, "color": one.brand}
    )
    named = html.Span(tr("Link"), className="br-link", style={"color": one.brand})
    page = html.Div(
        [html.Strong(one.theme), button, chosen, named],
        className="br-page",
        style={"backgroundColor": one.surface, "color": one.ink},
    )
    return html.Div([page, html.P(one.told, className="sub")])


def _own(page: AppearancePage) -> Component:
    kept = dcc.Input(type="hidden", name="version", value=page.form.version)
    acts: list[Component] = []
    body: list[Component] = []
    if page.shown.logo:
        body.append(
            html.Div(
                [html.Div(logo(page.shown), className=f"br-on br-on-{on}") for on in _ON],
                className="br-logos",
            )
        )
        acts.append(_act("/drop-logo", kept, tr("Remove the logo"), page.csrf))
    acts.append(_act("/clear", kept, tr("Back to Meridian"), page.csrf))
    body.append(html.Div(acts, className="fm-acts br-acts"))
    return panel(tr("What is shown now"), _now(page), body)


_ON = ("light", "dark")


def _now(page: AppearancePage) -> str:
    name, pictured = page.named, page.shown.logo
    if not name:
        return (
            tr("A logo in place of Meridian's mark.")
            if pictured
            else tr("Meridian, in your colour.")
        )
    if pictured:
        return tr("{name}, with a logo.", name=name)
    return tr("{name}, with Meridian's mark.", name=name)


def _act(rule: str, kept: Component, text: str, csrf: str) -> Component:
    return html.Form([kept, press(text, csrf)], action=f"{ACTION}{rule}", method="POST")
