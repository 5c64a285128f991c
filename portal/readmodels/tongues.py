"""Languages: the words of units, and how Babel writes days and money in them."""

from datetime import date
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

NBSP: Final = "\N{NO-BREAK SPACE}"
_WORDS: Final = {
    "en": {
        "days": ("day", "days"), "hours": ("h", "h"), "minutes": ("min", "min"), "pp": ("", "pp"),
        "a_day": ("", " a day"), "quarter": ("", "Q"), "week": ("", "Week"),
    },
    "de": {
        "days": ("Tag", "Tage"), "hours": ("Std.", "Std."), "minutes": ("Min.", "Min."),
        "pp": ("", "PP"), "a_day": ("", " je Tag"), "quarter": ("", "Q"), "week": ("", "KW"),
    },
    "sv": {
        "days": ("dag", "dagar"), "hours": ("tim", "tim"), "minutes": ("min", "min"),
        "pp": ("", "pe"), "a_day": ("", " per dag"), "quarter": ("", "kv"), "week": ("", "vecka"),
    },
}  # fmt: skip
"""A word for one and for more than one."""


def word(language: str, name: str, *, one: bool = False) -> str:
    """Return a word of a unit; a language that has none here takes the English one."""
    return _WORDS.get(language, _WORDS["en"])[name][0 if one else 1]


def language(locale: str) -> str:
    """Return the language of a locale: 'en' of 'en-GB'."""
    return str(locale_of(locale).language)


@lru_cache(maxsize=64)
def locale_of(name: str) -> Locale:
    """Return a locale by its name; an unknown one reads English."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


@lru_cache(maxsize=4096)
def written_figure(amount: float, decimals: int, locale: str) -> str:
    """Return a number with so many places; pages write the same few thousand again and again."""
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return str(format_decimal(amount, pattern, locale=locale_of(locale)))


@lru_cache(maxsize=256)
def money_pattern(locale: str, decimals: int) -> str:
    """Return the pattern of money in a language with so many places."""
    pattern: str = locale_of(locale).currency_formats["standard"].pattern
    head, _, tail = pattern.partition("0.00")
    fraction = f".{'0' * decimals}" if decimals else ""
    return f"{head}0{fraction}{tail}"


def written(day: date, pattern: str, locale: str) -> str:
    """Return a day by a pattern, held together by no-break spaces."""
    return str(format_date(day, pattern, locale=locale_of(locale))).replace(" ", NBSP)
