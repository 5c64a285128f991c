"""The form of a cycle: who takes part, and that nothing typed or chosen is lost when it is refused."""

import re
from dataclasses import replace

from portal.services import review_cycles, review_list, review_opening
from portal.services.desks import open_desk
from portal.services.review_cycles import USUAL
from tests.actions.house import NOW, House
from tests.reviews.room import LEADS, TRACE, WON, Room


def test_a_cycle_keeps_who_takes_part_and_refuses_another_tenants_people(
    database, new_tenant, room, enter
):
    stranger = Room(House(database, new_tenant())).fill().people["chief"].person
    browser, place = enter(room.people["chief"]), f"/reviews/cycles/{room.cycle}"
    fields = {
        "name": "The review", "kind": "monthly", "scope": "tenant", "open_after": "3",
        "answer_days": "7", "sign_days": "2", "signer": "", "instructions": "", "version": "1",
    }  # fmt: skip
    form = browser.get(place).text
    assert 'name="participant"' in form
    assert "Ann Rep" in form
    assert str(stranger) not in form
    for wrong in (str(stranger), "nobody"):
        refused = browser.post(place, {**fields, "participant": wrong}, page=place)
        assert "kept=1" in refused.location
    ann, other = (str(room.people[name].person) for name in ("ann", "other"))
    kept = browser.post(place, {**fields, "participant": [ann, other]}, page=place)
    assert kept.location.endswith("done=cycle")
    with room.house.session() as session:
        said = review_cycles.cycle(session, room.cycle).said
    assert {str(one) for one in said.participants} == {ann, other}
    form = browser.get(place).text
    chosen = [one for one in re.findall(r"<option[^>]*>", form) if "selected" in one]
    assert sum(ann in one or other in one for one in chosen) == 2
    assert "2 more take part" in browser.get("/reviews").text


def test_a_cycle_that_is_refused_comes_back_as_it_was_filled_in(room, enter):
    ann, other = (str(room.people[name].person) for name in ("ann", "other"))
    long = "Read it twice. " * 260
    fields = {
        "name": "Zwölf Monate", "kind": "quarterly", "scope": "team", "open_after": "soon",
        "answer_days": "17", "sign_days": "6", "signer": other, "instructions": long,
        "kpi": [WON, LEADS], "participant": [ann, other], "version": "1",
    }  # fmt: skip
    browser = enter(room.people["chief"])
    for place in ("/reviews/cycles/new", f"/reviews/cycles/{room.cycle}"):
        refused = browser.post(place, fields, page=place)
        assert refused.location.endswith(f"{place}?kept=1")
        form = browser.get(refused.location).text
        assert "Days are whole numbers." in form
        chosen = _chosen(form)
        assert {*(WON, LEADS), ann, other, "quarterly", "team"} <= chosen
        assert long.strip() in form
        for value in ("Zwölf Monate", "soon", "17", "6"):
            assert f'value="{value}"' in form
        assert "Zwölf Monate" not in browser.get(place).text
        stranger = enter(room.people["other"]).get(refused.location).text
        assert "Zwölf Monate" not in stranger
        taken = browser.post(place, {**fields, "open_after": "3"}, page=place)
        assert taken.location.endswith("done=cycle")
        assert "soon" not in browser.get(f"{place}?kept=1").text


def test_instructions_that_are_too_long_are_refused_and_not_cut(room, enter):
    fields = {
        "name": "Long", "kind": "monthly", "scope": "tenant", "open_after": "3",
        "answer_days": "7", "sign_days": "2", "signer": "", "instructions": "x" * 4100,
    }  # fmt: skip
    browser = enter(room.people["chief"])
    refused = browser.post("/reviews/cycles/new", fields, page="/reviews/cycles/new")
    form = browser.get(refused.location).text
    assert "The instructions are longer than 4,000 characters." in form
    assert "x" * 4100 in form


def _chosen(form):
    options = [one for one in re.findall(r"<option[^>]*>", form) if "selected" in one]
    return {re.search(r'value="([^"]*)"', one)[1] for one in options}


def test_two_monthly_reviews_of_one_month_are_told_apart_by_the_name_of_their_cycle(room, enter):
    browser = enter(room.people["chief"])
    assert "The review" not in _tags(browser.get("/reviews").text)
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        second = replace(USUAL[0], name="Board numbers", kpis=(WON,))
        cycle = review_cycles.add(desk, second, TRACE)
        review_opening.open_review(desk, None, cycle, "", TRACE)
    assert sorted(_tags(browser.get("/reviews").text)) == ["Board numbers", "The review"]


def _tags(page):
    cards = re.search(r'class="rv-cards".*?</section>', page, re.DOTALL)[0]
    return re.findall(r'class="tag"><span>([^<]+)<', cards)


def test_a_review_that_is_not_due_yet_opens_on_a_day_to_come(room):
    """On the 4th of January a quarter "had been due since" the 9th."""
    with room.house.session() as session:
        desk = open_desk(session, room.people["chief"], NOW)
        usual = USUAL[0]
        late = replace(usual, name="Late", open_after=60, kpis=(LEADS,))
        prompt = replace(usual, name="Prompt", open_after=1, kpis=(LEADS,))
        for said in (late, prompt):
            review_cycles.add(desk, said, TRACE)
        told = {row.name: row.next for row in review_list.read(desk, {}, "").cycles}
    assert "opens on" in told["Late"]
    assert "has been due since" in told["Prompt"]
