"""The parts say what they are given, to eyes and to a screen reader, and nothing that is not there."""

import re
from collections import Counter
from dataclasses import replace
from html import unescape

import pytest
from dash import html

from layouts import ids
from layouts.html_text import html as text
from layouts.parts import states
from layouts.parts.bullets import bullet, mini, per_cent
from layouts.parts.cards import card_row, kpi_card
from layouts.parts.heads import finding, page_head
from layouts.parts.heat import heat_cell
from layouts.parts.people import avatar, initials, tint
from layouts.parts.pills import ICONS, change, status_pill
from layouts.parts.sparks import sparkline
from layouts.parts.stepper import stepper
from layouts.parts.tables import Row, table, view_as_table
from layouts.shell import SIGN_OUT, frame, sidebar, tabs
from portal.readmodels.cards import (
    Bullet,
    Change,
    Choice,
    Finding,
    Head,
    HeatCell,
    Menu,
    Spark,
    Status,
    Tone,
)
from portal.readmodels.shell import Place
from portal.readmodels.tables import Column, Kind, Order
from tests.layouts.makers import CARD, shell


def _said(component) -> str:
    """Return the words of a component, one space between them."""
    words = unescape(re.sub(r"<[^>]+>", " ", text(component)))
    return " ".join(words.split(" ")).replace("  ", " ").strip()


def _words(component) -> list[str]:
    return [word for word in re.split(r"[ \n]+", _said(component)) if word]


def test_a_card_is_one_link_from_its_title_to_its_confidence():
    drawn = text(kpi_card(CARD))
    assert drawn.startswith('<a href="/kpis/win_rate" class="card kc" data-go="">')
    assert drawn.count("<a ") == 1
    assert _words(kpi_card(CARD)) == (
        [
            "Win",
            "rate",
            "Off",
            "target",
            "22.6\xa0%",
            "−2.4\xa0pp",
            "vs",
            "Sep",
            "Target",
            "27.0",
            "%",
            "84",
            "%",
            "attained",
            "TO",
            "ID",
            "70",
            "/",
            "30",
            "Medium",
            "confidence",
        ]
    )


def test_a_card_without_a_number_says_why_and_shows_none():
    bare = replace(CARD, value="", absence="no closed deals in October", change=None, spark=None)
    said = _said(kpi_card(replace(bare, bullet=None)))
    assert "no closed deals in October" in said
    assert "22.6" not in said
    assert "pp" not in said


def test_a_card_of_a_rep_has_the_usual_in_place_of_the_owners():
    own = replace(
        CARD, owners=(), confidence=None, foot=(("Your usual", "24-31 %"), ("Team median", "28 %"))
    )
    assert "Your usual 24-31 %" in _said(kpi_card(own))


def test_a_row_of_cards_knows_how_many_they_are():
    assert 'style="--n:3"' in text(card_row([CARD, CARD, CARD]))


@pytest.mark.parametrize("tone", list(Tone))
def test_a_status_has_a_word_and_an_icon_besides_its_colour(tone: Tone):
    drawn = text(status_pill(Status(tone, "Word")))
    assert f"i-{ICONS[tone]}" in drawn
    assert "Word" in drawn
    assert len(set(ICONS.values())) == len(Tone)


@pytest.mark.parametrize(
    ("up", "arrow"), [(True, "arrow-up-right"), (False, "arrow-down-right"), (None, "arrow")]
)
def test_an_arrow_is_for_the_sign_and_a_colour_for_the_goodness(up, arrow):
    drawn = text(change(Change("+6.0 %", "vs Sep", Tone.BAD, up)))
    assert (arrow in drawn) is (up is not None)
    assert "change-at bad" in drawn


def test_a_line_with_a_gap_is_drawn_in_two_and_ends_in_a_dot():
    drawn = text(sparkline(Spark((1.0, 2.0, None, 3.0, 4.0), summary="Rose")))
    assert drawn.count('class="sp-line"') == 2
    assert drawn.count("sp-dot") == 1
    assert 'aria-label="Rose"' in drawn


@pytest.mark.parametrize(
    "points", [(), (None, None), (5.0,), (3.0, 3.0, 3.0), (0.0, 0.0), (-2.0, 1e12)]
)
def test_a_line_of_any_points_is_drawn_without_a_number_that_is_none(points):
    drawn = text(sparkline(Spark(points)))
    assert "nan" not in drawn.lower()
    assert "inf" not in drawn.lower()


def test_a_period_that_has_not_ended_is_dashed_to_a_ring():
    drawn = text(sparkline(Spark((1.0, 2.0, 3.0), open_end=True)))
    assert "sp-line sp-open" in drawn
    assert "sp-dot-open" in drawn


@pytest.mark.parametrize(("part", "length"), [(0.5, "50.00%"), (-1, "0.00%"), (7, "100.00%")])
def test_a_bar_never_leaves_its_scale(part: float, length: str):
    assert per_cent(part) == length
    assert f"width:{length}" in text(bullet(Bullet(part, None, Tone.GOOD)))


def test_a_bar_without_a_target_has_no_tick():
    assert "bl-tick" not in text(bullet(Bullet(0.5, None, Tone.GOOD)))
    assert "bl-tick" not in text(mini(0.5, None, "x"))


def test_a_bad_cell_of_heat_has_a_mark_besides_its_colour():
    marks = ["▾" in text(heat_cell(HeatCell("4.2", level))) for level in range(5)]
    assert marks == [True, True, False, False, False]


def test_a_cell_says_its_reason_and_leads_where_it_should():
    drawn = text(heat_cell(HeatCell("n 7", None, "7 deals, too few", "/kpis/x")))
    assert '<a href="/kpis/x"' in drawn
    assert "7 deals, too few" in _said(heat_cell(HeatCell("n 7", None, "7 deals, too few")))


def test_a_table_has_heads_for_its_columns_and_rows():
    drawn = text(
        table(
            [Column("Name"), Column("Won", "€K", number=True, sort="/?sort=won", order=Order.DOWN)],
            [
                ["Ana", "12"],
                Row(["Team", HeatCell("30", 4)], Kind.TOTAL),
                Row(["By country"], Kind.GROUP),
            ],
            caption="Reps by what they won",
        )
    )
    assert "<caption" in drawn
    assert drawn.count('scope="col"') == 2
    assert drawn.count('scope="row"') == 2
    assert 'scope="colgroup"' in drawn
    assert 'aria-sort="descending"' in drawn
    assert '<a href="/?sort=won"' in drawn
    assert 'data-label="Won"' in drawn


def test_a_row_of_another_length_than_the_heads_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        table([Column("Name"), Column("Won")], [["Ana"]], caption="x")


def test_a_table_that_scrolls_can_be_reached_by_the_keyboard():
    drawn = text(table([Column("Name")], [["Ana"]], caption="Heat", classes="tb-scroll"))
    assert 'tabindex="0"' in drawn
    assert 'role="region"' in drawn


def test_the_figures_of_a_chart_open_as_a_table():
    drawn = text(view_as_table([Column("Month")], [["October"]], "Win rate by month"))
    assert drawn.startswith("<details")
    assert "View as table" in drawn


def test_the_head_of_a_page_is_its_only_first_heading():
    head = Head(
        "Scorecard",
        "October 2026",
        (Choice("KPIs", "/kpis"), Choice("Growth", "")),
        ("Outcome",),
        (Menu("Period", "Oct 2026", "calendar3", (Choice("Oct 2026", "/", chosen=True),)),),
        (Choice("Print", "/print"),),
    )
    drawn = text(page_head(head))
    assert drawn.count("<h1") == 1
    assert '<a href="/kpis"' in drawn
    assert "Period:" in drawn


def test_a_finding_says_the_fact_before_the_cause():
    said = _said(finding(Finding("Win rate fell.", "Fewer meetings.", "See why", "/kpis/x")))
    assert said.index("Win rate fell.") < said.index("Fewer meetings.") < said.index("See why")


def test_a_name_keeps_its_tint_and_its_letters():
    assert tint("Ana Ribeiro") == tint("Ana Ribeiro")
    assert (initials("Ana Maria Ribeiro"), initials("Cher"), initials("")) == ("AR", "C", "?")
    assert 'aria-label="Ana Ribeiro"' in text(avatar("Ana Ribeiro"))


def test_steps_are_told_in_words_too():
    assert _said(stepper(4, 7)) == "4 of 7"
    assert text(stepper(3, 5, "Propose", now=True)).count("st-past") == 2


@pytest.mark.parametrize(
    "state",
    [
        states.state_empty("No targets", "None was set.", "Set one", "/targets"),
        states.state_denied(),
        states.state_missing("No KPI has this name."),
        states.state_error("7F3A", "/"),
    ],
)
def test_a_state_says_what_to_do_next(state):
    assert '<a href="/' in text(state)


def test_who_waits_is_told_so():
    assert _said(states.state_loading()) == "Loading"


def test_a_whole_page_has_each_id_once_and_one_main():
    drawn = text(frame(shell(viewing_as="Ana", stop_viewing="/stop"), html.H1("Scorecard")))
    found = Counter(re.findall(r'\sid="([^"]+)"', drawn))
    assert {name: count for name, count in found.items() if count > 1} == {}
    assert {
        ids.PAGE,
        ids.SIDEBAR,
        ids.TABS,
        ids.PALETTE,
        ids.PALETTE_INPUT,
        ids.PALETTE_RESULTS,
    } <= found.keys()
    assert drawn.count("<main") == 1
    assert drawn.index('class="skip"') < drawn.index("<header")


def test_signing_out_is_a_form_that_carries_its_token():
    drawn = text(frame(shell(), html.H1("x")))
    assert f'<form action="{SIGN_OUT}" method="POST">' in drawn
    assert 'name="csrf_token" type="submit" value="token"' in drawn


def test_looking_as_somebody_is_said_above_everything():
    assert "looking as" not in text(frame(shell(), html.H1("x")))
    assert "You are looking as Ana." in text(frame(shell(viewing_as="Ana"), html.H1("x")))


def test_a_phone_has_at_most_five_places():
    many = tuple(Place(f"Place {at}", f"/{at}", "book") for at in range(9))
    drawn = text(tabs(shell(places=many)))
    assert drawn.count('class="tab') - drawn.count('class="tab-row') == 5
    assert drawn.count("<a ") == len(many), "the others are behind More"
    assert text(sidebar(shell(places=many))).count("<a ") == 9


def test_a_stale_source_is_flagged_with_more_than_colour():
    drawn = text(sidebar(shell()))
    assert drawn.count('aria-label="stale"') == 1
    assert "26 h ago" in drawn


def test_a_state_that_is_all_of_a_page_has_its_heading():
    assert "<h1" in text(states.state_denied("Not yours."))
    assert "<h1" not in text(states.state_denied("Not yours.", whole=False))
    assert "7F3A" in _said(states.state_error("7F3A", "/", whole=False))


def test_words_in_a_cell_may_break_and_a_figure_may_not():
    assert "ht-bare" in text(heat_cell(HeatCell("1,234.5")))
    assert "ht-none" in text(heat_cell(HeatCell("n 7, too small")))
