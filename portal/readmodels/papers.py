"""A review's pack or minutes: one text for page, PDF and mail, finished and stamped."""

from dataclasses import dataclass, field
from enum import StrEnum

from portal.readmodels.actions import ActionRow
from portal.readmodels.brand import Letterhead
from portal.readmodels.cards import Spark, Status


class PaperKind(StrEnum):
    """Before the meeting a pack, after it minutes."""

    PACK = "pack"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Said:
    """What one co-owner said, or how it was settled."""

    name: str
    what: str
    """'Disagrees about the number', 'Agrees', 'Settled'."""
    text: str
    when: str
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """One of the four questions and what was answered."""

    question: str
    answer: str
    words: str


@dataclass(frozen=True, slots=True)
class PaperItem:
    """One KPI: the frozen number, what was said of it, and what follows."""

    name: str
    scope: str
    href: str
    value: str
    absence: str
    stands_on: str
    target: str
    status: Status
    changes: tuple[tuple[str, str], ...]
    """Against what, and by how much."""
    usual: str
    spark: Spark
    level: float | None
    """The target, to be drawn with the line."""
    finding: str
    moved: str
    """Who moved it; empty where that is not told."""
    owner: str
    assessment: str
    words: str
    silence: str
    """Why there is no word of the owner; empty where there is one."""
    author: str
    """'Dilara Aksoy, 12 Nov 2026; approved by Naomi Adler, 14 Nov 2026'."""
    replies: tuple[Reply, ...]
    said: tuple[Said, ...]
    decision: str
    actions: tuple[ActionRow, ...]
    stamp: str
    """'Version 3, fingerprint 1a2b; known at 3 Nov 2026, 06:10; store version 41'."""
    exception: bool
    """Whether it needs the meeting."""


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A note of the meeting."""

    about: str
    name: str
    text: str
    when: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A paper that was sent: when, by whom, to whom, and the hash of the file."""

    title: str
    by: str
    to: str
    sha256: str
    href: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole paper as one person may read it."""

    kind: PaperKind
    title: str
    company: str
    period: str
    draft: str
    """Why it is not final; empty where it is."""
    summary: tuple[tuple[str, str, str], ...]
    """Tone, count and word: ('bad', '3', 'off target')."""
    sentence: str
    stamps: tuple[tuple[str, str], ...]
    exceptions: tuple[PaperItem, ...]
    others: tuple[PaperItem, ...]
    actions: tuple[ActionRow, ...]
    notes: tuple[PaperNote, ...]
    left_out: str
    """How much of the review is not open to this reader; empty for nothing."""
    foot: str
    top: Letterhead = field(default_factory=Letterhead)
    """The name and logo of a company that shows its own."""

    @property
    def items(self) -> tuple[PaperItem, ...]:
        """Every KPI, exceptions first."""
        return (*self.exceptions, *self.others)


@dataclass(frozen=True, slots=True)
class PaperPage:
    """The page around a paper: what may be done with it, and what was sent before."""

    paper: Paper
    review: str
    other: tuple[str, str]
    """The other paper of the review: its name and address."""
    file: str
    send: str
    """The address that sends it; empty where the person may not."""
    recipients: str
    csrf: str
    sent: tuple[Sent, ...]
    notice: str = ""
