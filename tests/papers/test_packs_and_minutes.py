"""Packs and minutes: exceptions first, everything stamped, and nobody reads what is not theirs."""

from email import message_from_bytes
from hashlib import sha256

import pytest

from portal.errors import BadInputError, DeniedError
from portal.models.review_papers import papers_of
from portal.readmodels.papers import PaperKind
from portal.services import paper_keeping, papers
from portal.services.mailing import Post
from portal.services.paper_keeping import Sending
from portal.services.reviews import NoReviewError, seen
from portal.web.paper_printing import paper_html, paper_pdf
from tests.papers.conftest import SHARED, TRACE, XSS

PACK, MINUTES = PaperKind.PACK, PaperKind.MINUTES


def printed(paper, lang):
    """Return a file that holds what the paper says, as fast as a test needs it."""
    return paper_html(paper, lang).encode()


def sending(place, kind):
    return Sending(place.review, kind, printed, "https://portal.example")


def disputed(place):
    place.answer("dilara", SHARED, words=XSS)
    place.disagree("ravi", SHARED, "It was the follow-up.")
    place.submit("dilara", SHARED)


def test_a_disputed_number_comes_first_with_what_was_said(reviewed):
    disputed(reviewed)
    with reviewed.desk("exec") as desk:
        paper = papers.paper(desk, reviewed.review, PACK)
    first = paper.exceptions[0]
    assert first.name == "Lead to opportunity rate"
    assert [one.what for one in first.said] == ["Disagrees about the reason, not settled"]
    assert first.words == XSS
    assert [one.name for one in paper.others] == ["Won revenue"]
    assert paper.draft == "Before the meeting: answers may still come in."


def test_every_number_has_its_stamp(reviewed):
    with reviewed.desk("exec") as desk:
        paper = papers.paper(desk, reviewed.review, PACK)
    names = [name for name, _ in paper.stamps]
    assert names == ["Period", "Frozen", "Known at", "Data", "Signed", "Made"]
    assert dict(paper.stamps)["Data"].startswith("Crm loaded ")
    for item in paper.items:
        assert item.stamp.startswith("Definition as shipped, fingerprint ")
        assert "known at" in item.stamp
        assert "store version" in item.stamp


def test_a_draft_is_nobody_elses_to_read(reviewed):
    reviewed.answer("dilara", SHARED, words="Not ready.")
    with reviewed.desk("exec") as desk:
        paper = papers.paper(desk, reviewed.review, PACK)
    (item,) = [one for one in paper.items if one.name == "Lead to opportunity rate"]
    assert item.words == ""
    assert item.silence.endswith("has not submitted an answer.")


def test_what_people_typed_is_text_in_the_file(reviewed):
    disputed(reviewed)
    with reviewed.desk("exec") as desk:
        told = paper_html(papers.paper(desk, reviewed.review, PACK), "en")
    assert "<script>" not in told
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in told


def test_the_file_is_a_pdf_that_fetches_nothing(reviewed):
    disputed(reviewed)
    with reviewed.desk("exec") as desk:
        body = paper_pdf(papers.paper(desk, reviewed.review, MINUTES), "en")
    assert body.startswith(b"%PDF-")


def test_who_owns_one_number_reads_of_that_number_alone(reviewed):
    with reviewed.desk("dilara") as desk:
        paper = papers.paper(desk, reviewed.review, PACK)
    assert [one.name for one in paper.items] == ["Lead to opportunity rate"]
    assert paper.left_out == "1 KPI of this review is not open to this reader."


def test_who_has_no_part_in_it_finds_no_review(reviewed):
    with reviewed.desk("rep") as desk, pytest.raises(NoReviewError):
        papers.paper(desk, reviewed.review, PACK)


def test_a_pack_is_sent_to_its_people_and_kept_as_it_was(reviewed):
    with reviewed.desk("exec") as desk:
        letters = paper_keeping.send(desk, sending(reviewed, PACK), TRACE)
    with reviewed.desk("exec") as desk:
        kept = {row.sha256: row for row in desk.session.scalars(papers_of(reviewed.review))}
        told = paper_keeping.sent(desk, seen(desk.session, desk.actor, reviewed.review))
        files = {
            row.sha256: paper_keeping.as_sent(desk, reviewed.review, row.id).file
            for row in kept.values()
        }
    # The participants who see any of it and its owners; the rep sees nothing and gets nothing.
    assert {letter.to.partition("@")[0] for letter in letters} == {"exec", "boss", "dilara", "ravi"}
    # Those who see all of it share one file, those who see a part another.
    assert len(kept) == 2
    assert all(sha256(body).hexdigest() == name for name, body in files.items())
    assert {letter.files[0].body for letter in letters} == set(files.values())
    assert len(told) == 2


def test_a_file_of_more_than_one_sees_is_not_theirs(reviewed):
    with reviewed.desk("exec") as desk:
        paper_keeping.send(desk, sending(reviewed, PACK), TRACE)
        rows = list(desk.session.scalars(papers_of(reviewed.review)))
    whole = next(row for row in rows if len(row.items) > 1)
    with reviewed.desk("dilara") as desk:
        mine = paper_keeping.sent(desk, seen(desk.session, desk.actor, reviewed.review))
        assert len(mine) == 1
        with pytest.raises(DeniedError, match="not yours"):
            paper_keeping.as_sent(desk, reviewed.review, whole.id)


def test_who_opens_no_reviews_sends_none(reviewed):
    with reviewed.desk("dilara") as desk, pytest.raises(DeniedError):
        paper_keeping.send(desk, sending(reviewed, PACK), TRACE)


def test_minutes_are_sent_when_the_review_is_signed_and_not_before(reviewed):
    with reviewed.desk("exec") as desk:
        assert papers.paper(desk, reviewed.review, MINUTES).draft.startswith("Draft")
        with pytest.raises(BadInputError, match="signed off"):
            paper_keeping.send(desk, sending(reviewed, MINUTES), TRACE)
    disputed(reviewed)
    reviewed.settle("exec", SHARED, "Both: half the campaign, half the follow-up.")
    reviewed.answer("exec", "won_revenue", words="Two large deals.")
    reviewed.submit("exec", "won_revenue")
    reviewed.approve("exec", SHARED)
    reviewed.approve("boss", "won_revenue")
    reviewed.sign("boss")
    with reviewed.desk("exec") as desk:
        paper = papers.paper(desk, reviewed.review, MINUTES)
        letters = paper_keeping.send(desk, sending(reviewed, MINUTES), TRACE)
    assert paper.draft == ""
    assert dict(paper.stamps)["Signed"].endswith("by Bo Board")
    (shared,) = [one for one in paper.items if one.name == "Lead to opportunity rate"]
    # Settled, and still told.
    assert [one.what for one in shared.said] == ["Disagrees about the reason, settled", "Settled"]
    assert len(letters) == 4


def test_what_was_sent_cannot_be_changed(reviewed, server):
    with reviewed.desk("exec") as desk:
        paper_keeping.send(desk, sending(reviewed, PACK), TRACE)
    with server.superuser() as connection, pytest.raises(Exception, match="append|change|kept"):
        connection.execute("UPDATE portal.review_paper SET review_state = 'x'")


def test_the_mail_has_safe_headers_and_the_file(reviewed, tmp_path):
    with reviewed.desk("exec") as desk:
        letters = paper_keeping.send(desk, sending(reviewed, PACK), TRACE)
    Post(tmp_path, None, "meridian@portal.example").send(letters)
    mails = [message_from_bytes(file.read_bytes()) for file in tmp_path.glob("*.eml")]
    assert len(mails) == 4
    for mail in mails:
        names = [part.get_filename() for part in mail.walk() if part.get_filename()]
        assert names == ["review-pack-2017-03.pdf"]
        assert mail["Subject"].startswith("Review pack: ")
        assert "\n" not in mail["To"].replace("\n ", "")
