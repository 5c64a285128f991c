"""Any accent is moved until it is read in both themes."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.services.appearance import PRODUCT
from portal.services.brand_colours import (
    DARK,
    ENOUGH,
    LIGHT,
    Grounds,
    contrast,
    is_colour,
    tones,
)

_TOKENS = Path(__file__).parents[2] / "portal/assets/10-tokens.css"
ACCENTS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


@pytest.mark.parametrize("grounds", [LIGHT, DARK])
@given(accent=ACCENTS)
def test_every_accent_ends_readable(grounds: Grounds, accent: str) -> None:
    made = tones(accent, grounds)
    read_on = (*grounds.surfaces, made.on_brand, made.soft)
    assert min(contrast(made.brand, each) for each in read_on) >= ENOUGH


def test_a_readable_accent_is_left_as_it_is() -> None:
    assert tones("#6B2D5C", LIGHT).brand == "#6B2D5C"


def test_an_accent_too_light_for_white_is_darkened_only_there() -> None:
    assert tones("#FFE066", LIGHT).brand != "#FFE066"
    assert tones("#FFE066", DARK).brand == "#FFE066"


def test_contrast_is_that_of_the_guideline() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(
    "text", ["", "#FFF", "6B2D5C", "#6B2D5G", "#6B2D5C;}", "#6B2D5C\n", "red", "#६६६६६६"]
)
def test_what_is_no_colour_is_told(text: str) -> None:
    assert not is_colour(text)
    with pytest.raises(ValueError, match=r".*"):
        tones(text, LIGHT)


@pytest.mark.parametrize(("grounds", "at"), [(LIGHT, 0), (DARK, 1)])
def test_the_accent_of_the_product_is_that_of_the_style_sheet(grounds: Grounds, at: int) -> None:
    css = _TOKENS.read_text("utf-8")
    names = ("brand", "on-brand", "brand-soft")
    told = [re.findall(rf"--{name}: (#\w+);", css)[at] for name in names]
    own = PRODUCT[grounds]
    assert [own.brand, own.on_brand, own.soft] == told


@pytest.mark.parametrize(("grounds", "at"), [(LIGHT, 0), (DARK, 1)])
def test_the_grounds_are_those_of_the_style_sheet(grounds: Grounds, at: int) -> None:
    css = _TOKENS.read_text("utf-8")
    told = [re.findall(rf"--{name}: (#\w+);", css)[at] for name in ("surface", "bg", "sunk")]
    assert list(grounds.surfaces) == told
