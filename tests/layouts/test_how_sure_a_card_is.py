"""A card says how sure its number is, and why, to who looks, points or listens."""

import re
from dataclasses import replace
from html import unescape

from layouts.html_text import html as text
from layouts.pages.kpi_confidence import confidence_panel
from layouts.parts.cards import kpi_card
from portal.readmodels.cards import Status, Tone
from portal.readmodels.confidence import Confidence, Ground
from tests.layouts.makers import CARD


def _said(component):
    """What is read of a part, with one space between words."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text(component))).split())


def test_only_a_card_that_tells_of_owners_says_that_there_is_none():
    bare = replace(CARD, foot=(), confidence=(2, "Medium"))
    assert "no owner" in _said(kpi_card(replace(bare, owners=())))
    assert "no owner" not in _said(kpi_card(replace(bare, owners=None)))


def test_what_speaks_against_a_number_is_read_out_and_shown_on_hovering():
    sure = replace(CARD, confidence=(2, "Medium"), doubt="Amount is filled in 80 % of 9 deals.")
    for card in (sure, replace(sure, owners=None, foot=())):
        assert "Medium confidence Amount is filled in 80 % of 9 deals." in _said(kpi_card(card))
        assert 'title="Amount is filled in 80 % of 9 deals."' in text(kpi_card(card))
    assert "title=" not in text(kpi_card(replace(sure, doubt="", owners=None)))


def test_no_bar_is_on_where_nobody_can_tell():
    card = replace(CARD, confidence=(0, "Cannot tell"), owners=None, foot=())
    assert "Confidence: Cannot tell" in _said(kpi_card(card))
    assert "cf-bar on" not in text(kpi_card(card))


def test_the_page_tells_how_far_a_number_could_move_under_its_reasons():
    ground = Ground(Status(Tone.NEUTRAL, "High"), "All have an owner.")
    told = Confidence(3, "High", (ground,), "31 % now; between 29 % and 34 %.")
    assert "All have an owner. 31 % now; between 29 % and 34 %." in _said(confidence_panel(told))
    assert "cf-band" not in text(confidence_panel(replace(told, band="")))
