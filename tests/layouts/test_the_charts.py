"""Charts are plain dicts of numbers and words, with no colour of their own and no text that runs."""

import itertools
import json
import re
from dataclasses import replace

import pytest

from layouts.charts.bars import bars, funnel, waterfall
from layouts.charts.template import apart, drawn, plain
from layouts.charts.trends import lines, xmr
from layouts.html_text import html as text
from portal.readmodels.cards import Tone
from portal.readmodels.charts import (
    Axes,
    Bar,
    BarChart,
    Fall,
    Funnel,
    Level,
    LineChart,
    Series,
    Stage,
    Waterfall,
    XmrChart,
)
from tests.layouts.makers import HOSTILE

AXES = Axes(((0, "Jan\n2026"), (3, "Apr")), ((22.0, "22 %"), (32.0, "32 %")))
XMR = XmrChart(
    AXES,
    ("January 2026", "February 2026", "March 2026", "April 2026"),
    (27.0, None, 31.0, 24.0),
    ("27.0 %", "no closed deals", "31.0 %", "24.0 %"),
    Level(27.1, "Mean 27.1"),
    Level(24.3, "Lower 24.3"),
    Level(29.8, "Upper 29.8"),
    Level(27.0, "Target 27.0"),
    signals=(2,),
    notes=((2, "New-year promo"),),
    open_end=True,
)
LINES = LineChart(
    AXES,
    XMR.names,
    (Series("Won", XMR.values, XMR.texts), Series("Last year", XMR.values, XMR.texts, dashed=True)),
)
RIBBON = replace(XMR, mean=None, along=(None, (25.0, 29.0), None, (24.3, 29.8)))
FIGURES = [xmr(XMR), xmr(RIBBON), lines(LINES)]


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_takes_its_colours_from_the_style_sheet(figure):
    written = json.dumps(figure, allow_nan=False)
    assert "var(--data)" in written
    assert re.findall(r"#[0-9a-fA-F]{6}", written) == []


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_has_the_look_of_the_design(figure):
    layout = figure["layout"]
    assert layout["font"]["size"] == 13
    assert layout["xaxis"]["showgrid"] is False
    assert layout["yaxis"]["zeroline"] is False
    assert layout["yaxis"]["range"] == [22.0, 32.0]
    assert layout["dragmode"] is False


def test_a_graph_has_a_height_no_bar_of_tools_and_a_sentence():
    told = drawn(xmr(XMR), "One signal, in March", height=280)
    assert 'style="height:280px"' in text(told)
    assert 'aria-label="One signal, in March"' in text(told)
    graph = next(part for part in told.children[0]._traverse() if type(part).__name__ == "Graph")
    assert graph.config["displayModeBar"] is False


def test_the_notes_of_a_figure_are_a_list_too():
    assert "<b>A </b>New-year promo" in text(drawn(xmr(XMR), "x"))


def test_a_signal_is_a_diamond_at_its_point():
    diamond = xmr(XMR)["data"][-1]
    assert (diamond["x"], diamond["y"], diamond["marker"]["symbol"]) == ([2], [31.0], "diamond")


def test_limits_that_move_along_are_a_band_with_a_gap_where_there_are_none():
    shapes = xmr(RIBBON)["layout"]["shapes"]
    bands = [each for each in shapes if "fillcolor" in each]
    assert [each["path"] for each in bands] == ["M 1,29.0 L 1,25.0 Z", "M 3,29.8 L 3,24.3 Z"]
    # Only the target goes across: the limits are those of one point each.
    assert [each["y0"] for each in shapes if each["type"] == "line"] == [27.0]
    told = xmr(RIBBON)["layout"]["annotations"]
    assert {"Upper 29.8", "Lower 24.3"} <= {each["text"] for each in told}


def test_an_open_period_is_hatched_and_not_part_of_the_line():
    data = xmr(XMR)["data"]
    assert data[0]["marker"]["pattern"]["shape"] == "/"
    assert data[1]["y"] == [27.0, None, 31.0]
    assert [
        trace for trace in xmr(replace(XMR, open_end=False))["data"] if trace["type"] == "bar"
    ] == []


def test_a_note_at_a_point_that_is_not_there_is_left_out():
    assert [
        each
        for each in xmr(replace(XMR, notes=((1, "a"), (9, "b"))))["layout"]["annotations"]
        if each["showarrow"]
    ] == []


def test_a_chart_without_limits_is_drawn_without_them():
    bare = replace(
        XMR, mean=None, lower=None, upper=None, target=None, signals=(), notes=(), open_end=False
    )
    assert xmr(bare)["layout"]["shapes"] == []
    assert len(xmr(bare)["data"]) == 1


def test_hostile_words_are_escaped_in_a_figure():
    hostile = replace(
        XMR,
        names=(HOSTILE,) * 4,
        texts=(HOSTILE,) * 4,
        notes=((2, HOSTILE),),
        mean=Level(27, HOSTILE),
    )
    assert "<script" not in json.dumps(xmr(hostile))
    assert "<script" not in text(drawn(xmr(hostile), HOSTILE))


def test_plain_text_breaks_only_at_line_feeds():
    assert plain("a<b>\n&c") == "a&lt;b&gt;<br>&amp;c"


@pytest.mark.parametrize(
    "values", [[27.0, 27.1, 29.8, 24.3], [25, 25, 25, 25], [22, 32], [27.0], []]
)
def test_labels_are_kept_apart(values):
    shifts = apart(values, AXES, 320)
    scale = (320 - 12 - 40) / 10
    places = sorted(value * scale + shift for value, shift in zip(values, shifts, strict=True))
    assert all(after - before >= 14.9 for before, after in itertools.pairwise(places))


def test_labels_far_apart_stay_where_they_are():
    assert apart([22.0, 32.0], AXES, 320) == [0.0, 0.0]


def test_several_lines_have_a_legend_and_one_has_none():
    assert lines(LINES)["layout"]["showlegend"] is True
    assert lines(replace(LINES, series=LINES.series[:1]))["layout"]["showlegend"] is False


def _starts(drawing: str) -> list[tuple[float, float]]:
    return [
        (float(left), float(width))
        for left, width in re.findall(
            r'wf-fill[^"]*" style="left:([\d.]+)%;width:([\d.]+)%', drawing
        )
    ]


def test_a_step_of_a_waterfall_begins_where_the_one_before_ended():
    chart = Waterfall(
        "x",
        (
            Fall("Open", 100, "100", level=True),
            Fall("New", 50, "+50"),
            Fall("Lost", -30, "−30"),
            Fall("Now", 120, "120", level=True),
        ),
    )
    (open_at, open_wide), (new_at, new_wide), (lost_at, lost_wide), (now_at, now_wide) = _starts(
        text(waterfall(chart))
    )
    assert (open_at, now_at) == (0, 0)
    assert new_at == pytest.approx(open_wide, abs=0.01)
    assert lost_at + lost_wide == pytest.approx(new_at + new_wide, abs=0.01)
    assert now_wide == pytest.approx(lost_at, abs=0.01)


def test_a_waterfall_takes_colour_only_where_told():
    chart = Waterfall(
        "x", (Fall("Open", 100, "100", level=True), Fall("Slipped", -30, "−30", tone=Tone.BAD))
    )
    assert text(waterfall(chart)).count("wf-fill bad") == 1
    assert "exclamation-triangle-fill" in text(waterfall(chart))


def test_a_funnel_is_widest_at_its_largest_stage():
    chart = Funnel("x", (Stage("Qualify", 40, "40", "50 % (45)"), Stage("Won", 20, "20")))
    assert re.findall(r"width:([\d.]+)%", text(funnel(chart))) == ["100.00", "50.00"]
    assert "50 % (45)" in text(funnel(chart))
    assert text(funnel(Funnel("x", (Stage("Qualify", 0, "0"),))))


def test_a_bar_of_too_few_is_hatched_and_says_so():
    told = text(
        bars(
            BarChart(
                "x", (Bar("Trade press", 0.2, "n too small", hatched=True, whisker=(0.1, 0.3)),)
            )
        )
    )
    assert "hb-fill hatch" in told
    assert "hb-whisker" not in told
    assert "n too small" in told


def test_the_whole_is_a_line_through_all_bars():
    told = text(bars(BarChart("x", (Bar("A", 0.2, "20"), Bar("B", 0.4, "40")), reference=0.3)))
    assert told.count('class="hb-ref" style="left:30.00%"') == 2
