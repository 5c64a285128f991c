"""Shares are exactly 100 per cent or refused; each co-owner says their own word, anew if changed."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi_engine.definitions.kinds import KpiKey
from portal.errors import BadInputError, DeniedError
from portal.services import (
    handovers,
    owner_words,
    ownership,
    ownership_changes,
    shares,
    typed_words,
)
from portal.services.handovers import Handover
from portal.services.ownership_changes import OwnerChange
from portal.services.shares import NewShare, NewSplit
from tests.ownership.company import TODAY, TRACE

LEADS = KpiKey("lead_to_opportunity_rate")
PEOPLE = ("dilara", "katrin", "noor", "chief", "analyst")


@pytest.fixture
def owned(company):
    with company.desk() as desk:
        change = OwnerChange(LEADS, company.ids["dilara"], TODAY)
        ownership_changes.set_owner(desk, change, TRACE)
    return company


def part(company, person, percent, component=None, **more):
    told = {"component": component or f"Part of {person}", "responsibility": "Do it well."}
    return NewShare(person=company.ids[person], percent=Decimal(percent), **{**told, **more})


def put(company, *parts):
    with company.desk() as desk:
        return shares.set_shares(desk, NewSplit(LEADS, parts), TRACE)


def split_of(company):
    with company.desk() as desk:
        return ownership.owners(desk.session, [LEADS], desk.today)[LEADS].shares


def said(company):
    return {one.person.name: one.acknowledged_at is not None for one in split_of(company)}


def acknowledge(company, name, share=None, **more):
    wanted = share or next(one for one in split_of(company) if one.person.id == company.ids[name])
    with company.desk(name, **more) as desk:
        return shares.acknowledge(desk, str(wanted.id), TRACE)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.decimals("0.01", "99.99", places=2, allow_nan=False), min_size=2, max_size=len(PEOPLE)
    ),
    st.booleans(),
)
def test_shares_are_exactly_100_or_refused(owned, percents, whole):
    if whole:
        rest = Decimal(100) - sum(percents[:-1])
        percents = [*percents[:-1], rest]
    parts = [
        part(owned, person, percent) for person, percent in zip(PEOPLE, percents, strict=False)
    ]
    fits = sum(percents) == 100 and all(0 < one < 100 for one in percents)
    if fits:
        put(owned, *parts)
        assert sum(one.percent for one in split_of(owned)) == 100
        assert [one.percent for one in split_of(owned)] == percents
    else:
        before = split_of(owned)
        with pytest.raises(BadInputError):
            put(owned, *parts)
        assert split_of(owned) == before


@pytest.mark.parametrize(
    ("typed", "told"),
    [("60", "60"), (" 33,3 % ", "33.3"), ("12.50", "12.5"), ("0.01", "0.01")],
)
def test_a_per_cent_is_read_as_people_write_it(typed, told):
    assert owner_words.percent(typed_words.percent("It", typed)) == told


@pytest.mark.parametrize("typed", ["", "x", "0", "100", "-5", "NaN", "Infinity", "33.333", "1e9"])
def test_a_per_cent_that_is_none_is_refused(typed):
    with pytest.raises(BadInputError):
        typed_words.percent("It", typed)


def test_each_co_owner_says_their_own_word(owned):
    put(owned, part(owned, "dilara", 60), part(owned, "katrin", 40))
    assert said(owned) == {"Dilara": False, "Katrin": False}
    assert acknowledge(owned, "dilara")
    assert not acknowledge(owned, "dilara")
    assert said(owned) == {"Dilara": True, "Katrin": False}
    share = split_of(owned)[0]
    with pytest.raises(DeniedError, match="Only they"):
        acknowledge(owned, "katrin", share)
    with pytest.raises(DeniedError, match="as somebody else"):
        acknowledge(owned, "katrin", viewed_by=owned.ids["ruth"])
    assert "share.acknowledged" in owned.events()


def test_an_admin_without_numbers_acknowledges_nothing(owned):
    put(owned, part(owned, "ruth", 60), part(owned, "katrin", 40))
    with pytest.raises(DeniedError):
        acknowledge(owned, "ruth")


def test_a_changed_share_is_acknowledged_anew_and_one_that_stays_keeps_its_word(owned):
    first = [part(owned, "dilara", 60), part(owned, "katrin", 40)]
    put(owned, *first)
    acknowledge(owned, "dilara")
    acknowledge(owned, "katrin")
    put(owned, first[0], part(owned, "katrin", 40, responsibility="Follow up in 4 hours."))
    assert said(owned) == {"Dilara": True, "Katrin": False}
    put(owned, part(owned, "dilara", 50), part(owned, "katrin", 50))
    assert said(owned) == {"Dilara": False, "Katrin": False}


def test_a_share_that_was_replaced_takes_no_word(owned):
    put(owned, part(owned, "dilara", 60), part(owned, "katrin", 40))
    old = split_of(owned)[0]
    put(owned, part(owned, "dilara", 50), part(owned, "katrin", 50))
    with pytest.raises(BadInputError, match="no such share"):
        acknowledge(owned, "dilara", old)


def test_another_tenants_share_is_not_there(owned, rival):
    put(owned, part(owned, "dilara", 60), part(owned, "katrin", 40))
    with pytest.raises(BadInputError, match="no such share"):
        acknowledge(rival, "dilara", split_of(owned)[0])


def test_saying_the_same_split_again_changes_nothing(owned):
    parts = [part(owned, "dilara", 60), part(owned, "katrin", 40)]
    assert put(owned, *parts)
    assert not put(owned, *parts)
    assert put(owned)
    assert split_of(owned) == ()


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"component": " "}, "empty"),
        ({"responsibility": ""}, "empty"),
        ({"component": "PART OF DILARA"}, "one component"),
        ({"input": LEADS}, "can't be used"),
        ({"input": KpiKey("nothing")}, "can't be used"),
    ],
)
def test_a_share_that_can_not_be_used_is_refused(owned, more, why):
    with pytest.raises(BadInputError, match=why):
        put(owned, part(owned, "dilara", 60), part(owned, "katrin", 40, **more))


def test_a_share_of_somebody_shut_or_of_another_tenant_is_refused(owned, rival):
    with pytest.raises(BadInputError, match="no such person"):
        put(owned, part(owned, "dilara", 60), part(rival, "katrin", 40))
    owned.shut("katrin")
    with pytest.raises(BadInputError, match="shut"):
        put(owned, part(owned, "dilara", 60), part(owned, "katrin", 40))


def test_a_kpi_that_nobody_owns_is_not_shared(company):
    with pytest.raises(BadInputError, match="Nobody owns"):
        put(company, part(company, "dilara", 60), part(company, "katrin", 40))


def test_a_share_handed_over_waits_for_the_new_owners_word_only(owned):
    put(owned, part(owned, "dilara", 60), part(owned, "katrin", 40))
    acknowledge(owned, "dilara")
    acknowledge(owned, "katrin")
    owned.shut("katrin")
    with owned.desk() as desk:
        asked = Handover(owned.ids["katrin"], owned.ids["noor"])
        assert handovers.hand_over(desk, asked, TRACE).shared == 1
    assert said(owned) == {"Dilara": True, "Noor": False}


def test_the_shares_of_a_kpi_are_told_in_words(owned):
    put(owned, part(owned, "dilara", "66.5", "Lead quality"), part(owned, "katrin", "33.5", "Work"))
    with owned.desk() as desk:
        found = ownership.owners(desk.session, [LEADS], desk.today)[LEADS]
        rounds = owner_words.known(desk, [LEADS])[LEADS]
        names = owner_words.names(rounds, desk.catalogue[LEADS])
    assert owner_words.sentence(found) == (
        "Dilara, 66.5\u00a0% (Lead quality); Katrin, 33.5\u00a0% (Work). Accountable: Dilara"
    )
    assert [str(one.share) for one in rounds] == ["66.5", "33.5"]
    assert names == "Dilara 66.5\u00a0%, Katrin 33.5\u00a0%"
