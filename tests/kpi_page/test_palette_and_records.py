"""The palette finds what one may open; a record's link leads to its CRM and nowhere else."""

import json
from dataclasses import replace

import pytest

from portal.services import catalogue_words, palette, why_none
from portal.services.desks import open_desk
from portal.services.kpi_sheets import sheet
from portal.services.palette import Place as PageOf
from portal.services.records import address_of
from portal.services.sheets import Figure, csv_bytes
from portal.services.splits import Kept, SplitAnswer
from tests.kpi_page.conftest import NOW


def found(place, actor, typed):
    """What the palette offers, by name."""
    with place.database.session(actor.tenant) as session:
        desk = open_desk(session, actor, NOW)
        return [hit.text for hit in palette.find(desk, typed, [PageOf("KPIs", "/kpis", "")])]


def test_the_palette_finds_kpis_pages_teams_and_people(place, executive):
    assert "Won revenue" in found(place, executive, "won rev")
    assert "KPIs" in found(place, executive, "kpi")
    assert "SOUTH" in found(place, executive, "south")
    assert "Bob" in found(place, executive, "bob")


@pytest.mark.parametrize("typed", ["bob", "south", "gone"])
def test_the_palette_knows_nobody_beyond_the_reach(place, ann, typed):
    assert found(place, ann, typed) == []


@pytest.mark.parametrize("typed", ["", "%", "\x00", "x" * 5000, "<b>", "'; --"])
def test_whatever_is_typed_is_answered(place, executive, typed):
    assert len(found(place, executive, typed)) <= palette.MOST


@pytest.mark.parametrize(
    ("attributes", "address"),
    [
        ({"url": "https://crm.example/x/1"}, "https://crm.example/x/1"),
        ({"url": "javascript:alert(1)"}, ""),
        ({"url": "data:text/html,x"}, ""),
        ({"url": "//evil.example/x"}, ""),
        ({"url": 'https://a.example/" onclick="x'}, ""),
        ({"url": 5}, ""),
        ({}, ""),
        ("[]", ""),
        ("{", ""),
        (None, ""),
    ],
)
def test_only_a_web_address_becomes_a_link(attributes, address):
    text = json.dumps(attributes) if isinstance(attributes, dict) else attributes
    assert address_of({"attributes": text}) == address


def exported(place, actor, what, query):
    """The file of a part of a page, as text."""
    with place.database.session(actor.tenant) as session:
        desk = open_desk(session, actor, NOW)
        return csv_bytes(sheet(place.workshop, desk, "won_revenue", what, query)).decode()


def test_the_export_holds_the_records_that_the_page_lists(place, executive, ann):
    query = {"period": "2017-02", "records": "all"}
    lines = exported(place, ann, "records", query).splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["Record", "o1"]
    page = place.page(executive, "won_revenue", {**query, "period": "2017-03"})
    lines = exported(place, executive, "records", {**query, "period": "2017-03"}).split("\r\n")
    assert len(lines) - 2 == len(page.records.rows)


def test_the_export_of_the_trend_is_the_pages_trend(place, executive):
    text = exported(place, executive, "trend", {"period": "2017-03"})
    assert "2017-03,1800" in text


def test_a_share_is_exported_in_the_unit_that_its_head_names(place, executive):
    with place.database.session(executive.tenant) as session:
        desk = open_desk(session, executive, NOW)
        trend = sheet(place.workshop, desk, "win_rate", "trend", {"period": "2017-03"})
    assert trend.columns[1] == "Value, %"
    told = [(row[1], row[3], row[4]) for row in trend.rows if isinstance(row[1], Figure)]
    assert told
    for value, over, under in told:
        assert value.value == pytest.approx(100 * over.value / under.value)


def test_the_export_of_the_split_holds_numbers_as_the_page_shows_them(place, executive):
    for locale in ("en", "de", "sv"):
        who = replace(executive, locale=locale)
        with place.database.session(who.tenant) as session:
            desk = open_desk(session, who, NOW)
            made = sheet(place.workshop, desk, "won_revenue", "split", {"period": "2017-03"})
        figures = [row[2] for row in made.rows if isinstance(row[2], Figure)]
        *groups, whole = [figure.value for figure in figures]
        assert (whole, sum(groups)) == (1800, 1800)
        assert all(isinstance(row[1], Figure) for row in made.rows)
        assert not [line for line in csv_bytes(made).decode().splitlines() if ",'+" in line]


def test_what_is_kept_is_bounded_and_told_apart(place):
    kept, answer = Kept(2), SplitAnswer(None, ())
    for number in range(3):
        kept.keep((place.tenant, number), answer)
    assert [kept.find((place.tenant, number)) for number in range(3)] == [None, answer, answer]
    assert kept.find(("another", 2)) is None


@pytest.mark.parametrize(
    ("count", "told"), [(0, "leads"), (1, "lead"), (2, "leads"), (1_000, "leads")]
)
def test_one_record_is_told_as_one(count, told):
    assert catalogue_words.records("lead", count) == told


def test_what_was_never_loaded_is_named_as_people_name_it():
    kept = "no record of this kind was ever loaded (stage_change)"
    assert why_none.told(kept) == "no stage changes were ever loaded"
