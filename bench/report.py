"""docs/benchmarks.md: a section a bench, each replaced when its bench runs again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_HEAD = """# Benchmarks

Written by `python -m bench run` (`make bench`). Ratios compare two sides of one run, each in a
process of its own, measured in turn; a figure is the median of its runs. The tenants are made by
`bench/generate.py`, the same from the same seed.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `met` is None where nothing was asked of it."""

    figure: str
    measured: str
    target: str = "reported"
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """What one bench has to say."""

    title: str
    text: str
    lines: tuple[Line, ...]

    def markdown(self, when: str, machine: str) -> str:
        """Return the section; `when` is the day or the commit that was measured."""
        rows = "\n".join(_row(line) for line in self.lines)
        return (
            f"## {self.title}\n\n{self.text}\n\nMeasured: {when}, on {machine}.\n\n"
            f"| figure | target | measured | met |\n|---|---|---|---|\n{rows}\n"
        )


def write(path: Path, sections: Sequence[Section], when: str, machine: str) -> None:
    """Put sections into the document, each in place of the one of its title."""
    kept = _sections(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept |= {section.title: section.markdown(when, machine) for section in sections}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([_HEAD, *kept.values()]), encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """Return the sections of a document by title, each with its heading."""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0].removeprefix("## "): part.rstrip("\n") + "\n" for part in parts}


def _row(line: Line) -> str:
    met = "" if line.met is None else "yes" if line.met else "no"
    return f"| {line.figure} | {line.target} | {line.measured} | {met} |"
