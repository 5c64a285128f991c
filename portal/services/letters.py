"""What a mail holds before it is one: plain text, perhaps the same as a page, and its headers.

What people typed may stand in a name or a subject. It is written on one line without characters
that nobody sees, so that no header of it can be another, and no name reads backwards.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attached:
    """A PDF that goes with a mail."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person."""

    to: str
    subject: str
    text: str
    name: str = ""
    """What the person is called."""
    html: str = ""
    """The same as a page, for programs that show one."""
    unsubscribe: str = ""
    """The address of the page on which such mails are switched off."""
    key: str = ""
    """What the mail is known by, so that one sent again is known to be the same."""
    files: tuple[Attached, ...] = ()


_TIES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
"""What ties a figure to its unit: a space, though no line ends at it."""


def one_line(text: str) -> str:
    """Return text on one line, without characters that are not seen."""
    seen = (each if each.isprintable() or each in _TIES else " " for each in text)
    return " ".join(word for word in "".join(seen).split(" ") if word)


def header(text: str) -> str:
    """Return text as a header has it: on one line, with plain spaces."""
    return " ".join(one_line(text).split())
