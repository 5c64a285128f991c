"""Colours come from one table, and every text stands out from its ground."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from layouts import theme

ASSETS = Path(theme.__file__).parents[1] / "portal" / "assets"


def test_the_style_sheet_is_the_table():
    assert (ASSETS / "10-tokens.css").read_text("utf-8") == theme.css()


@pytest.mark.parametrize(("text", "ground"), theme.TEXTS)
@pytest.mark.parametrize("which", [0, 1], ids=theme.THEMES)
def test_a_text_stands_out_from_its_ground(text: str, ground: str, which: int):
    pair = theme.TOKENS[text][which], theme.TOKENS[ground][which]
    assert theme.contrast(*pair) >= theme.SMALLEST_CONTRAST


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#FFFFFF", 21.0), ("#777777", "#FFFFFF", 4.48), ("#123456", "#123456", 1.0)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float):
    assert theme.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert theme.contrast(other, one) == theme.contrast(one, other)


def test_every_colour_of_a_style_sheet_is_a_token():
    for path in sorted(ASSETS.glob("*.css")):
        if path.name.startswith(("10-", "90-")):
            continue
        sheet = path.read_text("utf-8")
        assert set(re.findall(r"var\(--([\w-]+)", sheet)) - _own(sheet) <= set(theme.TOKENS), path
        assert re.findall(r"#[0-9a-fA-F]{6}\b", sheet) == [], path


def _own(sheet: str) -> set[str]:
    return {"i", "n", "wide", "narrow", *re.findall(r"(?<!var\()--([\w-]+)\s*:", sheet)}


def test_no_text_is_smaller_than_eleven_pixels():
    for path in sorted(ASSETS.glob("*.css")):
        sizes = re.findall(r"font(?:-size:|:[^;}]*?)([\d.]+)px", path.read_text("utf-8"))
        assert not [size for size in map(float, sizes) if size < 11], path


def test_heat_grows_apart_from_its_middle():
    for which in (0, 1):
        steps = [theme.TOKENS[f"heat-{level}"][which] for level in range(5)]
        assert len(set(steps)) == 5
        assert all(one != other for one, other in pairwise(steps))
