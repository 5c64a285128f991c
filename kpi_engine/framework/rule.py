"""What a rule is, and what it says when it fires."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.framework.described import Framework
from kpi_engine.language import tr


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """The framework misleads, or nobody answers for a part of it."""
    WARNING = "warning"
    """It will mislead sooner or later, or costs more than it gives."""
    HINT = "hint"
    """It could be better."""


class Aid(StrEnum):
    """Where a finding is mended."""

    ACT = "act"
    ADOPT = "adopt"
    ASSIGN = "assign"
    COMPARE = "compare"
    DEFINE = "define"
    GOALS = "goals"
    HAND_OVER = "hand_over"
    OPEN = "open"
    RETIRE = "retire"
    SET_CADENCE = "set_cadence"
    SET_TARGET = "set_target"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a rule found. `place` tells it from the rule's others, also tomorrow."""

    place: str
    title: str
    reason: str
    fix: str
    aid: Aid
    kpi: KpiKey | None = None
    """The KPI that it is about."""
    towards: KpiKey | None = None
    """The KPI that the fix names, where that is another."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its id is written into waivers and is never given to another.

    Its words are marked where it stands, and said in the reader's language.
    """

    id: str
    severity: Severity
    titled: str
    because: str
    each: int
    """What one finding costs of the score."""
    most: int
    """What all findings of the rule cost at most."""
    find: Callable[[Framework], Iterable[Fault]]
    grouped: str = ""
    mended: str = ""
    tells_numbers: bool = False
    """Whether its reasons tell numbers of the whole company, which not everybody may see."""
    figures: Mapping[str, object] = field(default_factory=dict)
    """What stands in the places of its title."""

    @property
    def title(self) -> str:
        """What it asks of a framework."""
        return tr(self.titled, **self.figures)

    @property
    def why(self) -> str:
        """Why it asks that."""
        return tr(self.because)

    @property
    def group(self) -> str:
        """What many findings are told as together: '{count} KPIs have no target'."""
        return tr(self.grouped)

    @property
    def mend(self) -> str:
        """The fix of many findings together, where each has its own."""
        return tr(self.mended)
