"""What can be wrong with a value, and the sentence that says so."""

from dataclasses import dataclass
from enum import StrEnum

from kpi_engine.crm.entities import ColumnType
from kpi_engine.crm.moment_sql import FIRST
from kpi_engine.errors import did_you_mean

_SHOWN = 200


class FaultKind(StrEnum):
    """Why a row is rejected."""

    UNREAD = "unread"
    """The text is not what the column holds."""
    UNMAPPED = "unmapped"
    MISSING = "missing"
    CHOICE = "choice"
    TOO_LARGE = "too large"
    NONE_OF = "none of"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a row can be bad: where it shows (SQL), and what to call it."""

    kind: FaultKind
    condition: str
    raw: str
    """SQL of the text that was there."""
    label: str
    """The file's column, or the field where there is none."""
    type: ColumnType = ColumnType.TEXT
    words: tuple[str, ...] = ()
    source: str = ""
    """The name of the input that could not be read."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """One cell of a row that was not taken over."""

    file: str
    line: int
    column: str
    value: str
    reason: str


def shown(text: str | None) -> str:
    """Return `text` short enough for a report."""
    found = text or ""
    return found if len(found) <= _SHOWN else f"{found[:_SHOWN]}…"


def reason(fault: Fault, text: str) -> str:
    """Return why a row with `text` in this place is rejected."""
    match fault.kind:
        case FaultKind.UNREAD:
            return _unread(fault.type, text)
        case FaultKind.UNMAPPED:
            return "`map` does not name this value"
        case FaultKind.MISSING:
            return f"'{fault.words[0]}' is required and there is nothing"
        case FaultKind.CHOICE:
            return _choice(fault.words, text)
        case FaultKind.TOO_LARGE:
            return "the result is too large or no whole number"
        case FaultKind.NONE_OF:
            return f"one of {', '.join(fault.words)} is required and there is none"


def _choice(choices: tuple[str, ...], text: str) -> str:
    hint = did_you_mean(text, choices) or did_you_mean(text.lower(), choices)
    return f"it is none of {', '.join(choices)}.{hint or ' Map it in the source file.'}"


def _unread(kind: ColumnType, text: str) -> str:
    match kind:
        case ColumnType.TIME | ColumnType.DATE:
            return _no_moment(kind, text)
        case ColumnType.BOOLEAN:
            return "it is neither yes nor no (yes, no, true, false, y, n, t, f, 1, 0)"
        case ColumnType.INTEGER:
            return "it is no whole number below 10^14"
        case _ if text.strip("+-").lower() in ("nan", "inf", "infinity"):
            return "it is no finite number"
        case _:
            return "it is no number below 10^14 in this column's style"


def _no_moment(kind: ColumnType, text: str) -> str:
    if text.isdigit():
        return "it is a plain number, not a date: write it as 2024-01-31"
    if kind is ColumnType.TIME and ":" in text and len(text) >= len("2024-01-31 02:30"):
        return (
            "it is no time that there was: the day, the hour or the form is off, or the clock of"
            " the source's time zone skipped it"
        )
    return f"it is no day from {FIRST} on in this column's form"
