"""How far a number may be trusted: the level, and every reason for it with its figure."""

from dataclasses import dataclass

from portal.readmodels.cards import RangeBar, Status


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason: its own level as a status, a sentence, and where it can be looked at."""

    status: Status
    text: str
    link: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Confidence:
    """The level as bars from 0 (it cannot be told) to 3, and its word; the worst reason first."""

    bars: int
    word: str
    grounds: tuple[Ground, ...]
    band: str = ""
    """How far the number could move, or why nobody can tell; empty where nothing is said."""
    bar: RangeBar | None = None
    """The same drawn, with a tick at the target; None where the number would not read otherwise."""
