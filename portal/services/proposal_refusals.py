"""Why a draft or a proposal goes no further: sentences, by words that an address may hold."""

from collections.abc import Mapping

from kpi_engine.language import mark, tr
from portal.errors import BadInputError

REFUSALS: Mapping[str, str] = {
    "ahead": mark(
        "Another definition of this KPI awaits its day already. Call that one back first."
    ),
    "another": mark(
        "A proposal for this KPI awaits its decision already. See the list of proposals."
    ),
    "begun": mark("Its day has come, so it can't be called back. Propose a change instead."),
    "day": mark("Choose today or a day of the next 12 months."),
    "decided": mark("It was decided already. Reload the page."),
    "key": mark("The key of a KPI never changes."),
    "nothing_new": mark("This says what the definition says already; change something first."),
    "own": mark("You proposed it yourself. Another analyst activates it."),
    "retired": mark("It is built from a KPI that is retired. Have it proposed anew without it."),
    "stale": mark("The definition has changed since. Decline it, or have it proposed anew."),
    "taken": mark("There is a KPI of that key already. Choose another key."),
    "unfit": mark("It can't be used any more: what it is built from has changed. Decline it."),
    "wrong": mark(
        "Something is missing or wrong; each thing is told beside its field and in the check."
    ),
    "why": mark("Say why: whoever reads it later was not there."),
}
"""Why a draft or a proposal goes no further, by a word that an address may hold."""


def refused(word: str) -> BadInputError:
    """Return the refusal of that word."""
    return BadInputError(tr(REFUSALS[word]))


def word_of(error: BadInputError) -> str:
    """Return the word of a refusal; that something is wrong, where it has none."""
    return next((word for word, text in REFUSALS.items() if tr(text) == str(error)), "wrong")
