"""Digests: one mail a person and slot, with what is theirs and new; never twice, nothing lost."""

import smtplib
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from gettext import NullTranslations

import pytest

from kpi_engine import language
from portal.models import inbox as questions
from portal.models.digests import DigestState
from portal.models.inbox import Kind
from portal.models.people import by_id
from portal.services import digests, inbox_marks
from portal.services.digest_times import Until
from portal.services.mailing import NotTakenError
from portal.services.numbers import TENANT
from tests.signals.conftest import NOW, URL, later

SLOT = "2026-11-23"
XSS = "<img src=x onerror=alert(1)>\"'&</div><script>alert(2)</script>"


@pytest.fixture
def send(room):
    def go(actor, slot=SLOT, now=NOW):
        return digests.send(room, actor.tenant, actor.person, slot, now)

    return go


def test_whose_hour_has_come_is_due_until_it_is_sent(database, send, tell, ann):
    tell(ann)
    with database.session(ann.tenant) as session:
        assert digests.due(session, NOW) == ((ann.person, SLOT),)
        assert digests.due(session, NOW.replace(hour=5)) == ()
    assert send(ann) is DigestState.SENT
    with database.session(ann.tenant) as session:
        assert digests.due(session, NOW) == ()


def test_a_mail_tells_ones_own_items_only(send, tell, add, ann, box):
    bob = add("Bob Example")
    tell(ann, subject="Of Ann")
    tell(bob, subject="Of Bob")
    assert send(ann) is send(bob) is DigestState.SENT
    first, second = box.letters
    assert (first.to, second.to) == (ann.email, bob.email)
    assert ("Of Ann" in first.text, "Of Bob" in first.text) == (True, False)
    assert ("Of Bob" in second.html, "Of Ann" in second.html) == (True, False)


class _German(NullTranslations):
    def gettext(self, message):
        return {"Hello {name},": "Guten Tag {name},"}.get(message, message)


def test_a_mail_is_written_in_the_language_of_who_gets_it(
    database, send, tell, add, ann, box, monkeypatch
):
    monkeypatch.setitem(language._TAUGHT, "de", _German())
    bob = add("Bob Beispiel")
    with database.session(bob.tenant) as session:
        session.scalars(by_id(bob.person)).one().locale = "de_CH"
    tell(ann)
    tell(bob)
    assert send(bob) is send(ann) is DigestState.SENT
    german, english = box.letters
    assert german.text.startswith("Guten Tag Bob Beispiel,")
    assert english.text.startswith("Hello Ann Example,")
    assert ('lang="de"' in german.html, 'lang="en"' in english.html) == (True, True)
    assert language.spoken() == language.SOURCE


def test_without_news_there_is_no_mail_for_the_slot(send, tell, ann, box):
    assert send(ann) is DigestState.EMPTY
    tell(ann)
    assert send(ann) is None
    assert box.letters == []
    assert send(ann, "2026-11-24", later(days=1)) is DigestState.SENT


def test_what_was_mailed_is_not_mailed_again(send, tell, ann, box):
    tell(ann, subject="First")
    send(ann)
    tell(ann, "s2", "Second")
    send(ann, "2026-11-24", later(days=1))
    assert "Second" in box.letters[1].text
    assert "First" not in box.letters[1].text


def test_what_is_read_put_off_or_acknowledged_is_left_out(database, send, tell, ann, box):
    for slot in ("read", "later", "done", "left"):
        tell(ann, slot, slot)
    with database.session(ann.tenant) as session:
        rows = {
            row.slot: str(row.id)
            for row in session.scalars(questions.of_person(ann.person, NOW, 9))
        }
        inbox_marks.follow(session, ann, rows["read"], NOW)
        inbox_marks.snooze(session, ann, rows["later"], Until.TOMORROW, NOW)
        inbox_marks.acknowledge(session, ann, rows["done"], NOW)
    send(ann)
    (letter,) = box.letters
    told = [word for word in ("read", "later", "done", "left") if f"* {word}" in letter.text]
    assert told == ["left"]
    send(ann, "2026-11-24", later(days=1))
    assert "* later" in box.letters[1].text


def test_two_who_send_at_once_send_one(room, tell, ann, box):
    tell(ann)

    def go(_):
        return digests.send(room, ann.tenant, ann.person, SLOT, NOW)

    with ThreadPoolExecutor(8) as pool:
        ended = list(pool.map(go, range(16)))
    assert sorted(ended, key=str).count(DigestState.SENT) == 1
    assert len(box.letters) == 1


def test_whoever_dies_before_the_mail_leaves_is_followed_by_another(send, tell, ann, box):
    tell(ann)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digests, "_mark", _gone)
        with pytest.raises(SystemExit):
            send(ann)
    assert send(ann, now=NOW + digests.LEASE / 2) is None
    assert send(ann, now=NOW + digests.LEASE) is DigestState.SENT
    assert len(box.letters) == 1


def test_whoever_dies_with_the_mail_in_hand_is_followed_by_nobody(send, tell, ann, box):
    tell(ann)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(box, "send", _gone)
        with pytest.raises(SystemExit):
            send(ann)
    assert send(ann, now=NOW + digests.LEASE / 2) is None
    assert send(ann, now=NOW + digests.LEASE) is DigestState.HELD
    assert send(ann, now=NOW + 2 * digests.LEASE) is None
    assert box.letters == []
    # What it told is not lost: the next one tells it.
    assert send(ann, "2026-11-24", later(days=1)) is DigestState.SENT
    assert "Win rate" in box.letters[0].text


def test_whoever_dies_after_the_mail_went_sends_it_no_second_time(send, tell, ann, box):
    tell(ann)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digests, "_end", _gone)
        with pytest.raises(SystemExit):
            send(ann)
    assert send(ann, now=NOW + digests.LEASE) is DigestState.HELD
    assert len(box.letters) == 1


def _gone(*_, **__):
    raise SystemExit("killed")


def test_a_mail_that_was_certainly_not_taken_is_tried_again(send, tell, ann, box):
    tell(ann)
    box.fails = [NotTakenError("no")]
    with pytest.raises(NotTakenError):
        send(ann)
    assert send(ann) is DigestState.SENT
    assert len(box.letters) == 1


def test_a_mail_of_which_nobody_can_say_whether_it_went_is_held(send, tell, ann, box):
    tell(ann)
    box.fails = [smtplib.SMTPServerDisconnected("gone")]
    assert send(ann) is DigestState.HELD
    assert send(ann) is None


def test_the_same_mail_has_the_same_name_each_time(send, tell, ann, box):
    tell(ann)
    box.fails = [NotTakenError("no")]
    with pytest.raises(NotTakenError):
        send(ann)
    send(ann)
    assert uuid.UUID(box.letters[0].key.removeprefix("digest-"))


def test_who_lost_a_role_is_not_mailed_what_it_showed(database, send, tell, add, box):
    head = add("Head", "executive")
    tell(head, "number", "A number of all", who=TENANT)
    tell(head, "task", "A task", kind=Kind.REVIEW)
    with database.session(head.tenant) as session:
        session.scalars(by_id(head.person)).one().roles = ["rep"]
    assert send(head) is DigestState.SENT
    assert "A task" in box.letters[0].text
    assert "A number of all" not in box.letters[0].text + box.letters[0].html


def test_whose_account_is_shut_is_sent_nothing(database, send, tell, ann, box):
    tell(ann)
    with database.session(ann.tenant) as session:
        session.scalars(by_id(ann.person)).one().disabled_at = NOW
        assert digests.due(session, NOW) == ()
    assert send(ann) is DigestState.EMPTY
    assert box.letters == []


def test_nothing_that_people_typed_is_a_part_of_the_page(send, tell, add, box):
    head = add(XSS, "executive")
    tell(head, subject=XSS, text=XSS)
    send(head)
    (letter,) = box.letters
    for part in ("<script", "<img", "onerror=alert(1)>"):
        assert part not in letter.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in letter.html
    assert XSS in letter.text


def test_a_page_fetches_nothing_and_leads_to_the_portal_only(send, tell, ann, box):
    tell(ann)
    send(ann)
    page = box.letters[0].html
    assert "src=" not in page
    assert "url(" not in page
    addresses = [part.partition('"')[0] for part in page.split('href="')[1:]]
    assert addresses
    assert all(address.startswith(f"{URL}/") for address in addresses)


def test_a_mail_tells_so_many_items_and_how_many_more_there_are(send, tell, ann, box):
    for number in range(digests.MOST + 3):
        tell(ann, f"s{number}", f"Item {number}")
    send(ann)
    (letter,) = box.letters
    assert letter.text.count("* Item") == digests.MOST
    assert "3 more wait in your inbox." in letter.text
    assert "3 more wait in your inbox." in letter.html
    send(ann, "2026-11-24", NOW + timedelta(days=1))
    assert box.letters[1].text.count("* Item") == 3
