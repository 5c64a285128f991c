"""What stands still becomes one branch of ready HTML; what lives stays Dash's own."""

from dataclasses import dataclass
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from dash import dcc, html, no_update
from dash.development.base_component import Component
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine import language
from layouts import ids
from layouts.html_text import html as text
from layouts.parts.shapes import area, canvas
from layouts.still import Still, drawn_once, settled

HOSTILE = "<script>alert(1)</script>\"'&"


def _kinds(node: object) -> list[str]:
    if isinstance(node, (list, tuple)):
        return [kind for each in node for kind in _kinds(each)]
    if not isinstance(node, Component):
        return []
    return [node._type, *_kinds(getattr(node, "children", None))]


def _card(*inside: Component) -> Component:
    return html.Section([html.H2("Win rate"), *inside, html.P(["63.2 %", None])], className="card")


def test_a_tree_that_stands_still_is_one_branch():
    drawn = settled(
        _card(html.Div(dcc.Link("More", href="/kpis")), canvas([area("M0 0", "")], 1, 1, ""))
    )
    assert _kinds(drawn) == ["Still"]
    assert drawn.tag == "section"
    assert drawn.attributes == {"className": "card"}
    assert '<a href="/kpis" data-go="">More</a>' in drawn.html


@pytest.mark.parametrize(
    "living",
    [
        dcc.Graph(figure={}),
        dcc.Input(id=ids.PALETTE_INPUT),
        dcc.Store(id="x"),
        html.Button("Add", id=ids.NOTE_ADD),
        html.Div(id=ids.task("t")),
    ],
)
def test_what_lives_keeps_its_way_up_and_nothing_else(living):
    drawn = settled(html.Div([_card(), html.Div([html.B("x"), living])]))
    assert _kinds(drawn) == ["Div", "Still", "Div", "Still", living._type]


def test_an_area_of_text_cannot_be_a_branch_of_its_own():
    drawn = settled(html.Div([html.Textarea("typed"), dcc.Store(id="x")]))
    assert _kinds(drawn) == ["Div", "Textarea", "Store"]


def test_what_is_no_component_comes_back_as_it_is():
    assert settled(("title", 3, None, no_update)) == ("title", 3, None, no_update)
    assert _kinds(settled([html.P("x"), "y"])) == ["Still"]


def test_attributes_that_a_browser_would_run_are_not_handed_on():
    drawn = settled(html.A(HOSTILE, href="javascript:alert(1)", title=HOSTILE, n_clicks=3))
    assert drawn.attributes == {"title": HOSTILE}
    assert "<script" not in drawn.html


_TEXTS = st.text(max_size=8) | st.sampled_from([HOSTILE, "\n", "&amp;"])
_LEAVES = st.one_of(
    _TEXTS,
    st.integers(),
    st.none(),
    st.builds(lambda: dcc.Graph(figure={})),
    st.builds(lambda key: html.Button("b", id=key), st.sampled_from([ids.NOTE_ADD, "anchor"])),
)


def _branches(inside):
    return st.builds(
        lambda tag, held, name: tag(held, className=name, title=name),
        st.sampled_from([html.Div, html.P, html.Li, html.Td, html.Details]),
        st.lists(inside, max_size=4),
        _TEXTS,
    )


@given(st.recursive(_LEAVES, _branches, max_leaves=20))
def test_the_page_reads_the_same_settled_or_not(tree):
    before = text(tree)
    assert text(settled(tree)) == before


class _Balanced(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        assert self.depth >= 0


@given(st.recursive(_LEAVES, _branches, max_leaves=20))
def test_no_text_gets_out_of_its_branch(tree):
    def every(node: object) -> list[Still]:
        if isinstance(node, (list, tuple)):
            return [one for each in node for one in every(each)]
        if isinstance(node, Still):
            return [node]
        return every(getattr(node, "children", None)) if isinstance(node, Component) else []

    for one in every(settled(tree)):
        reader = _Balanced()
        reader.feed(one.html)
        assert reader.depth == 0


@dataclass(frozen=True)
class _Said:
    text: str


def test_what_stands_still_is_drawn_once_for_each_model_and_language(monkeypatch):
    monkeypatch.setitem(language._TAUGHT, "xx", NullTranslations())
    drawn: list[str] = []

    @drawn_once
    def part(said: _Said) -> Component:
        drawn.append(language.spoken())
        return _card(html.B(said.text))

    first = part(_Said(HOSTILE))
    assert part(_Said(HOSTILE)) is first
    assert part(_Said("another")).html != first.html
    with language.speaking("xx"):
        part(_Said(HOSTILE))
    assert drawn == ["en", "en", "xx"]
    assert "<script" not in first.html
    page = settled(html.Div([html.H1("Page"), first]))
    assert _kinds(page) == ["Still"]
    assert text(first) in page.html


def test_what_lives_is_drawn_for_each_page():
    @drawn_once
    def part(said: _Said) -> Component:
        return html.Div([html.B(said.text), dcc.Graph(figure={})])

    first, second = part(_Said("x")), part(_Said("x"))
    assert first is not second
    assert _kinds(first) == ["Div", "B", "Graph"]
