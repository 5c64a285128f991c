"""One's own account: a new password, and how numbers and dates are written."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import mark, tr
from layouts.parts.forms import press, send
from layouts.parts.heads import notice, page_head
from layouts.parts.panels import columns, panel, stacked
from portal.readmodels.cards import Head

_FIELDS = (
    ("old", mark("Present password"), "current-password"),
    ("new", mark("New password, 12 to 128 characters"), "new-password"),
    ("again", mark("The same again"), "new-password"),
)


def draw(
    who: str,
    locales: Sequence[tuple[str, str]],
    chosen: str,
    csrf: str,
    said: str = "",
    panels: Sequence[Component] = (),
) -> Component:
    """Return the page. `locales` are to choose from; `panels` stand under the password."""
    head = page_head(Head(tr("Your account"), who))
    told = [notice("check-circle", said)] if said else []
    return html.Div(
        [head, *told, columns(stacked(_password(csrf), *panels), _locale(locales, chosen, csrf))],
        className="pg",
    )


def _password(csrf: str) -> Component:
    fields: list[Component] = []
    for name, label, hint in _FIELDS:
        fields += [
            html.Label(tr(label), htmlFor=f"account-{name}"),
            dcc.Input(
                id=f"account-{name}",
                name=name,
                type="password",
                autoComplete=hint,
                maxLength=128,
                className="ad-input",
            ),
        ]
    form = html.Form(
        [*fields, press(tr("Change the password"), csrf, "btn btn-primary")],
        action="/account/password",
        method="POST",
        className="ad-form",
    )
    return panel(
        tr("Password"), tr("All your sessions end, and you sign in with the new one."), form
    )


def _locale(locales: Sequence[tuple[str, str]], chosen: str, csrf: str) -> Component:
    rows = [
        send(
            f"/account/locale/{word}",
            csrf,
            name if word != chosen else tr("{name}, chosen", name=name),
            "menu-row" if word != chosen else "menu-row on",
        )
        for word, name in locales
    ]
    told = tr("Texts are there in English and German; numbers and dates in each of these.")
    return panel(tr("Language, numbers and dates"), told, rows)
