"""Ten days of a month are never held against a whole month: a page compares as many days."""

import pytest

from layouts.html_text import html
from layouts.pages import kpi as layout
from portal.security.roles import Role
from tests.kpi_page.conftest import desk, place, workshop

__all__ = ["desk", "place", "workshop"]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.fixture
def page(place):
    def of(kpi: str, period: str):
        return place.page(place.actor(Role.EXECUTIVE), kpi, {"period": period})

    return of


@pytest.mark.parametrize(
    ("period", "title"), [("2017-05", "Against 1 Apr–10 Apr"), ("2017-Q2", "Against 1 Jan–9 Feb")]
)
def test_the_open_period_stands_against_as_many_days_of_the_one_before(page, period, title):
    found = page("won_revenue", period)
    titles = [plain(cell.title) for cell in found.cells]
    assert titles[1] == title
    assert titles[2].endswith("2016")
    assert "Apr 2017" not in titles[1]
    assert "largest" not in " ".join(note for cell in found.cells for note in cell.notes)


def test_its_finding_claims_no_fall(page):
    found = page("opportunities_created", "2017-05").finding
    if found is not None:
        assert "so far in" in found.fact
        assert "fell" not in found.fact
        assert found.cause == ""


def test_its_split_has_no_column_of_changes(page):
    running, closed = page("pipeline_value", "2017-05"), page("pipeline_value", "2017-04")
    assert (running.split.change, running.split.part) == ("", "")
    assert {row.change for row in running.split.rows} <= {""}
    assert closed.split.change
    assert "vs Apr" not in plain(html(layout.draw(running)))


def test_its_usual_range_is_told_and_it_is_not_held_against_it(page):
    cells = {cell.title: cell for cell in page("won_revenue", "2017-05").cells}
    assert cells["Usual range"].range is None
    assert cells["Usual range"].notes == ()
