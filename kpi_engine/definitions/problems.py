"""What is wrong with an expression or a definition, said so that its author can mend it.

Bottom of the room: it imports nothing of definitions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kpi_engine.errors import BadDefinitionError, KpiError
from kpi_engine.language import tr


def printable(text: str) -> str:
    """Return a text from a file as it may be shown: one line, nothing that steers a terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


class ExpressionError(KpiError):
    """An expression cannot be read; `line` and `column` (from 1) tell where in its text."""

    def __init__(self, sentence: str, line: int = 1, column: int = 1) -> None:
        place = (
            tr("at character {column}", column=column)
            if line == 1
            else tr("at line {line}, character {column}", line=line, column=column)
        )
        self.sentence = printable(sentence)
        super().__init__(tr("{sentence} ({place})", sentence=self.sentence, place=place))
        self.line = line
        self.column = column


class Severity(StrEnum):
    """Whether a definition can be used all the same."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong with one definition: where, how bad, and what to do about it.

    `place` is the path of keys inside the definition (`measure.ratio.over.where`). `line` is 0
    when the definition did not come from a file.
    """

    file: str
    line: int
    place: str
    key: str
    severity: Severity
    text: str

    def __str__(self) -> str:
        file = self.file or "the catalogue"
        at = f"{file}, line {self.line}" if self.line else file
        about = ": ".join(part for part in (at, self.key, self.place) if part)
        return f"{about}: {self.text}"


class DefinitionsError(BadDefinitionError):
    """Definitions cannot be used; `issues` has every reason, the text lists them a line each."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))
