"""Errors of the engine: one family, a sentence for a person, the nearest name.

Bottom floor: it imports nothing of ours.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class KpiError(Exception):
    """Something a person asked of the engine cannot be done; the text says what and what next."""


class UnknownKpiError(KpiError):
    """A question named a KPI that the catalogue does not hold."""

    def __init__(self, key: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no KPI called '{key}'.{did_you_mean(key, known)}")
        self.key = key


class BadQuestionError(KpiError):
    """A question cannot be asked as it stands: a period, split, filter or moment is off."""


class BadDefinitionError(KpiError):
    """A definition cannot be used; the issues tell every reason at once."""


class BadFileError(KpiError):
    """A file cannot be read as what it is said to be."""


class StoreError(KpiError):
    """The store of facts does not hold what was asked, or is not sound."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" with the nearest of `known`, or nothing when none is near."""
    close = get_close_matches(word, sorted(known), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
