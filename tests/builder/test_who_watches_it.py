"""Before a definition is changed its page names the reviews, alerts and people that look at it."""

from datetime import date

import pytest

from layouts.html_text import html
from layouts.pages import builder as layout
from portal.readmodels.cards import Choice
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import ownership_changes, review_cycles, review_opening
from portal.services.auditing import Trace
from portal.services.ownership_changes import OwnerChange
from portal.services.review_cards import ReviewKind
from portal.services.review_cycles import NewCycle
from tests.builder.conftest import Bench
from tests.builder.test_proposing_and_activating import changed
from tests.kpi_page.conftest import NOW


def facts(place: Bench, actor: Actor, key: str, **other: str) -> dict[str, tuple[list[str], str]]:
    """Return what stands on a KPI that somebody changes: names of links, and words."""
    sent = changed(place, actor, key, description="Said otherwise, for once.", **other)
    told = place.page(actor, sent, kpi=key).impact.facts
    return {name: ([one.text for one in links], words) for name, links, words in told}


@pytest.fixture(scope="module")
def reviewed(place) -> str:
    """Open a review of the win rate in April; return its address."""
    new = NewCycle(ReviewKind.MONTHLY, "Monthly review", kpis=("win_rate",))
    with place.at(place.actor(Role.EXECUTIVE)) as desk:
        cycle = review_cycles.add(desk, new, Trace(NOW))
        made = review_opening.open_review(desk, place.workshop, cycle, "2017-04", Trace(NOW))
    return f"/reviews/{made}"


def test_an_open_review_that_froze_the_kpi_is_named(place, analyst, reviewed):
    sent = changed(place, analyst, "win_rate", description="Said otherwise, for once.")
    page = place.page(analyst, sent, kpi="win_rate")
    (told,) = [fact for fact in page.impact.facts if fact[0] == "Open reviews"]
    assert told[1:] == (
        (Choice("April 2017 review", f"{reviewed}?kpi=win_rate"),),
        "; what was frozen stays as it is",
    )
    assert "; what was frozen stays as it is" in html(layout.draw(page, "token"))
    assert facts(place, analyst, "won_deals")["Open reviews"] == ([], "none that you see")


def test_a_review_is_named_to_those_alone_who_see_the_kpi_in_it(place, leader, reviewed):
    assert facts(place, leader, "win_rate")["Open reviews"] == ([], "none that you see")


def test_the_alerts_of_guardrails_are_named_both_ways(place, analyst):
    told = facts(place, analyst, "win_rate")
    links, words = told["Guardrail of"]
    assert {"Lead to opportunity rate", "Average deal size"} <= set(links)
    assert words == "; alerted when it worsens while they improve"
    assert told["Its guardrails"] == (["Sales cycle", "Average deal size"], "")
    without = facts(place, analyst, "win_rate", guardrail_1="", guardrail_2="")
    assert without["Its guardrails"] == ([], "no longer Sales cycle, Average deal size")


def test_a_kpi_that_is_not_in_use_is_said_to_raise_no_alert(place, analyst):
    told = facts(place, analyst, "win_rate_value")
    assert told["Guardrail of"][0] == ["Pipeline value"]
    unused = facts(place, analyst, "sales_cycle_days")
    assert unused["Signals"] == ([], "nobody is told of it, as it is not in use")


def test_who_is_told_of_it_is_counted(place, analyst, owner):
    key = "won_revenue"
    assert facts(place, analyst, key)["Signals"] == (
        [],
        "nobody is told of it, as nobody answers for it",
    )
    change = OwnerChange(key, owner.person, date(2017, 5, 1), "Theirs.")
    with place.at(analyst) as desk:
        ownership_changes.set_owner(desk, change, Trace(NOW))
    words = facts(place, analyst, key)["Signals"][1]
    assert words == "1 person is told when its status turns or it leaves its usual range"
