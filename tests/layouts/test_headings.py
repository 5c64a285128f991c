"""A page's first heading, which titles the browser's window."""

from dash import html

from layouts.headings import heading_of


def test_the_first_heading_is_found_wherever_it_stands():
    deep = html.Div([html.P("before"), None, html.Section([html.H1(["Win ", html.B("rate")])])])
    assert heading_of(html.Div([deep, html.H1("another")])) == "Win rate"


def test_a_page_without_one_has_no_words():
    assert heading_of(html.Div([html.H2("only a panel"), "text", 3, None])) == ""
