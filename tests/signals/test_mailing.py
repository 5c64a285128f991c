"""Mail: headers that nobody can add to, two forms of one text, and what a server says."""

import smtplib
from email import message_from_bytes, policy

import pytest

from portal.services.letters import Letter
from portal.services.mailing import NotTakenError, Post

BREAKS = "Ann\r\nBcc: everybody@example.org\n\tX: 1\x0b\x00\u2028Bcc: x@example.org"


@pytest.fixture
def post(tmp_path):
    return Post(tmp_path / "mail", None, "meridian@kpi.example")


def sent(post, **changed):
    """Send one letter, and return it as whoever gets it reads it."""
    post.send([Letter(**({"to": "ann@example.org", "subject": "Hello", "text": "Text"} | changed))])
    (file,) = post.folder.iterdir()
    return message_from_bytes(file.read_bytes(), policy=policy.default)


@pytest.mark.parametrize("where", ["subject", "name"])
def test_a_line_break_in_a_name_or_subject_adds_no_header(post, where):
    letter = sent(post, **{where: BREAKS})
    assert set(letter.keys()) == {
        *("From", "To", "Subject", "Message-ID", "Content-Type", "MIME-Version"),
        "Content-Transfer-Encoding",
    }
    assert [address.addr_spec for address in letter["To"].addresses] == ["ann@example.org"]
    assert letter.get_content().strip() == "Text"


@pytest.mark.parametrize(
    "text",
    ["Zoë Łukasiewicz", "山田太郎", "إيمان", 'Ann, "the" <boss>; (x)', "🦉 Owl"],
)
def test_names_and_subjects_arrive_as_they_were_written(post, text):
    letter = sent(post, subject=text, name=text)
    assert letter["Subject"] == text
    (address,) = letter["To"].addresses
    assert (address.display_name, address.addr_spec) == (text, "ann@example.org")


def test_what_turns_the_way_of_reading_round_is_left_out(post):
    letter = sent(post, name="Ann \u202egnp.exe", subject="a\u2066b")
    assert letter["To"].addresses[0].display_name == "Ann gnp.exe"
    assert letter["Subject"] == "a b"


def test_a_mail_without_a_page_is_plain_text_and_one_with_it_is_both(post, tmp_path):
    assert sent(post).get_content_type() == "text/plain"
    other = sent(Post(tmp_path / "two", None, "m@kpi.example"), html="<p>Page</p>")
    assert other.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in other.iter_parts()] == ["text/plain", "text/html"]
    assert "Auto-Submitted" not in other


def test_a_digest_says_how_to_switch_it_off_and_has_a_name_that_stays(post):
    letter = sent(post, unsubscribe="https://kpi.example/account#digest", key="digest-1")
    assert letter["List-Unsubscribe"] == "<https://kpi.example/account#digest>"
    assert letter["Message-ID"] == "<digest-1@kpi.example>"
    assert letter["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("to", ["no address", "ann@example.org\r\nBcc: x@example.org", ""])
def test_an_address_that_is_none_is_certainly_not_sent_to(post, to):
    with pytest.raises(NotTakenError):
        post.send([Letter(to, "Hello", "Text")])
    assert not post.folder.exists() or not list(post.folder.iterdir())


class _Server:
    """A mail server that answers as it was told to."""

    late = False

    def __init__(self, error):
        self.error = error

    def send_message(self, _):
        raise self.error

    def quit(self):
        raise smtplib.SMTPServerDisconnected("gone before")

    def close(self):
        return None


@pytest.mark.parametrize(
    ("error", "certain"),
    [
        (smtplib.SMTPDataError(554, b"no"), True),
        (smtplib.SMTPRecipientsRefused({}), True),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError(), False),
    ],
)
def test_what_the_server_refused_is_told_from_what_nobody_knows(
    tmp_path, monkeypatch, error, certain
):
    monkeypatch.setattr("portal.services.mailing._connected", lambda _: _Server(error))
    with pytest.raises(OSError) as caught:  # noqa: PT011 - which of its kinds is asked below
        Post(tmp_path, "smtp://mail.example", "m@kpi.example").send([Letter("a@b.org", "S", "T")])
    assert isinstance(caught.value, NotTakenError) is certain


def test_a_server_that_is_not_there_certainly_took_nothing(tmp_path):
    post = Post(tmp_path, "smtp://127.0.0.1:1", "m@kpi.example")
    with pytest.raises(NotTakenError):
        post.send([Letter("a@b.org", "S", "T")])
