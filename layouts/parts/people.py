"""People: a round of initials in a tint that stays with the name."""

from zlib import crc32

from dash import html
from dash.development.base_component import Component

from layouts.parts.attributes import attrs
from portal.readmodels.cards import OwnerShare

TINTS = 6


def tint(name: str) -> int:
    """Return which of the six tints a person's name always gets."""
    return crc32(name.encode()) % TINTS


def initials(name: str) -> str:
    """Return the first letters of the first and the last word of a name."""
    words = name.split()
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def avatar(name: str, letters: str = "", classes: str = "") -> Component:
    """Return a person's round; the name is said, the letters are not."""
    return html.Span(
        html.Span(letters or initials(name), **attrs({"aria-hidden": "true"})),
        className=f"av av-{tint(name)} {classes}".rstrip(),
        role="img",
        title=name,
        **attrs({"aria-label": name}),
    )


def person(name: str, sub: str = "") -> Component:
    """Return a round with the name beside it, and a line below if there is one."""
    words: list[Component] = [html.Span(name)]
    if sub:
        words.append(html.Span(sub, className="sub"))
    mark = html.Span(
        initials(name), className=f"av av-{tint(name)}", **attrs({"aria-hidden": "true"})
    )
    return html.Span([mark, html.Span(words, className="stack")], className="person")


def owners(shares: tuple[OwnerShare, ...]) -> Component:
    """Return the rounds of a KPI's owners with their split and its bar in their tints."""
    rounds = html.Span([avatar(share.name, share.initials) for share in shares], className="av-row")
    split = [share for share in shares if share.share is not None]
    if len(shares) == 1:
        return html.Span([rounds, html.Span(shares[0].name.split()[0])], className="owners")
    if len(split) != len(shares):
        return html.Span(rounds, className="owners")
    text = html.Span(" / ".join(str(share.share) for share in split))
    bar = html.Span(
        [
            html.Span(
                className=f"ow-{tint(share.name)}", style={"flexGrow": float(share.share or 0)}
            )
            for share in split
        ],
        className="split",
        **attrs({"aria-hidden": "true"}),
    )
    return html.Span([rounds, html.Span([text, bar], className="split-of")], className="owners")
