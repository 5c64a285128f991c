"""The value forms of a source file: how one field says where its value comes from."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from kpi_engine.crm.sources import Computed, Constant, Form, FromColumn, Mark, Phrase, Take, Taken
from portal.connectors.yaml_nodes import Problems, entries, is_null, items, mark_of, text

_Found = Mapping[str, tuple[Mark, yaml.Node]]
_WORDS = ("replace", "map", "null")
_FORMS: Mapping[str, tuple[str, ...]] = {
    "column": ("column", *_WORDS),
    "value": ("value", "null"),
    "expr": ("expr", "null"),
    "min": ("min", "where", "null"),
    "max": ("max", "where", "null"),
    "first": ("first", "where", "order", *_WORDS),
    "last": ("last", "where", "order", *_WORDS),
    "count": ("count", "where", "null"),
}


@dataclass(frozen=True, slots=True)
class _Words:
    """The parts that several forms share."""

    replace: Mapping[str, str] | None
    map: Mapping[str, str | None] | None
    null: tuple[str, ...]


def read_form(node: yaml.Node, what: str, problems: Problems) -> Form | None:
    """Return the form that `node` writes, or None after adding why it is none."""
    if isinstance(node, yaml.ScalarNode):
        column = text(node, what, problems)
        return FromColumn(column) if column is not None else None
    if not isinstance(node, yaml.MappingNode):
        problems.add(mark_of(node), f"{what} should be a column's name or one of its forms.")
        return None
    heads = [key.value for key, _ in node.value if key.value in _FORMS]
    if len(heads) != 1:
        problems.add(mark_of(node), f"{what} should have exactly one of: {', '.join(_FORMS)}.")
        return None
    found = entries(node, _FORMS[heads[0]], what, problems)
    head = text(found[heads[0]][1], f"`{heads[0]}` of {what}", problems)
    words = _words(found, what, problems)
    return None if head is None else _form(heads[0], head, found, words, problems)


def read_phrase(node: yaml.Node, what: str, problems: Problems) -> Phrase | None:
    """Return text in the filter language with its place."""
    found = text(node, what, problems)
    return Phrase(found, mark_of(node)) if found is not None else None


def read_nulls(node: yaml.Node, what: str, problems: Problems) -> tuple[str, ...]:
    """Return the words that mean nothing, from a list or a single word."""
    if isinstance(node, yaml.ScalarNode):
        return (str(node.value),)
    return tuple(
        str(part.value)
        for part in items(node, f"`null` of {what}", problems)
        if _is_word(part, f"`null` of {what}", problems)
    )


def read_words(node: yaml.Node, what: str, problems: Problems) -> dict[str, str | None]:
    """Return a mapping of words to words as they are written; an unquoted null is None."""
    return {
        word: None if is_null(value) else str(value.value)
        for word, (_, value) in entries(node, None, what, problems).items()
        if _is_word(value, what, problems)
    }


def _is_word(node: yaml.Node, what: str, problems: Problems) -> bool:
    if isinstance(node, yaml.ScalarNode):
        return True
    problems.add(mark_of(node), f"{what} should hold plain words.")
    return False


def _words(found: _Found, what: str, problems: Problems) -> _Words:
    replace = mapped = None
    if "replace" in found:
        named = f"`replace` of {what}"
        raw = read_words(found["replace"][1], named, problems)
        replace = {word: to for word, to in raw.items() if to is not None}
        if len(replace) < len(raw):
            problems.add(found["replace"][0], f"{named} should not empty a word: use `null`.")
    if "map" in found:
        mapped = read_words(found["map"][1], f"`map` of {what}", problems)
    if "replace" in found and "map" in found:
        problems.add(found["map"][0], f"{what} has both `replace` and `map`: keep one of them.")
    nulls = read_nulls(found["null"][1], what, problems) if "null" in found else ()
    return _Words(replace, mapped, nulls)


def _form(kind: str, head: str, found: _Found, words: _Words, problems: Problems) -> Form:
    node = found[kind][1]
    if kind == "column":
        return FromColumn(head, words.replace, words.map, words.null)
    if kind == "value":
        return Constant(head, words.null)
    if kind == "expr":
        return Computed(Phrase(head, mark_of(node)), words.null)
    where = read_phrase(found["where"][1], "`where`", problems) if "where" in found else None
    order = text(found["order"][1], "`order`", problems) if "order" in found else None
    return Taken(Take(kind), head, where, order, words.replace, words.map, words.null)
