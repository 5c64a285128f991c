"""A print-out is made of its own text: it fetches nothing, and no name in it is markup."""

from datetime import UTC, datetime

import pytest

from portal.web import printing
from tests.exports.made import HOSTILE, card, line

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_stays_text_in_a_print_out(text):
    made = card(line(text, cause=text, owner=text, restated=text), name=text)
    html = printing.scorecard_html(made, text, NOW, "en")
    assert "<script" not in html
    assert "<img" not in html
    assert "<link" not in html
    assert html.count("<style>") == 1


def test_a_name_cannot_write_a_rule_of_the_foot():
    html = printing.scorecard_html(card(), 'A"; } body { display: none } @import "x', NOW, "en")
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert "body { display" not in style
    assert "@import" not in style
    assert "&#34;" not in style


def test_a_print_out_is_a_pdf_and_nothing_is_fetched(monkeypatch):
    asked = []

    def told(url, *_, **__):
        asked.append(url)
        printing.fetch_nothing(url)

    monkeypatch.setattr(printing, "fetch_nothing", told)
    made = card(line('url(http://evil.example/x) <img src="http://evil.example/y">'))
    assert printing.scorecard_pdf(made, "Kestrel", NOW, "en").startswith(b"%PDF-")
    assert asked == []


@pytest.mark.parametrize("url", ["http://evil.example/x", "file:///etc/passwd", "data:text/css,a"])
def test_every_address_is_refused(url):
    with pytest.raises(printing.FetchingRefusedError):
        printing.fetch_nothing(url)


def test_a_gap_breaks_the_line():
    path = printing.path_of((1.0, 2.0, None, 3.0, 2.0))
    assert path.count("M") == 2
    assert path.count("L") == 2
    assert printing.path_of((1.0,)) == ""
    assert printing.path_of((None, None)) == ""
