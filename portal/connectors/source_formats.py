"""The `format` of a table: how its file writes characters, numbers and dates."""

import codecs
import re
from collections.abc import Callable, Mapping

import yaml

from kpi_engine.crm.sources import FileFormat
from kpi_engine.errors import did_you_mean
from portal.connectors.yaml_nodes import Problems, entries, mark_of, text

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
"""Endings of the files that can be read."""

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "mac-roman",
    "cp437",
    "cp850",
    "shift_jis",
    "euc-jp",
    "gb18030",
    "big5",
    "euc-kr",
)
"""Encodings that a source file may name."""

_DIRECTIVES = frozenset("dmYybBjHMSfzpI%")
_KEYS = ("delimiter", "encoding", "decimal", "thousands", "dates", "sheet")
_TABS = {"\\t": "\t", "tab": "\t"}


def read_format(node: yaml.Node, problems: Problems) -> FileFormat:
    """Return the format that `node` writes; what is wrong is added and left to be found out."""
    found = entries(node, _KEYS, "`format`", problems)
    words: dict[str, str | None] = {}
    for key, (_, value) in found.items():
        what = f"`{key}` of `format`"
        word = _plain(value) if key in ("delimiter", "thousands") else text(value, what, problems)
        told = _CHECKS[key](word) if word is not None else None
        if told is not None:
            problems.add(mark_of(value), f"{what} {told}")
        elif word is not None:
            words[key] = _TABS.get(word, word) if key == "delimiter" else word
    if words.get("decimal") and words.get("decimal") == words.get("thousands"):
        problems.add(mark_of(node), "`decimal` and `thousands` should not be the same sign.")
    if words.get("encoding"):
        words["encoding"] = codecs.lookup(str(words["encoding"])).name
    return FileFormat(**words)


def _plain(node: yaml.Node) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _delimiter(word: str) -> str | None:
    sign = _TABS.get(word, word)
    if len(sign) == 1 and sign.isascii() and not sign.isalnum() and sign not in "\"\r\n'\0":
        return None
    return 'should be one sign, such as ",", ";", "|" or tab.'


def _encoding(word: str) -> str | None:
    try:
        known = {codecs.lookup(name).name for name in (*ENCODINGS, "utf-8-sig")}
        if codecs.lookup(word).name in known:
            return None
    except (LookupError, ValueError):
        pass  # an unknown name gets the same sentence as one that is not allowed
    hint = did_you_mean(word, ENCODINGS) or f" It may be: {', '.join(ENCODINGS)}."
    return f"is '{word}', which is not known.{hint}"


def _decimal(word: str) -> str | None:
    return None if word in {".", ","} else 'should be "." or ",".'


def _thousands(word: str) -> str | None:
    signs = ("", ",", ".", " ", "'", "\u2019", "\u00a0", "\u202f", "_")
    return None if word in signs else 'should be "", ",", ".", "\'" or a blank.'


def _dates(word: str) -> str | None:
    used = re.findall(r"%(.?)", word)
    strange = [sign for sign in used if sign not in _DIRECTIVES]
    if strange:
        return f"has '%{strange[0]}', which is not known: use %Y %m %d %b %B %y, %H %M %S."
    day = {"d", "m"} <= {sign.replace("b", "m").replace("B", "m") for sign in used}
    if not ({"Y", "y"} & set(used) and (day or "j" in used)):
        return 'should have a year, a month and a day, such as "%d/%m/%Y".'
    return None


def _sheet(word: str) -> str | None:
    return None if word.strip() else "should be a sheet's name."


_CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "delimiter": _delimiter,
    "encoding": _encoding,
    "decimal": _decimal,
    "thousands": _thousands,
    "dates": _dates,
    "sheet": _sheet,
}
