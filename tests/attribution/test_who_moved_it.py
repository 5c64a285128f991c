"""Who moved it: parts by hand, that add up, and a reason where they cannot be told."""

from dataclasses import replace
from datetime import date
from math import log

import pytest

from kpi_engine.periods import Grain
from portal.models.observations import ScopeKind
from portal.security.roles import Role
from portal.services import numbers
from portal.services.attribution_parts import Asked
from portal.services.attributions import Kind, NotTold, untold
from portal.services.desks import NoReachError
from portal.services.numbers import TENANT, Who
from tests.attribution.company import FUNNEL

KPI = "lead_to_opportunity_rate"
SHARED = (("Lead quality", "qualification_rate", 60), ("Follow-up", None, 40))
WHOLE = {2: 40, 3: 50}


def by_hand():
    """Return what marketing, sales and the mix did, by the formulas of Ang (2005)."""
    marketing = sales = mix = 0.0
    for source in ("event", "paid"):
        (many, fit, came), (many_1, fit_1, came_1) = FUNNEL[source, 2], FUNNEL[source, 3]
        first, last = came / WHOLE[2], came_1 / WHOLE[3]
        weight = (last - first) / log(last / first)
        marketing += weight * log((fit_1 / many_1) / (fit / many))
        sales += weight * log((came_1 / fit_1) / (came / fit))
        mix += weight * log((many_1 / WHOLE[3]) / (many / WHOLE[2]))
    return marketing, sales, mix


def test_a_shared_rate_is_told_by_owner_and_mix(company):
    company.share(KPI, SHARED)
    found = company.moved(KPI)
    marketing, sales, mix = by_hand()
    assert found.kind is Kind.OWNERS
    assert [part.amount for part in found.parts] == pytest.approx([marketing, sales])
    assert found.mix == pytest.approx(mix)
    assert sum(part.amount for part in found.parts) + found.mix == pytest.approx(-0.1)


def test_the_sentence_names_departments_and_adds_up_as_it_is_shown(company):
    company.share(KPI, SHARED)
    found = company.moved(KPI)
    minus, gap = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
    assert found.sentence == (
        f"{minus}10.0{gap}pp: marketing +0.7, sales {minus}3.8, mix {minus}6.9."
    )
    assert sum(found.shown.parts) + found.shown.mix == found.shown.total == -100


def test_each_owner_has_the_share_the_word_and_the_rates(company):
    company.share(KPI, SHARED)
    quality, follow_up = company.moved(KPI).parts
    assert (quality.name, int(quality.share), quality.responsibility) == (
        "Lead quality",
        60,
        "Mind the Lead quality.",
    )
    assert (quality.before, quality.now) == pytest.approx((18 / 40, 17 / 50))
    assert (follow_up.before, follow_up.now) == pytest.approx((8 / 18, 5 / 17))
    assert not quality.acknowledged


def test_a_component_that_is_no_step_of_the_funnel_stands_beside_the_step_that_is_left(company):
    company.share(KPI, (("Quality", "qualification_rate", 60), ("Speed", "lead_capture_rate", 40)))
    found = company.moved(KPI)
    assert [part.amount for part in found.parts] == pytest.approx(by_hand()[:2])


def test_the_mix_names_the_source_whose_weight_moved_it_most(company):
    company.share(KPI, SHARED)
    told = company.moved(KPI).whose_mix
    assert told.name == "Mix of sources"
    assert told.note == "event 50.0 \N{RIGHTWARDS ARROW} 20.0\N{NO-BREAK SPACE}%"


def test_shares_without_components_are_told_why_not(company):
    company.share(KPI, (("Quality", None, 60), ("Follow-up", None, 40)))
    assert company.moved(KPI) == NotTold(
        "No component KPI is named for Quality and Follow-up; give each share the KPI it moves."
    )


def test_components_that_do_not_make_up_the_kpi_are_told_why_not(company):
    company.share(KPI, (("Deals", "won_deals", 60), ("Money", "won_revenue", 40)))
    found = company.moved(KPI)
    assert isinstance(found, NotTold)
    assert "do not make up" in found.reason


def test_components_whose_product_the_kpi_is_are_its_parts(company):
    company.share("won_revenue", (("Deals", "won_deals", 50), ("Size", "average_deal_size", 50)))
    found = company.moved("won_revenue")
    weight = (500 - 100) / log(5)
    assert [part.amount for part in found.parts] == pytest.approx(
        [weight * log(2 / 1), weight * log(250 / 100)]
    )
    assert found.mix is None


def test_components_that_divide_to_the_kpi_are_its_parts(company):
    shares = (("Money", "won_revenue", 50), ("Deals", "won_deals", 50))
    company.share("average_deal_size", shares)
    found = company.moved("average_deal_size")
    assert sum(part.amount for part in found.parts) == pytest.approx(150)
    assert found.parts[1].amount < 0 < found.parts[0].amount


def test_what_nobody_shares_is_told_by_team(company):
    found = company.moved("qualification_rate")
    assert found.kind is Kind.GROUPS
    assert {part.name for part in found.parts} == {"NORTH", "SOUTH"}
    told = sum(part.amount for part in found.parts) + found.mix
    assert told == pytest.approx(17 / 50 - 18 / 40)


def test_a_sum_is_told_by_what_each_team_added(company):
    found = company.moved("new_leads")
    assert {part.name: part.amount for part in found.parts} == {"SOUTH": 20.0, "NORTH": -10.0}
    assert found.mix is None


def test_what_a_team_above_holds_itself_is_told_by_its_name(company):
    """It read "In none of these teams", for people who are in the one above them."""
    found = company.moved("calls_made")
    assert {part.name: part.amount for part in found.parts} == {
        "SOUTH": 2.0, "NORTH": -2.0, "ALL without its teams": 4.0,
    }  # fmt: skip


def test_one_team_alone_is_told_by_its_people(company):
    """That the only team moved it all is no answer to who did."""
    found = company.moved("tickets_created")
    assert {part.name: part.amount for part in found.parts} == {"Dan": 3.0, "Bob": -2.0}


def test_a_median_has_no_parts(company):
    found = company.moved("sales_cycle_days")
    assert isinstance(found, NotTold)
    assert "median" in found.reason


def test_a_period_without_a_number_is_the_reason(company):
    found = company.moved("csat")
    assert isinstance(found, NotTold)
    assert found.reason.startswith("February\N{NO-BREAK SPACE}2017 has no number")


def test_a_definition_that_changed_in_between_is_the_reason(company):
    with company.desk() as desk:
        before, now = (desk.calendar.holding(date(2017, month, 1), Grain.MONTH) for month in (2, 3))
        kpi = desk.catalogue.kpi(KPI)
        first, last = numbers.series(
            desk.session, desk.calendar, (kpi.key,), Grain.MONTH, TENANT, now, 2
        )[kpi.key]
        points = (replace(first, definition="another"), last)
        reason = untold(Asked(desk, kpi, TENANT, before, now, points))
    assert "definition changed between February" in reason


def test_a_number_that_stood_still_has_nothing_to_tell(company):
    found = company.moved("win_rate", Who(ScopeKind.TEAM, "crm\x1fnobody"))
    assert isinstance(found, NotTold)


def test_what_is_out_of_reach_is_not_told(company):
    with pytest.raises(NoReachError):
        company.moved(KPI, role=Role.REP, user="ann", team="north")


def test_a_rep_is_told_of_their_own(company):
    mine = Who(ScopeKind.OWNER, "crm\x1fann")
    found = company.moved(KPI, mine, role=Role.REP, user="ann", team="north")
    # One person has no groups below.
    assert isinstance(found, NotTold)
