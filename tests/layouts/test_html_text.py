"""What is sent before any script has run says the same as the components, and runs nothing."""

from html.parser import HTMLParser

import pytest
from dash import dcc, html

from layouts.html_text import html as text
from layouts.parts.shapes import area, canvas, group, stroke
from layouts.still import Still
from tests.layouts.makers import HOSTILE


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words += data


def _read(component) -> _Read:
    reader = _Read()
    reader.feed(text(component))
    return reader


@pytest.mark.parametrize(
    "component",
    [
        html.Div(HOSTILE),
        html.Div([HOSTILE, html.Span(HOSTILE)]),
        html.Div("x", title=HOSTILE, className=HOSTILE, id=HOSTILE),
        html.Div("x", **{"aria-label": HOSTILE, "data-x": HOSTILE}),
        html.Div("x", style={"color": HOSTILE}),
        dcc.Link(HOSTILE, href="/kpis", title=HOSTILE),
        Still("path", {"d": HOSTILE, "className": HOSTILE}, ""),
        dcc.Input(value=HOSTILE, placeholder=HOSTILE),
    ],
)
def test_hostile_text_stays_text(component):
    reader = _read(component)
    assert "script" not in reader.tags
    assert not [name for name, _ in reader.attributes if name.startswith("on")]


def test_hostile_text_is_kept_as_it_is():
    assert _read(html.P(HOSTILE)).words == HOSTILE
    assert dict(_read(html.P("x", title=HOSTILE)).attributes) == {"title": HOSTILE}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "\tjavascript:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "\x01javascript:alert(1)",
    ],
)
def test_an_address_that_runs_is_left_out(address: str):
    for component in (
        html.A("x", href=address),
        dcc.Link("x", href=address),
        html.Form(action=address),
    ):
        assert dict(_read(component).attributes).keys() <= {"data-go"}


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/kpis/win_rate?period=2026-10&team=a",
        "#page",
        "?sort=win",
        "https://crm.example/L-1",
        "mailto:a@b.example",
        "kpis/x",
    ],
)
def test_a_plain_address_is_kept(address: str):
    assert dict(_read(html.A("x", href=address)).attributes) == {"href": address}


@pytest.mark.parametrize(
    "component", [html.Script("x"), html.Iframe("x"), html.ObjectEl("x"), html.Base()]
)
def test_what_would_run_or_embed_is_left_out(component):
    assert text(html.Div(component)) == "<div></div>"


def test_names_of_attributes_are_those_of_html_and_svg():
    drawn = canvas([stroke("M0 0", "line"), group(area("M1 1", "low"))], 10, 10, "sp-svg")
    assert text(drawn) == (
        '<svg viewBox="0 0 10 10" preserveAspectRatio="none" class="sp-svg">'
        '<path d="M0 0" class="line" fill="none" vector-effect="non-scaling-stroke"></path>'
        '<g><path d="M1 1" class="low"></path></g></svg>'
    )
    assert text(html.Td("x", colSpan=2, className="num")) == '<td class="num" colspan="2">x</td>'
    assert text(html.Label("x", htmlFor="y")) == '<label for="y">x</label>'


def test_a_style_is_written_as_css():
    style = {"height": 44, "flexGrow": 60, "--n": 4, "width": "50%", "marginTop": 0}
    assert (
        text(html.Div(style=style))
        == '<div style="height:44px;flex-grow:60;--n:4;width:50%;margin-top:0"></div>'
    )


def test_a_graph_is_an_empty_box_of_its_height():
    graph = dcc.Graph(figure={"data": [{"y": [1]}]}, style={"height": 320})
    assert text(graph) == '<div class="dash-graph" style="height:320px"></div>'


def test_what_only_a_script_needs_is_left_out():
    assert (
        text(html.Div([dcc.Location(id="url"), dcc.Store(id="s", data="x"), "y"])) == "<div>y</div>"
    )


def test_nothing_and_nought_are_told_apart():
    assert text(html.Div([None, 0, "", 1.5])) == "<div>01.5</div>"


def test_a_void_element_has_no_end():
    assert text(html.P(["a", html.Br(), "b"])) == "<p>a<br>b</p>"


def test_a_flag_is_an_attribute_without_a_value_and_false_is_none():
    assert text(html.Details(open=True)) == '<details open=""></details>'
    assert text(html.Details(open=False)) == "<details></details>"
