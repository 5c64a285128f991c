"""Pages under docs/: their text, and the examples in them by what the fence says they are."""

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_FENCE = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block: `yaml source` has the language `yaml` and the name `source`."""

    language: str
    name: str
    text: str


def page(name: str) -> str:
    """Return the text of a page."""
    return (DOCS / name).read_text(encoding="utf-8")


def examples(name: str, language: str) -> list[Example]:
    """Return the examples of a page in one language, in order."""
    found = []
    for match in _FENCE.finditer(page(name)):
        first, _, rest = match["info"].strip().partition(" ")
        if first == language:
            found.append(Example(first, rest, match["text"]))
    return found


def words_in_code(name: str) -> set[str]:
    """Return every text that a page sets as code."""
    return set(re.findall(r"`([^`\n]+)`", page(name)))


def table_rows(name: str, heading: str) -> list[list[str]]:
    """Return the cells of the tables under a heading, without the heads."""
    section = page(name).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line, before in zip(lines, ["", *lines], strict=False)
        if not set(line) <= set("|- ") and before and not _is_head(line, lines)
    ]


def _is_head(line: str, lines: list[str]) -> bool:
    at = lines.index(line)
    return at + 1 < len(lines) and set(lines[at + 1]) <= set("|- ")
