"""A definition that holds before its numbers follow: the page and the history say so meanwhile."""

from portal.services import definition_history
from portal.services.kpi_page import read as read_kpi
from portal.services.refreshing_soon import refresh_soon
from tests.builder.test_proposing_and_activating import activate, named
from tests.kpi_page.conftest import NOW


def test_numbers_that_do_not_follow_a_definition_yet_are_told_to_be_of_the_one_before(
    place, owner, analyst
):
    """A fresh definition over old numbers must not be taken for what they mean."""
    told = named("Told of old", key="told_of_old")
    made = place.propose(owner, told)
    first = activate(place, analyst, made)
    assert refresh_soon(place.workshop, place.tenant, first.moved, first.before, NOW)
    change = place.propose(owner, {**told, "a_f0_value": "lost"}, made.key)
    done = activate(place, analyst, change)
    for waits in (True, False):
        with place.at(analyst) as at:
            page = read_kpi(place.workshop, at, made.key, {"period": "2017-03"})
            history = definition_history.read(at, made.key, {})
        assert bool(page.behind) is bool(history.behind) is waits
        assert refresh_soon(place.workshop, place.tenant, done.moved, done.before, NOW)
