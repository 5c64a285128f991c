"""A record of which there is an earlier one is told, and only that: of its own period, and no other.

The same person counted twice makes a number larger without anything having happened.
"""

import pytest

from portal.services.confidence_limits import Check, Level
from tests.oracle.records import Row
from tests.soundness.asking import at, made
from tests.soundness.test_the_confidence_of_a_number import ANN, BOB, USERS, case_of, ground

LEADS = "new_leads"
SAME = "Ann@Example.org"


def lead(number: int, email: str | None, day: str = "2017-03-05", **told) -> Row:
    return made(number, email=email, created_at=at(day), **told)


def others(count: int, **told) -> list[Row]:
    """So many leads of March of whom there is one each."""
    return [lead(100 + number, f"{number}@example.org", **told) for number in range(count)]


def twice(*leads: Row, owners=None, kpi: str = LEADS) -> tuple[int, int]:
    told = ground(case_of(kpi, owners, lead=leads, user=USERS), Check.TWICE)
    return told.count, told.total


def test_a_later_one_of_the_same_address_is_told_and_the_first_is_not():
    found = lead(1, SAME), lead(2, " ann@example.ORG ", "2017-03-06"), lead(3, SAME, "2017-03-07")
    assert twice(*found, *others(7)) == (2, 10)


def test_the_earlier_one_may_be_of_any_period_and_a_later_one_never_counts():
    before, now, after = "2016-05-01", "2017-03-05", "2017-04-02"
    assert twice(lead(1, SAME, before), lead(2, SAME, now), *others(3)) == (1, 4)
    assert twice(lead(1, SAME, now), lead(2, SAME, after), *others(3)) == (0, 4)


def test_leads_without_an_address_are_not_the_same():
    assert twice(lead(1, None), lead(2, None), lead(3, " "), lead(4, ""), *others(2)) == (0, 6)


def test_one_that_was_deleted_is_no_earlier_one():
    gone = lead(1, SAME, "2017-02-01", seq=2, deleted=True)
    assert twice(lead(1, SAME, "2017-02-01"), gone, lead(2, SAME), *others(3)) == (0, 4)


def test_another_source_may_have_the_earlier_one():
    assert twice(lead(1, SAME), lead(2, SAME, "2017-03-09", source="eu"), *others(3)) == (1, 5)


def test_it_is_told_of_whose_record_the_later_one_is():
    first, later = lead(1, SAME, owner_id="ann"), lead(2, SAME, "2017-03-09", owner_id="bob")
    crm = (first, later, *others(3, owner_id="ann"))
    assert twice(*crm, owners=ANN) == (0, 4)
    assert twice(*crm, owners=BOB) == (1, 1)


def test_what_the_filter_rules_out_is_not_counted():
    web = "count {count: lead, where: \"lead_source = 'web'\", on: created_at}"
    crm = [*others(4, lead_source="web"), lead(1, SAME, lead_source="web")]
    assert twice(*crm, lead(2, SAME, "2017-03-08", lead_source="fair"), kpi=web) == (0, 5)
    assert twice(*crm, lead(2, SAME, "2017-03-08", lead_source="web"), kpi=web) == (1, 6)


def test_accounts_are_the_same_by_their_domain():
    own = "count {count: account, on: created_at}"
    names = ("acme.example", "WWW.Acme.example", "acme.example.org", None, None)
    accounts = [
        made(number, name="Acme", domain=name, created_at=at(f"2017-03-0{number}"))
        for number, name in enumerate(names, 1)
    ]
    told = ground(case_of(own, account=accounts), Check.TWICE)
    assert (told.count, told.total, told.column) == (1, 5, "domain")


@pytest.mark.parametrize(
    ("same", "expected"), [(0, Level.HIGH), (1, Level.HIGH), (2, Level.MEDIUM), (6, Level.LOW)]
)
def test_the_more_of_them_the_less_the_number_is_trusted(same, expected):
    again = [lead(1 + number, SAME, f"2017-03-{number + 6:02}") for number in range(same)]
    crm = [lead(50, SAME), *again, *others(49 - same)]
    told = ground(case_of(LEADS, lead=crm), Check.TWICE)
    assert (told.count, told.total, told.level) == (same, 50, expected)
