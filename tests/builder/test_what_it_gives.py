"""While a KPI is built its number is shown: of the engine, for the reader's reach, within bounds."""

from collections.abc import Callable

import pytest

from callbacks.pages import PAGES
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.definitions.rules import RESERVED
from layouts.html_text import html
from layouts.pages import builder as layout
from portal.security.roles import Role
from portal.services import builder_trial, ownership_changes, proposal_page
from portal.services.auditing import Trace
from portal.services.ownership_changes import OwnerChange
from portal.services.shelf import Shelf
from portal.services.too_slow import TooSlowError, bounded
from tests.kpi_page.conftest import NOW

XSS = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
Won = Callable[..., dict[str, str]]


def test_the_last_periods_are_those_that_can_be_counted_by_hand(place, proposer, won: Won):
    trial = place.page(proposer, won()).trial
    told = {bar.label: bar.value for bar in trial.bars}
    assert (told["Feb"], told["Mar"], told["Apr"]) == ("1", "2", "1")
    assert trial.formula == "number of opportunities where status = 'won', by closed_at"
    assert len(trial.bars) == 12


def test_a_leader_sees_the_own_team_and_no_link_shows_more(place, leader, won: Won):
    page = place.page(leader, won())
    told = {bar.label: bar.value for bar in page.trial.bars}
    assert (told["Feb"], told["Apr"]) == ("1", "1")
    assert told["Mar"] != "2"
    assert {row.key for row in page.sample.rows} == {"o4"}
    wider = place.page(leader, won(), {"team": "south"})
    assert "o3" not in {row.key for row in wider.sample.rows}


def test_who_has_no_reach_is_told_so_and_may_still_build(place, won: Won):
    page = place.page(place.actor(Role.LEADER), won())
    assert page.trial is None
    assert "No numbers are open to you" in page.trial_absence
    assert page.yaml


def test_before_anything_is_chosen_it_says_what_to_choose(place, owner):
    page = place.page(owner, {})
    assert page.trial is None
    assert [note.status.word for note in page.notes] == ["Missing"]


def test_what_is_wrong_stands_beside_its_field(place, owner, won: Won):
    page = place.page(owner, won(a_f0_ask="between", key="win_rate"))
    fields = {one.name: one for section in page.sections for one in section.fields}
    assert "There is a KPI 'win_rate' already" in fields["key"].error
    rows = page.sections[0].conditions[0].rows
    assert rows[0].error == "Choose what is asked of this column."


def test_known_values_are_offered_where_they_sort_records(place, owner, won: Won):
    value = place.page(owner, won()).sections[0].conditions[0].rows[0].values[0]
    assert [option.value for option in value.options] == ["", "open", "won", "lost"]
    named = place.page(owner, won(a_f0_column="account.name", a_f0_value="Acme"))
    assert named.sections[0].conditions[0].rows[0].values[0].options == ()
    industry = place.page(owner, won(a_f0_column="account.industry", a_f0_value=""))
    offered = industry.sections[0].conditions[0].rows[0].values[0].options
    assert {option.value for option in offered} == {"", "steel", "wood"}


def test_the_columns_that_it_needs_are_told_with_how_well_they_are_filled(
    place, proposer, won: Won
):
    needs = {row.column: row for row in place.page(proposer, won()).needs}
    assert (needs["Stage"].share, needs["Stage"].status.word) == (
        "100\N{NO-BREAK SPACE}%",
        "Well filled",
    )
    assert needs["Closed at"].status.word == "When it happens"


def test_an_owner_builds_without_a_number_since_it_could_come_to_tell_any(place, owner, won: Won):
    page = place.page(owner, won())
    assert (page.trial, page.sample, page.impact) == (None, None, None)
    assert "Nobody has made you the owner of a KPI yet" in page.trial_absence
    with place.at(place.actor(Role.EXECUTIVE)) as desk:
        change = OwnerChange(KpiKey("won_deals"), owner.person, desk.today)
        ownership_changes.set_owner(desk, change, Trace(NOW))
    for kpi in ("", "won_deals"):
        page = place.page(owner, won(), kpi=kpi)
        assert (page.trial, page.sample, page.impact) == (None, None, None)
        assert "An analyst sees what it gives" in page.trial_absence
        assert {row.column for row in page.needs} >= {"Stage"}
    with place.at(place.actor(Role.EXECUTIVE)) as desk:
        change = OwnerChange(KpiKey("won_deals"), None, desk.today)
        ownership_changes.set_owner(desk, change, Trace(NOW))


def test_a_definition_that_is_there_already_is_pointed_out(place, proposer, won: Won):
    page = place.page(proposer, won(kind="total", a_column="amount"))
    assert any("under another name" in note.text for note in page.notes)


def test_it_is_asked_once_for_one_definition_and_facts(place, proposer, won: Won, monkeypatch):
    monkeypatch.setattr(builder_trial, "_KEPT", Shelf(8))
    asked = []
    real = builder_trial.open_grown
    monkeypatch.setattr(
        builder_trial, "open_grown", lambda *each: asked.append(each) or real(*each)
    )
    place.page(proposer, won())
    first = len(asked)
    place.page(proposer, won(name="Another name", description="Told otherwise."))
    assert len(asked) == first
    place.page(proposer, won(a_f0_value="lost"))
    assert len(asked) > first


def test_what_takes_too_long_is_stopped(place):
    slow = "SELECT count(*) FROM range(100000000) a, range(100000) b"
    with (
        place.workshop.runner(place.workshop.store) as runner,
        pytest.raises(TooSlowError),
        bounded(runner, 0.2),
    ):
        runner.run(slow)
    with place.workshop.runner(place.workshop.store) as runner, bounded(runner, 5):
        assert runner.run("SELECT 1 AS one").to_pylist() == [{"one": 1}]


@pytest.mark.parametrize(
    "name", ["name", "question", "description", "source", "reason", "a_f0_value"]
)
def test_what_people_type_is_shown_as_the_text_that_it_is(place, owner, won: Won, name):
    drawn = html(layout.draw(place.page(owner, won(**{name: XSS})), "token"))
    assert "<img src=x" not in drawn
    assert "<script>alert" not in drawn


def test_every_button_of_the_form_carries_the_token(place, owner, won: Won):
    drawn = html(layout.draw(place.page(owner, won()), "the-token"))
    assert (
        drawn.count("<button") - drawn.count('type="button"')
        == drawn.count('value="the-token"')
        > 10
    )


def test_the_framework_check_says_what_it_thinks_of_what_is_built(place, owner, won: Won):
    twin = place.page(owner, won(kind="total", a_column="amount"))
    (told,) = [note for note in twin.notes if note.status.word == "Framework"]
    assert told.text == (
        "Deals we won is Won revenue under another name. Both have the same measure, so they can"
        " only ever say the same. Retire one and keep Won revenue. Rule D51."
    )
    gamed = place.page(owner, won(**{"class": "activity", "a_f0_value": "open"}))
    told_once = [note.text for note in gamed.notes if "guardrail" in note.text]
    assert len(told_once) == 1
    assert told_once[0].startswith("Deals we won can be gamed.")
    assert told.text in html(layout.draw(twin, "token"))


def test_what_the_framework_check_says_stops_no_proposal_and_stands_on_its_page(
    place, owner, analyst, won: Won
):
    made = place.propose(owner, won(name="Won again", kind="total", a_column="amount"))
    with place.at(analyst) as desk:
        page = proposal_page.read_one(place.workshop, desk, str(made.id), {})
    assert any("Won again is Won revenue under another name." in note.text for note in page.notes)


def test_the_address_of_a_page_is_refused_as_a_key_beside_its_field(place, owner, won: Won):
    for sent in (won(key="drafts"), won(name="Drafts"), {"name": "Drafts", "kind": "records"}):
        page = place.page(owner, sent)
        (key,) = [field for part in page.sections for field in part.fields if field.name == "key"]
        assert key.error == "'drafts' is the address of a page. Choose another key."


def test_every_page_beside_those_of_kpis_keeps_its_address():
    words = {page.path.split("/")[2] for page in PAGES if page.path.startswith("/kpis/")}
    assert {word for word in words if not word.startswith("<")} <= RESERVED
