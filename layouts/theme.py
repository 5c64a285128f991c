"""The design's tokens: one table, from which the style sheet is written and contrasts are tried."""

from collections.abc import Mapping
from typing import Final

LIGHT: Final = "light"
DARK: Final = "dark"
THEMES: Final = (LIGHT, DARK)
COOKIE: Final = "theme"

TOKENS: Final[Mapping[str, tuple[str, str]]] = {
    "bg": ("#F4F6F8", "#0C1219"),
    "surface": ("#FFFFFF", "#131B24"),
    "sunk": ("#F1F3F6", "#0F161E"),
    "line": ("#E3E8EE", "#26323F"),
    "rule": ("#C9D1DA", "#3A4857"),
    "ink": ("#14202E", "#E8EEF4"),
    "muted": ("#566474", "#A6B3C1"),
    "faint": ("#8A97A6", "#76869A"),
    "brand": ("#0B5C7A", "#5CC4E4"),
    "on-brand": ("#FFFFFF", "#08202B"),
    "brand-soft": ("#E3EFF4", "#12303C"),
    "data": ("#3A5270", "#A9C1DC"),
    "data-2": ("#93A1B2", "#70859C"),
    "data-3": ("#C7CED7", "#465668"),
    "area": ("#ECEEF2", "#1D2630"),
    "track": ("#E3E7EB", "#26323F"),
    "grid": ("#E9EDF1", "#1E2833"),
    "good": ("#006D8F", "#5BC0EB"),
    "good-soft": ("#DCEFF6", "#0E3142"),
    "watch": ("#8A5A00", "#F2C14E"),
    "watch-soft": ("#FBF0D5", "#382B0D"),
    "bad": ("#BE123C", "#FF7A66"),
    "bad-soft": ("#FCE5EA", "#431D18"),
    "neutral-soft": ("#E9EDF2", "#222D39"),
    "heat-0": ("#EE9F86", "#93402E"),
    "heat-1": ("#F8D3C4", "#5C3129"),
    "heat-2": ("#FAF1DC", "#3A3A34"),
    "heat-3": ("#D0E9F0", "#17404F"),
    "heat-4": ("#8FCADB", "#146A87"),
    "on-heat": ("#14202E", "#F3F7FA"),
    "tint-0": ("#D9E8EE", "#143746"),
    "tint-1": ("#EEE3D3", "#3A2E1A"),
    "tint-2": ("#E5DFF1", "#30294A"),
    "tint-3": ("#DCEADF", "#1F3A2A"),
    "tint-4": ("#F3DDE3", "#46222C"),
    "tint-5": ("#DEE4EB", "#2A3745"),
    "on-tint-0": ("#0B5C7A", "#7FD0EA"),
    "on-tint-1": ("#7A4A00", "#EBC06A"),
    "on-tint-2": ("#5B3F9E", "#BCA8F0"),
    "on-tint-3": ("#27643A", "#8FD3A3"),
    "on-tint-4": ("#9C1B40", "#F59BAE"),
    "on-tint-5": ("#3A5270", "#A9C1DC"),
    "plate-light": ("#FFFFFF", "#FFFFFF"),
    "plate-dark": ("#131B24", "#131B24"),
}
"""Name to its colour in light and in dark."""

TEXTS: Final[tuple[tuple[str, str], ...]] = (
    *((text, ground) for text in ("ink", "muted", "brand") for ground in ("bg", "surface", "sunk")),
    *(
        (tone, ground)
        for tone in ("good", "watch", "bad")
        for ground in ("surface", f"{tone}-soft")
    ),
    *(("on-heat", f"heat-{level}") for level in range(5)),
    *((f"on-tint-{tint}", f"tint-{tint}") for tint in range(6)),
    ("on-brand", "brand"),
    ("brand", "brand-soft"),
    ("muted", "neutral-soft"),
    ("ink", "neutral-soft"),
    ("data", "surface"),
    ("good", "sunk"),
    ("watch", "sunk"),
    ("bad", "sunk"),
)
"""Which colour is written on which ground."""

SMALLEST_CONTRAST: Final = 4.5
_THRESHOLD = 0.04045


def css() -> str:
    """Return the style sheet of tokens: light as it comes, dark under `data-bs-theme`."""
    return f"{_block(':root', 0, LIGHT)}\n{_block('[data-bs-theme=dark]', 1, DARK)}"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2 reckons it."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _block(selector: str, which: int, scheme: str) -> str:
    lines = [f"  --{name}: {pair[which]};" for name, pair in TOKENS.items()]
    return "\n".join([f"{selector} {{", f"  color-scheme: {scheme};", *lines, "}"]) + "\n"


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _THRESHOLD else ((part + 0.055) / 1.055) ** 2.4
