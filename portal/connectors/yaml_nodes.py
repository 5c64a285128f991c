"""YAML as nodes that know their line: read with limits, every problem kept with its place.

Only plain data is read: no tags, no merge keys. Words keep the letters in which they are written,
so that a stage called `Yes` or `1.10` stays what it is.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from kpi_engine.crm.sources import Mark
from kpi_engine.errors import BadFileError, did_you_mean

_MOST_BYTES = 1_000_000
_MOST_DEPTH = 20
_MOST_NODES = 20_000
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class BadSourceError(BadFileError):
    """A source file cannot be used; `problems` has every reason, one a line of the text."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Problems:
    """The problems found so far in one file, in reading order."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[tuple[int, int, str]] = []

    def add(self, mark: Mark, text: str) -> None:
        """Keep a problem at its place."""
        self._found.append((mark.line, mark.column, text))

    def texts(self) -> tuple[str, ...]:
        """Return every problem once as `file, line L, column C: sentence`, from the top down."""
        ordered = sorted(dict.fromkeys(self._found), key=lambda problem: problem[:2])
        return tuple(
            f"{self._name}, line {line}, column {column}: {text}" for line, column, text in ordered
        )

    def stop_if_any(self) -> None:
        """Raise all of them at once.

        Raises:
            BadSourceError: if there is a problem.
        """
        if self._found:
            raise BadSourceError(self.texts())


def mark_of(node: yaml.Node) -> Mark:
    """Return where `node` begins."""
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)


def read_nodes(path: Path, name: str) -> yaml.Node:
    """Return the file's one document.

    Raises:
        BadSourceError: if it is not readable YAML, or too large, too deep or too much repeated.
    """
    text = _text_of(path, name)
    try:
        _check_depth(text, name)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            raise BadSourceError([f"{name} is empty: it should say `source:` and `tables:`."])
        _expanded_size(node, name, {})
    except yaml.MarkedYAMLError as error:
        raise BadSourceError([_yaml_sentence(name, error)]) from error
    except yaml.YAMLError as error:
        raise BadSourceError(
            [f"{name} has a character that YAML does not allow: {_first_line(error)}."]
        ) from error
    return node


def entries(
    node: yaml.Node, known: Iterable[str] | None, what: str, problems: Problems
) -> dict[str, tuple[Mark, yaml.Node]]:
    """Return a mapping's values by key, with the place of each key.

    Unknown keys (when `known` is given) and keys written twice are problems; so is a node that is
    no mapping, which gives nothing.
    """
    if not isinstance(node, yaml.MappingNode):
        problems.add(mark_of(node), f"{what} should be a mapping of names to values.")
        return {}
    allowed = None if known is None else tuple(known)
    found: dict[str, tuple[Mark, yaml.Node]] = {}
    for key, value in node.value:
        mark = mark_of(key)
        if not isinstance(key, yaml.ScalarNode):
            problems.add(mark, f"A name in {what} should be plain text.")
            continue
        word = str(key.value)
        if word in found:
            problems.add(mark, f"'{word}' stands twice in {what}: keep one of them.")
        elif allowed is not None and word not in allowed:
            hint = did_you_mean(word, allowed) or f" It may have: {', '.join(allowed)}."
            problems.add(mark, f"{what} has no '{word}'.{hint}")
        else:
            found[word] = (mark, value)
    return found


def items(node: yaml.Node, what: str, problems: Problems) -> Iterator[yaml.Node]:
    """Yield a list's nodes; a node that is no list is a problem and gives nothing."""
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    else:
        problems.add(mark_of(node), f"{what} should be a list.")


def text(node: yaml.Node, what: str, problems: Problems) -> str | None:
    """Return a scalar as it is written; anything else, or nothing, is a problem and None."""
    if isinstance(node, yaml.ScalarNode) and not is_null(node):
        return str(node.value)
    problems.add(mark_of(node), f"{what} should be text.")
    return None


def is_null(node: yaml.Node) -> bool:
    """Return whether `node` is an unquoted nothing."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in _NULLS


def number(node: yaml.Node, what: str, problems: Problems) -> float | None:
    """Return a scalar as a finite number; anything else is a problem and None."""
    word = node.value if isinstance(node, yaml.ScalarNode) else ""
    try:
        found = float(word)
    except ValueError:
        found = float("nan")
    if abs(found) < float("inf"):
        return found
    problems.add(mark_of(node), f"{what} should be a number.")
    return None


def _text_of(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except IsADirectoryError as error:
        raise BadSourceError([f"{name} is a folder: name the source file in it."]) from error
    except (OSError, ValueError) as error:
        raise BadSourceError([f"The source file {name} cannot be opened: {error}."]) from error
    if len(raw) > _MOST_BYTES:
        raise BadSourceError([f"{name} is over 1 MB: that is no source file."])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadSourceError([f"{name}, line {line}: save the source file as UTF-8."]) from error


def _check_depth(text: str, name: str) -> None:
    """Walk the events, which does not recurse, before anything that does."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MOST_DEPTH or count > _MOST_NODES:
            line = event.start_mark.line + 1 if event.start_mark else 1
            much = "deeper" if depth > _MOST_DEPTH else "longer"
            raise BadSourceError([f"{name}, line {line}: it goes {much} than a source file may."])


def _expanded_size(node: yaml.Node, name: str, seen: dict[int, int]) -> int:
    """Return how many nodes there are once each alias is written out."""
    if id(node) in seen:
        size = seen[id(node)]
        if not size:
            raise BadSourceError([f"{name}, line {mark_of(node).line}: an anchor holds itself."])
        return size
    seen[id(node)] = 0
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        inner = [part for pair in node.value for part in pair]
    elif isinstance(node, yaml.SequenceNode):
        inner = node.value
    size = 1 + sum(_expanded_size(part, name, seen) for part in inner)
    if size > _MOST_NODES:
        raise BadSourceError(
            [f"{name}, line {mark_of(node).line}: its aliases repeat too much when written out."]
        )
    seen[id(node)] = size
    return size


def _yaml_sentence(name: str, error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return f"{name}{place}: this is not YAML ({error.problem or error.context})."


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
