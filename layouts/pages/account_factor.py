"""One's second factor on one's account: whether it is on, and the buttons that change it."""

from dash import html
from dash.development.base_component import Component

from layouts.parts.forms import send
from layouts.parts.panels import panel
from layouts.parts.pills import status_pill
from portal.readmodels.cards import Status, Tone

_PLACE = "/account/factor"
_WHY = "A code from your telephone besides the password: a stolen password alone opens nothing."


def factor(*, held: bool, needed: bool, codes_left: int, csrf: str) -> Component:
    """Return the panel. `needed` says that a role of the person may not do without."""
    word = status_pill(Status(Tone.GOOD, "On") if held else Status(Tone.NEUTRAL, "Off"))
    if not held:
        return panel("Second factor", _WHY, _buttons([(_PLACE, "Set it up")], csrf), pill=word)
    left = "1 recovery code is" if codes_left == 1 else f"{codes_left} recovery codes are"
    told = [html.P(f"{left} left for when the telephone is not at hand.", className="sub")]
    buttons = [(f"{_PLACE}/codes", "Make new recovery codes")]
    if needed:
        told.append(html.P("Your company asks your roles for it, so it stays on.", className="sub"))
    else:
        buttons.append((f"{_PLACE}/off", "Turn it off"))
    return panel("Second factor", _WHY, [*told, _buttons(buttons, csrf)], pill=word)


def _buttons(named: list[tuple[str, str]], csrf: str) -> Component:
    return html.Div([send(place, csrf, text) for place, text in named], className="ad-changes")
