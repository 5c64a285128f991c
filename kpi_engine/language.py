"""What the product says to people in the reader's language: GNU gettext, English as the key.

Every text for people is written in English in the code, inside `tr` or `trn`, or `mark` where it
stands in a table of the module and is said later. Which language is spoken belongs to who asks, so
it is a context variable: a request and a letter each set theirs. Names that a tenant gave (KPIs,
goals, teams, people, records) are data and are never translated.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import GNUTranslations
from pathlib import Path
from typing import Final, Protocol

SOURCE: Final = "en"
DOMAIN: Final = "messages"


class Words(Protocol):
    """A catalogue of messages, as `gettext` has it."""

    def gettext(self, message: str) -> str:
        """Return the message in the catalogue's language; what it lacks as it came."""

    def ngettext(self, one: str, many: str, count: int, /) -> str:
        """Return the form of the message that so many take."""

    def pgettext(self, context: str, message: str) -> str:
        """Return the message as it is said in that context."""


_TAUGHT: dict[str, Words] = {}
_SPOKEN: ContextVar[str] = ContextVar("language", default=SOURCE)


def teach(folder: Path) -> tuple[str, ...]:
    """Load the catalogues `<language>/LC_MESSAGES/messages.mo` of a folder; return their languages.

    Raises:
        OSError: if one can't be read.
    """
    found = sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    for file in found:
        with file.open("rb") as held:
            learn(file.parent.parent.name, GNUTranslations(held))
    return tuple(file.parent.parent.name for file in found)


def learn(language: str, words: Words) -> None:
    """Take a catalogue for a language, in the place of the one that was there."""
    _TAUGHT[language] = words


def languages() -> tuple[str, ...]:
    """Return the languages that are spoken, the source's first."""
    return (SOURCE, *sorted(_TAUGHT))


def spoken() -> str:
    """Return the language that is spoken now, as an ISO 639 code."""
    return _SPOKEN.get()


def known(locale: str) -> str:
    """Return the language of a locale ('de' of 'de_CH'); the source's where it is not spoken."""
    language = locale.replace("-", "_").partition("_")[0].lower()
    return language if language in _TAUGHT else SOURCE


def speak(locale: str) -> None:
    """Speak the language of a locale from now on, in this context."""
    _SPOKEN.set(known(locale))


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak the language of a locale until the end of the `with`."""
    before = _SPOKEN.set(known(locale))
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def tr(message: str, /, **values: object) -> str:
    """Return a message in the spoken language, with `values` in the places of their names.

    `message` is a literal with `{name}` in the place of what changes, never an f-string: the
    translation is found by the literal. Without values nothing is replaced, so braces may stand.
    """
    words = _TAUGHT.get(_SPOKEN.get())
    text = words.gettext(message) if words and message else message
    return _filled(text, values) if values else text


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a message that `count` takes; `{count}` stands for it unless it is given.

    A figure that is written for people goes in as `count=formats.number(n)`.
    """
    words = _TAUGHT.get(_SPOKEN.get())
    text = words.ngettext(one, many, count) if words else (one if count == 1 else many)
    return _filled(text, {"count": count, **values})


def trc(context: str, message: str, /, **values: object) -> str:
    """Return a message whose English word means several things, as said in one context."""
    words = _TAUGHT.get(_SPOKEN.get())
    text = words.pgettext(context, message) if words else message
    return _filled(text, values) if values else text


def mark(message: str, /) -> str:
    """Return the message as it is: it is said later, by `tr`, from where it stands."""
    return message


def _filled(text: str, values: Mapping[str, object]) -> str:
    """Put the values in their places; the stop of an abbreviation ends its sentence too."""
    for name, value in values.items():
        place = f"{{{name}}}."
        if place in text and str(value).endswith("."):
            text = text.replace(place, place[:-1])
    return text.format_map(values)
