"""A note is plain text at a day, for those whose numbers the page shows."""

import pytest

from kpi_engine.definitions.kinds import KpiKey
from layouts.html_text import html
from layouts.pages import kpi as layout
from portal.errors import BadInputError
from portal.models.observations import ScopeKind
from portal.services import annotations
from portal.services.annotations import NewNote
from portal.services.numbers import TENANT, Who
from tests.kpi_page.conftest import NOW

KPI = KpiKey("won_revenue")
TEXT = "<script>alert(1)</script> =1+1"


def add(place, actor, text, day="2017-03-03", who=TENANT, kpi=KPI):
    """Add a note as somebody."""
    with place.database.session(actor.tenant) as session:
        return annotations.add(session, actor, NewNote(kpi, who, day, text), NOW)


def test_a_note_is_shown_as_the_text_that_it_is(place, executive):
    add(place, executive, TEXT)
    page = place.page(executive, KPI, {"period": "2017-04"})
    assert [note.text for note in page.trend.notes] == [TEXT]
    drawn = html(layout.draw(page))
    assert "<script>alert" not in drawn


def test_what_cannot_be_seen_is_taken_out(place, executive):
    assert add(place, executive, "a\u202eb\x00c\n d", kpi=KpiKey("win_rate")).text == "a b c d"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("", "2017-03-03"),
        (" \u200b ", "2017-03-03"),
        ("x" * 281, "2017-03-03"),
        ("x", "2017-02-30"),
        ("x", "yesterday"),
        ("x", "1017-01-01"),
        ("x", "2099-01-01"),
    ],
)
def test_a_note_that_cannot_be_kept_says_why(place, executive, text, day):
    with pytest.raises(BadInputError):
        add(place, executive, text, day)


def test_a_note_on_one_persons_numbers_is_not_shown_on_anothers(place, ann, executive):
    add(place, ann, "mine", "2017-02-02", Who(ScopeKind.OWNER, "crm\x1fann"), KpiKey("won_deals"))
    whole = place.page(executive, "won_deals", {"period": "2017-02"}).trend.notes
    own = place.page(ann, "won_deals", {"period": "2017-02"}).trend.notes
    assert ([note.text for note in whole], [note.text for note in own]) == ([], ["mine"])
