"""Sentences that hold components: each language puts them where it has them."""

import re

from dash.development.base_component import Component

_PLACE = re.compile(r"\{(\w+)\}")


def phrase(message: str, **parts: Component | str) -> list[Component | str]:
    """Return a message, said by `tr` without its values, with `parts` in the places of their names.

    Raises:
        KeyError: if the message has a name that is none of the parts.
    """
    found: list[Component | str] = []
    for at, piece in enumerate(_PLACE.split(message)):
        if at % 2:
            found.append(parts[piece])
        elif piece:
            found.append(piece)
    return found
