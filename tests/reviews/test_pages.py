"""The pages of reviews: who gets in, what is saved by callbacks, strange text, other tenants."""

import html
import json
import re
from dataclasses import replace

import pytest

from portal.errors import DeniedError
from portal.services import review_cycles, review_meeting, reviews
from portal.workflow.review import ItemMove, ItemState
from tests.actions.house import NOW, House, at
from tests.reviews.room import FULL, HOSTILE, LEADS, SHARED, WON, Room

SAVING = "..review-base.data...review-saved.children...review-clash.children...review-checks.children...review-bar.children.."


def _body(base, sent):
    names = [one.rsplit(".", 1) for one in SAVING[2:-2].split("...")]
    return {
        "output": SAVING,
        "outputs": [{"id": name, "property": prop} for name, prop in names],
        "inputs": [{"id": "review-outbox", "property": "data", "value": sent}],
        "state": [{"id": "review-base", "property": "data", "value": base}],
        "changedPropIds": ["review-outbox.data"],
    }


def _base(room, kpi, **more):
    item = room.item(kpi)
    return {
        "review": str(room.review),
        "item": str(item.frozen.id),
        "version": item.answer.version,
        "base": {},
        **more,
    }


def test_each_opens_the_pages_that_are_theirs_and_gets_404_for_the_others(room, enter):
    path = f"/reviews/{room.review}"
    expected = {"chief": 200, "ana": 200, "mara": 200, "sam": 200, "lena": 404, "ann": 404}
    for name, status in expected.items():
        browser = enter(room.people[name])
        assert browser.get(path).status_code == status, name
        assert browser.get(f"{path}/meeting").status_code == status, name
        assert browser.get("/reviews").status_code == 200
    sam = enter(room.people["sam"])
    assert sam.get(f"{path}?kpi={LEADS}").status_code == 404
    assert sam.get("/reviews/not-an-id").status_code == 404


def test_another_tenants_review_is_a_page_that_is_not_there(room, enter, database, new_tenant):
    rival = Room(House(database, new_tenant())).fill()
    browser = enter(rival.people["chief"])
    assert browser.get(f"/reviews/{room.review}").status_code == 404
    answer = browser.call(_body(_base(room, LEADS), {"seq": 1, "now": {"words": "Theirs"}}))
    assert answer.status_code == 200
    assert "not yours to see" in answer.text
    assert room.item(LEADS).answer.words == ""


def test_what_is_typed_is_saved_by_its_callback_and_told_back(room, enter):
    browser = enter(room.people["mara"])
    answer = browser.call(_body(_base(room, LEADS), {"seq": 7, "now": {"words": "Typed"}}))
    told = json.loads(answer.text)["response"]
    assert told["review-base"]["data"]["version"] == 2
    assert told["review-base"]["data"]["seq"] == 7
    assert room.item(LEADS).answer.words == "Typed"


def test_a_page_that_is_behind_gets_both_texts_until_the_person_has_chosen(room, enter):
    room.save("mara", LEADS, {"words": "First"})
    browser, base = enter(room.people["mara"]), _base(room, LEADS, version=1)
    sent = {"seq": 1, "now": {"words": "Second"}}
    told = json.loads(browser.call(_body(base, sent)).text)["response"]
    assert {"First", "Second"} <= set(_strings(told["review-clash"]))
    kept = told["review-base"]["data"]
    told = json.loads(browser.call(_body(kept, {**sent, "seq": 2})).text)["response"]
    assert "First" in _strings(told["review-clash"])
    assert room.item(LEADS).answer.words == "First"
    chosen = {**sent, "seq": 3, "chosen": {"words": "First"}}
    browser.call(_body(kept, chosen))
    assert room.item(LEADS).answer.words == "Second"


def test_a_page_does_not_learn_of_a_text_by_saving_another_field(room, enter):
    browser, base = enter(room.people["mara"]), _base(room, LEADS)
    finding = room.item(LEADS).frozen.finding
    base["base"] = {"words": finding, "confidence": ""}
    room.save("mara", LEADS, {"words": "First"})
    sent = {"seq": 1, "now": {"words": finding, "confidence": "high"}}
    kept = json.loads(browser.call(_body(base, sent)).text)["response"]["review-base"]["data"]
    sent = {"seq": 2, "now": {"words": "Second", "confidence": "high"}}
    told = json.loads(browser.call(_body(kept, sent)).text)["response"]
    assert {"First", "Second"} <= set(_strings(told["review-clash"]))
    assert room.item(LEADS).answer.words == "First"
    assert room.item(LEADS).answer.confidence == "high"


def _strings(node):
    if isinstance(node, dict):
        return [text for each in node.values() for text in _strings(each)]
    if isinstance(node, list):
        return [text for each in node for text in _strings(each)]
    # What stands still comes as HTML.
    return re.split(r"<[^>]*>", node) if isinstance(node, str) else []


@pytest.mark.parametrize(
    "sent",
    [{"now": {"words": 3}}, {"now": {"words": ["x"]}}, {"now": {"version": "x"}}, {"now": 5}],
)
def test_a_forged_body_saves_nothing_and_is_no_failure_of_ours(room, enter, sent):
    browser = enter(room.people["mara"])
    answer = browser.call(_body(_base(room, LEADS), {"seq": 1, **sent}))
    assert answer.status_code < 500
    assert room.item(LEADS).answer.version == 1


def test_strange_text_stays_text_on_every_page(room, enter):
    room.save("mara", SHARED, {**FULL, "words": HOSTILE, "used_words": HOSTILE})
    room.speak("sam", SHARED, "reason", text=HOSTILE)
    room.move("mara", SHARED, ItemMove.SUBMIT)
    room.move("chief", SHARED, ItemMove.SEND_BACK, why=HOSTILE)
    browser = enter(room.people["mara"])
    for path in ("", "/meeting"):
        answer = browser.get(f"/reviews/{room.review}{path}?kpi={SHARED}")
        assert answer.status_code == 200
        assert "<script>alert(1)" not in answer.text
        assert "<img src=x" not in answer.text
        assert html.escape("<script>alert(1)", quote=False) in answer.text


def test_who_looks_as_somebody_else_reads_and_changes_nothing(room):

    actor = room.people["mara"]
    room.people["mara"] = replace(actor, viewed_by=room.people["chief"].person)
    with pytest.raises(DeniedError, match="nothing can be changed"):
        room.save("mara", LEADS, {"words": "Not mine"})
    with room.house.session() as session:
        assert reviews.seen(session, room.people["mara"], room.review).items


def test_cycles_are_made_opened_and_ended_by_plain_forms(database, new_tenant, joined, enter):
    room = Room(House(database, new_tenant())).fill()
    browser = enter(room.people["chief"])
    assert browser.post("/reviews/cycles/usual", {}, page="/reviews").location.endswith(
        "done=cycle"
    )
    assert "Quarterly review" in browser.get("/reviews").text
    fields = {
        "name": "Sales by the month", "kind": "monthly", "scope": "tenant", "open_after": "3",
        "answer_days": "7", "sign_days": "2", "signer": "", "instructions": HOSTILE, "kpi": WON,
    }  # fmt: skip
    answer = browser.post("/reviews/cycles/new", fields, page="/reviews/cycles/new")
    assert answer.location.endswith("done=cycle")
    wrong = browser.post(
        "/reviews/cycles/new", {**fields, "answer_days": "many"}, page="/reviews/cycles/new"
    )
    assert "kept=1" in wrong.location
    with room.house.session() as session:
        cycle = next(
            one for one in review_cycles.cycles(session) if one.said.name.startswith("Sales")
        )
    opened = browser.post(f"/reviews/cycles/{cycle.id}/open", {}, page="/reviews")
    assert opened.status_code == 303
    page = browser.get(opened.location)
    assert page.status_code == 200
    assert "October 2026 review" in page.text
    with room.house.session() as session:
        (card,) = reviews.current(session, room.people["chief"], NOW)
    called = browser.post(
        f"/reviews/{card.id}/call_off", {"version": str(card.version)}, page="/reviews"
    )
    assert called.location.endswith("done=called_off")


def test_the_next_review_is_planned_by_its_button_once_the_due_one_is_open(room, enter):
    browser, place = enter(room.people["chief"]), f"/reviews/cycles/{room.cycle}/plan"
    text = browser.get("/reviews").text
    assert f'action="{place}"' in text
    assert "Plan the next review" in text
    assert 'value="2026-11"' in text
    answer = browser.post(place, {"period": "2026-11"}, page="/reviews")
    assert answer.location.endswith("done=planned")
    text = browser.get("/reviews").text
    assert "is planned and opens on" in text
    assert "Plan the next review" not in text
    mara = enter(room.people["mara"])
    assert "Plan the next review" not in mara.get("/reviews").text
    assert mara.post(place, {"period": "2026-12"}, page="/reviews").status_code == 403


def test_notes_of_several_people_stand_beside_each_other(room):
    for minutes, name in enumerate(("mara", "chief", "sam")):
        with room.house.session() as session:
            seen = reviews.seen(session, room.people[name], room.review)
            shared = next(one for one in seen.items if one.frozen.kpi == SHARED)
            review_meeting.look(session, seen, shared.frozen.id, at(minutes=minutes))
            review_meeting.add_note(
                session, seen, shared.frozen.id, f"By {name}", at(minutes=minutes)
            )
    with room.house.session() as session:
        seen = reviews.seen(session, room.people["mara"], room.review)
        told = [one.text for one in review_meeting.notes(session, seen)]
        here = review_meeting.readers(session, seen, at(minutes=2, seconds=10))
    assert told == ["By mara", "By chief", "By sam"]
    assert [one.name for one in here] == ["Sam Sales"]


def test_the_answer_of_another_is_read_and_not_offered_to_be_written(room, enter):
    text = enter(room.people["chief"]).get(f"/reviews/{room.review}?kpi={LEADS}").text
    assert 'data-review="' not in text
    assert 'id="review-field-words"' not in text
    mine = enter(room.people["mara"]).get(f"/reviews/{room.review}?kpi={LEADS}").text
    assert 'id="review-field-words"' in mine
    assert room.item(LEADS).answer.state is ItemState.TO_ANSWER
