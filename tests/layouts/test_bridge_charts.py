"""The chart of a bridge: two lines that differ by more than colour, the run, the gap, its words."""

import json

import pytest

from layouts.charts.bridges import bridge
from layouts.html_text import html
from layouts.pages.framework_replaced import bridge_panel
from portal.readmodels.bridges import BridgeChart, BridgePanel, BridgeRow
from portal.readmodels.cards import Status, Tone
from portal.readmodels.charts import Axes, Series

NAME = "<b>Old</b>"


def chart(*, gap=(2, 0.3, 0.26, "4.0 pp lower"), shared=(1, 2), values=(0.31, None, 0.3)):
    series = (
        Series(NAME, values, ("31 %", "no deals", "30 %"), dashed=True, main=False),
        Series("New", (0.28, 0.27, 0.26), ("28 %", "27 %", "26 %")),
    )
    axes = Axes(((0.0, "Aug"),), ((0.2, "20 %"), (0.4, "40 %")))
    return BridgeChart(
        axes, ("August", "September", "October"), series, shared, gap, "How they go."
    )


def test_the_lines_differ_by_dash_and_mark_and_a_month_without_a_number_is_a_gap():
    old, new = bridge(chart())["data"]
    assert (old["line"]["dash"], new["line"]["dash"]) == ("dash", "solid")
    assert old["marker"]["symbol"] != new["marker"]["symbol"]
    assert (old["y"][1], old["connectgaps"]) == (None, False)
    assert "<b>Old" not in json.dumps(old["name"])


def test_the_run_is_a_band_and_the_gap_is_drawn_from_value_to_value():
    layout = bridge(chart())["layout"]
    band, rod = layout["shapes"]
    assert (band["x0"], band["x1"]) == (0.5, 2.5)
    assert (rod["x0"], rod["y0"], rod["y1"]) == (2, 0.3, 0.26)
    assert [each["text"] for each in layout["annotations"]] == ["Both told", "4.0 pp<br>lower"]


@pytest.mark.parametrize(("values", "place"), [((0.39, 0.39, 0.39), 0), ((0.21, 0.21, 0.21), 1)])
def test_the_bands_name_stands_where_the_lines_are_not(values, place):
    assert bridge(chart(values=values))["layout"]["annotations"][0]["y"] == place


def test_without_a_shared_period_there_is_neither_band_nor_gap():
    layout = bridge(chart(gap=None, shared=None))["layout"]
    assert (layout["shapes"], layout["annotations"]) == ([], [])


def test_the_panel_says_in_words_what_the_chart_shows_and_escapes_names():
    row = BridgeRow("October", "30 %", "3 of 10", "26 %", "", "4.0 pp lower", "Both told")
    panel = BridgePanel(
        "old-2", f"{NAME} was replaced", "Both.", Status(Tone.NEUTRAL, "Stored"), "It fell.",
        NAME, "New", (("Why", "Because."),), (chart(),), (row,), "", ("Before: <i>",),
    )  # fmt: skip
    page = html(bridge_panel(panel))
    assert "How they go." in page
    assert "30 % (3 of 10)" in page
    assert "1 more stored" in page
    assert "&lt;b&gt;Old&lt;/b&gt;" in page
    assert "<b>Old</b>" not in page
    assert "<i>" not in page
