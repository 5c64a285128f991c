"""One's second factor on one's account: whether it is on, and the buttons that change it."""

from dash import html
from dash.development.base_component import Component

from kpi_engine.language import mark, tr, trn
from layouts.parts.forms import send
from layouts.parts.panels import panel
from layouts.parts.pills import status_pill
from portal.readmodels.cards import Status, Tone

_PLACE = "/account/factor"
_WHY = mark(
    "A code from your telephone besides the password: a stolen password alone opens nothing."
)


def factor(*, held: bool, needed: bool, codes_left: int, csrf: str) -> Component:
    """Return the panel. `needed` says that a role of the person may not do without."""
    word = status_pill(Status(Tone.GOOD, tr("On")) if held else Status(Tone.NEUTRAL, tr("Off")))
    if not held:
        return panel(
            tr("Second factor"), tr(_WHY), _buttons([(_PLACE, tr("Set it up"))], csrf), pill=word
        )
    left = trn(
        "{count} recovery code is left for when the telephone is not at hand.",
        "{count} recovery codes are left for when the telephone is not at hand.",
        codes_left,
    )
    told = [html.P(left, className="sub")]
    buttons = [(f"{_PLACE}/codes", tr("Make new recovery codes"))]
    if needed:
        told.append(
            html.P(tr("Your company asks your roles for it, so it stays on."), className="sub")
        )
    else:
        buttons.append((f"{_PLACE}/off", tr("Turn it off")))
    return panel(tr("Second factor"), tr(_WHY), [*told, _buttons(buttons, csrf)], pill=word)


def _buttons(named: list[tuple[str, str]], csrf: str) -> Component:
    return html.Div([send(place, csrf, text) for place, text in named], className="ad-changes")
