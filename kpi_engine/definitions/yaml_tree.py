"""YAML to a plain tree that remembers its lines, with nothing in it that could surprise.

No aliases (which can blow a small file up), no tags (which can make objects), no key twice. Plain
words are read as YAML 1.2 does: `on` and `no` are words, not truths.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,15}", re.ASCII)
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,15}\.[0-9]{0,15}|\.[0-9]{1,15})(?:e[-+]?[0-9]{1,2})?", re.ASCII
)

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value. `first` is the line on which its text begins, under a `|` the next one."""

    value: Scalar
    line: int
    first: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping, with the line of each key."""

    line: int
    fields: dict[str, "Node"] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    line: int
    nodes: list["Node"] = field(default_factory=list)


Node = Leaf | Branch | Items
Fault = tuple[int, str]
"""A line and a sentence."""


def read_tree(text: str) -> tuple[Node | None, list[Fault]]:
    """Return the tree of one YAML document and what is wrong with it.

    The tree is None when the text cannot be read at all; a key that comes twice is a fault, and
    its first value stays.
    """
    faults: list[Fault] = []
    try:
        if len(text.encode()) > MAX_BYTES:
            return None, [(1, f"The file is larger than {MAX_BYTES // 1_000_000} MB.")]
        return _Builder(faults).document(yaml.parse(text, Loader=_LOADER)), faults
    except UnicodeEncodeError:
        return None, [(1, "The file holds characters that are not Unicode text.")]
    except _Refusal as refusal:
        return None, [*faults, refusal.fault]
    except yaml.YAMLError as error:
        return None, [*faults, _syntax(error)]


class _Refusal(Exception):  # noqa: N818  it never leaves this file
    """Stops the reading at something that may not be there."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = (line, sentence)


def _syntax(error: yaml.YAMLError) -> Fault:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "it is not YAML"
        if "cannot start any token" in problem:
            problem = "a tab or a sign such as @ stands where a word begins"
        return (mark.line + 1 if mark else 1, f"The file cannot be read as YAML: {problem}.")
    return (1, "The file holds a character that YAML does not allow.")


class _Builder:
    """Builds the tree from the parser's events, one at a time."""

    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        """Return the tree of the only document, or None of an empty text."""
        found: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refusal(_line(event), "A file is one YAML document; take out the '---'.")
            elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.AliasEvent)):
                found = self._node(event, events, 1)
        return found

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refusal(
                line, "YAML anchors and aliases (& and *) are not used here; write it out."
            )
        if getattr(event, "tag", None):
            raise _Refusal(line, "YAML tags (!) are not used here.")
        if depth > MAX_DEPTH:
            raise _Refusal(line, f"The file nests deeper than {MAX_DEPTH} levels.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._branch(events, Branch(line), depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(events, Items(line), depth)
        return _leaf(event, line)

    def _branch(self, events: Iterator[yaml.Event], branch: Branch, depth: int) -> Branch:
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events, depth + 1)
            if not isinstance(key, Leaf) or not isinstance(key.value, str):
                raise _Refusal(key.line, "A key of a mapping is a word.")
            value = self._node(next(events), events, depth + 1)
            if key.value in branch.fields:
                first = branch.lines[key.value]
                self._faults.append((key.line, f"'{key.value}' is here twice; see line {first}."))
                continue
            branch.fields[key.value] = value
            branch.lines[key.value] = key.line
        return branch

    def _items(self, events: Iterator[yaml.Event], items: Items, depth: int) -> Items:
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.nodes.append(self._node(event, events, depth + 1))
        return items


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _leaf(event: yaml.Event, line: int) -> Leaf:
    text, style = str(getattr(event, "value", "")), getattr(event, "style", None)
    first = line + 1 if style in ("|", ">") else line
    return Leaf(text if style else _plain(text), line, first)


def _plain(text: str) -> Scalar:
    """Return what a word without quotes means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text.lower()) else text


def as_plain(node: Node) -> object:
    """Return the tree as dicts, lists and scalars."""
    match node:
        case Branch():
            return {name: as_plain(each) for name, each in node.fields.items()}
        case Items():
            return [as_plain(each) for each in node.nodes]
        case Leaf():
            return node.value
