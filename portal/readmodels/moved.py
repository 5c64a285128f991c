"""Who moved a KPI, and which guardrail it hurts: what the panels say. Finished text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MovedRate:
    """A number that explains a part: 'Leads that fit' '62.1 to 59.0 %'."""

    name: str
    ends: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class MovedPart:
    """One part: whose, how much, their word, and what it was made of."""

    name: str
    amount: str
    """With its unit."""
    width: float
    """Its part of the bar, from 0 to 1; 0 draws nothing."""
    label: str
    """What stands in the bar."""
    against: bool
    """Whether it moved the other way than the whole."""
    person: str = ""
    """Empty where it is no person's."""
    role: str = ""
    words: str = ""
    """Their responsibility, in their own words."""
    rates: tuple[MovedRate, ...] = ()
    own: bool = False
    """Whether it is the reader's own part."""
    nobodys: bool = False
    """Mix: hatched."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The panel: the sentence, both ends, the bar and its parts; or why there is none."""

    sentence: str
    before: tuple[str, str]
    """The earlier period and its value."""
    now: tuple[str, str]
    summary: str
    """The bar in words, for who does not see it."""
    parts: tuple[MovedPart, ...]
    foot: str
    link: str = ""
    href: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Guarded:
    """One alarm: what happened, what shows it, and what to ask."""

    sentence: str
    evidence: tuple[str, ...]
    question: str
    link: str
    href: str
