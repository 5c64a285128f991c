"""Errors of the engine: one family, a sentence for a person, the nearest name.

Bottom floor: it imports nothing of ours but the language it speaks.
"""

from collections.abc import Iterable
from difflib import get_close_matches

from kpi_engine.language import tr


class KpiError(Exception):
    """Something a person asked of the engine cannot be done; the text says what and what next."""


class UnknownKpiError(KpiError):
    """A question named a KPI that the catalogue does not hold."""

    def __init__(self, key: str, known: Iterable[str]) -> None:
        hint = did_you_mean(key, known)
        super().__init__(tr("There is no KPI called '{key}'.{hint}", key=key, hint=hint))
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
    return tr(" Did you mean '{name}'?", name=close[0]) if close else ""
