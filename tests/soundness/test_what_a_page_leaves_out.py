"""A page names what it leaves out: deals without a day, amounts nobody entered, parts, units."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.periods import Grain
from kpi_engine.reading import Reading, State
from kpi_engine.units import Unit
from portal.errors import UnknownNameError
from portal.readmodels.cards import Status, Tone
from portal.readmodels.figures import scale_of
from portal.readmodels.formats import Formats
from portal.services import (
    exports,
    goal_panels,
    opportunity_text,
    pipeline_text,
    rep_text,
    sales_facts,
    stories,
)
from portal.services.activities import Doing, Mix
from portal.services.deal_book import Whose
from portal.services.engines import open_engine
from portal.services.opportunities import Watch, open_deals
from portal.services.parts_of_change import Pair
from portal.services.pipeline import Step
from portal.services.sales_facts import OwnFacts, PeriodView
from portal.services.stories import Told
from portal.services.tasks import Tasks
from portal.tenancy.keys import TenantKey
from tests.exports.made import card, line
from tests.homes.makers import STAGES, at, deal, on
from tests.kpis.desk import a_deal
from tests.kpis.place import desk, workshop

__all__ = ["desk", "workshop"]

TODAY = on("2017-05-10")
WATCH = Watch(TODAY, at("2017-05-11"), {}, STAGES, 30)
EUROS = Formats("en", "EUR")


def facts(*amounts: int, undated: int = 0) -> OwnFacts:
    """Two months old deals of these amounts, and nothing else of the person."""
    deals = [deal(f"d{at}", amount, valued=bool(amount)) for at, amount in enumerate(amounts)]
    return OwnFacts(
        open_deals(deals, WATCH), True, False, (), {}, {}, None, undated
    )  # fmt: skip


def figure(value: float) -> Reading:
    return Reading(value, State.FINAL, None, 20)


def test_open_deals_without_a_day_of_creation_are_counted_and_named(desk, workshop):
    """31 of 65 open deals of a real person were on no page, and nothing said so."""
    tenant = desk.tenant()
    undated = {**a_deal("lost-from-sight", stage="Open", closed=""), "created_at": ""}
    desk.bring(tenant, {"opportunity": [a_deal("seen", stage="Open", closed=""), undated]})
    with open_engine(workshop, TenantKey(tenant)) as opened:
        found = sales_facts.read_person(opened.engine, opened.calendar, "crm\x1fann", TODAY)
    assert (len(found.open), found.undated) == (1, 1)
    told = opportunity_text.panel(found, None, TODAY, EUROS).sub
    assert "1 more open deal is not listed: it lacks the day it was created." in told
    none = opportunity_text.panel(replace(found, open=()), None, TODAY, EUROS).empty
    assert "1 more open deal is not listed" in none


def test_deals_without_an_amount_hold_no_sum_of_nothing():
    own = facts(0, 0)
    finding = rep_text.finding((), own, Tasks((), (), (), None), EUROS)
    assert "no open deal of yours has an amount" in f"{finding.fact} {finding.cause}"
    assert "\u20ac0" not in f"{finding.fact} {finding.cause}"
    panel = opportunity_text.panel(own, None, TODAY, EUROS)
    assert {row.weighted for row in panel.rows} == {"not set"}
    assert panel.total == ("2 open", "not set", "")


def test_an_amount_of_0_is_an_amount():
    own = facts(0)
    said = replace(own.open[0], deal=replace(own.open[0].deal, valued=True))
    panel = opportunity_text.panel(replace(own, open=(said,)), None, TODAY, EUROS)
    assert (panel.rows[0].amount, panel.rows[0].weighted) == ("\u20ac0", "\u20ac0")
    assert panel.total == ("1 open", "\u20ac0", "\u20ac0")


def test_deals_with_amounts_are_summed_as_ever():
    panel = opportunity_text.panel(facts(100, 0), None, TODAY, EUROS)
    assert panel.total == ("2 open", "\u20ac100", "\u20ac40")


def test_a_group_is_no_main_cause_where_more_lies_outside_all_groups():
    """East was named for 32 % of a fall; who sat in no team below made the other 68 %."""
    groups = {"e": Pair(figure(1_560_000), figure(2_820_000))}
    made = Told(
        shipped_catalogue().kpi("won_revenue"),
        figure(8_950_000), figure(12_880_000), "Q1", groups=groups, names={"e": "East"},
    )  # fmt: skip
    cause = stories.story(made, EUROS).cause.replace("\u00a0", " ")
    assert "East explains 32 % of the fall" in cause
    assert "68 % of it lies outside the groups that are compared." in cause


@pytest.mark.parametrize(("code", "sign"), [("USD", "$M"), ("JPY", "\u00a5M"), ("CHF", "CHFM")])
def test_a_currency_is_written_alike_in_tables_and_on_cards(code, sign):
    formats = Formats("en", code)
    assert scale_of([2e6], Unit.MONEY, formats).unit == sign
    assert formats.symbol() in formats.short(2e6, Unit.MONEY)


def test_the_target_of_a_goal_that_is_off_names_its_unit():
    made = replace(line("won_revenue"), unit="\u20acM", target="16.00", goal="\u20ac16.0M")
    made = replace(made, status=Status(Tone.BAD, "Off target"))
    assert goal_panels._exceptional(made).target == "\u20ac16.0M"


def test_an_export_names_the_unit_of_the_numbers_that_it_writes():
    """A file said 'EUR M' beside 16000000, which is a million times what was won."""
    made = line("Won revenue", unit="\u20acM", counted="\u20ac", measured="money", aimed=16e6)
    _, _, unit, *_ = exports.sheet_of(card(made), "Made up").rows[0]
    assert unit == "\u20ac"


def test_one_call_is_not_told_as_many():
    own = replace(facts(), did={("x", Doing.CALLS): (1,)})
    mix = tuple(Mix(each, 1, None) for each in Doing if each is not Doing.CONNECTED)
    assert rep_text.mix_panel(mix, own, TODAY, EUROS).rest.startswith("1 call: too few")


def test_an_unknown_name_among_none_says_what_brings_them():
    said = str(UnknownNameError("team", "T1", []))
    assert "Choose from" not in said
    assert "portal refresh" in said


def test_what_was_won_counts_though_nobody_said_when_it_began(desk, workshop):
    """A leader's home read less won than the KPI of the same team and quarter."""
    tenant = desk.tenant()
    born = a_deal("born", amount=100, closed="2017-05-02", expected_close_on="2017-06-01")
    unborn = {**a_deal("unborn", amount=1000, closed="2017-05-03"), "created_at": ""}
    lost = {**a_deal("lost", stage="Lost", amount=7, closed="2017-05-03"), "created_at": ""}
    desk.bring(tenant, {"opportunity": [born, unborn, lost]})
    with open_engine(workshop, TenantKey(tenant)) as opened:
        quarter = opened.calendar.holding(TODAY, Grain.QUARTER)
        whose, seen = Whose(frozenset(("crm\x1fann",))), PeriodView(quarter, TODAY)
        team = sales_facts.read_team(opened.engine, opened.calendar, whose, seen)
        own = sales_facts.read_person(opened.engine, opened.calendar, "crm\x1fann", TODAY)
    assert team.won[-1][1] == own.won[Grain.QUARTER] == Decimal(1100)
    assert (team.unborn, team.fall.amount(Step.WON)) == (2, Decimal(-100))
    told = pipeline_text.fall_panel(team, seen, EUROS)
    assert "2 deals that were won or lost are not among these" in repr(told)
