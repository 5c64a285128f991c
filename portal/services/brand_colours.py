"""A company's accent, made readable: the same hue, darker on light pages and lighter on dark ones.

Contrast is that of WCAG 2.2 (relative luminance and contrast ratio,
https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio); small text needs 4.5:1.
"""

import re
from dataclasses import dataclass

ENOUGH = 4.5
"""The least contrast of small text (WCAG 2.2, 1.4.3)."""
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_STEPS = 100
_SOFT = 12
"""Percent of the accent in the soft surface."""
_LINEAR_BELOW = 0.04045

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a theme writes on, as in `10-tokens.css`, and where a colour goes to be read there."""

    surfaces: tuple[str, ...]
    """The first is the surface that the soft one is mixed with."""
    towards: str


LIGHT = Grounds(("#FFFFFF", "#F4F6F8", "#F1F3F6"), "#000000")
DARK = Grounds(("#131B24", "#0C1219", "#0F161E"), "#FFFFFF")
_INKS = ("#FFFFFF", "#000000")


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of one theme that come of an accent, each `#RRGGBB`."""

    brand: str
    on_brand: str
    soft: str


def is_colour(text: str) -> bool:
    """Say whether a text is a colour as `#RRGGBB`."""
    return _HEX.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 (none) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def tones(accent: str, grounds: Grounds) -> Tones:
    """Return the accent as it is read in a theme: moved no further than its text needs.

    Raises:
        ValueError: if the accent is no `#RRGGBB`.
    """
    if not is_colour(accent):
        raise ValueError(accent)
    moved = (_toned(_mix(grounds.towards, accent, step), grounds) for step in range(_STEPS + 1))
    return next(made for made in moved if _is_read(made, grounds))


def _ink(ground: str) -> str:
    """What is written on a colour: white or black, whichever is read better."""
    return max(_INKS, key=lambda each: contrast(each, ground))


def _toned(brand: str, grounds: Grounds) -> Tones:
    return Tones(brand, _ink(brand), _mix(brand, grounds.surfaces[0], _SOFT))


def _is_read(made: Tones, grounds: Grounds) -> bool:
    read_on = (*grounds.surfaces, made.on_brand, made.soft)
    return min(contrast(made.brand, each) for each in read_on) >= ENOUGH


def _mix(one: str, other: str, percent: int) -> str:
    """So many percent of the one, the rest of the other."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    mixed = (round((a * percent + b * (100 - percent)) / 100) for a, b in pairs)
    return "#" + "".join(f"{each:02X}" for each in mixed)


def _parts(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(each / 255) for each in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    if part <= _LINEAR_BELOW:
        return part / 12.92
    grown: float = ((part + 0.055) / 1.055) ** 2.4
    return grown
