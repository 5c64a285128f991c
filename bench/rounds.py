"""Two sides measured in turn, each in its own process: ratios within one run mean something."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile
from typing import IO, Self


@dataclass(frozen=True, slots=True)
class Lap:
    """One run of a side: seconds on the wall and of the processors."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Measured:
    """All runs of a side, and the most memory that its process ever held, in bytes."""

    laps: tuple[Lap, ...]
    peak: int

    @property
    def wall(self) -> float:
        """The median of the seconds on the wall."""
        return median(lap.wall for lap in self.laps)

    @property
    def cpu(self) -> float:
        """The median of the processor seconds."""
        return median(lap.cpu for lap in self.laps)


class Runner:
    """A side in its own process, which does what lines on its input say."""

    def __init__(self, side: str, arguments: Mapping[str, str]) -> None:
        """Start `side` (a name of `bench.sides.SIDES`) and wait until it is ready."""
        command = [sys.executable, "-m", "bench", "side", side, json.dumps(dict(arguments))]
        self._process = subprocess.Popen(  # noqa: S603  (our own module, arguments are data)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._answer()

    def __enter__(self) -> Self:
        """Be closed when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def lap(self) -> Lap:
        """Run once."""
        self.begin()
        return self.end()

    def begin(self) -> None:
        """Begin a run, and do not wait for it."""
        self._say("run")

    def end(self) -> Lap:
        """Wait for the run that was begun."""
        found = self._answer()
        return Lap(found["wall"], found["cpu"])

    def figures(self) -> dict[str, float]:
        """Return the figures that the side has of its last run."""
        with NamedTemporaryFile() as file:
            self.save(Path(file.name))
            found: dict[str, float] = json.loads(Path(file.name).read_text(encoding="utf-8"))
        return found

    def save(self, path: Path) -> None:
        """Write what the last run found, as Parquet."""
        self._ask(f"save {path}")

    def peak(self) -> int:
        """Return the most memory that the process ever held, in bytes."""
        return int(self._ask("peak")["peak"])

    def _ask(self, line: str) -> dict[str, float]:
        self._say(line)
        return self._answer()

    def _say(self, line: str) -> None:
        print(line, file=_open(self._process.stdin), flush=True)

    def _answer(self) -> dict[str, float]:
        line = _open(self._process.stdout).readline()
        if not line:
            raise RuntimeError("A side of the bench ended before it had answered; see above.")
        found: dict[str, float] = json.loads(line)
        return found


def alternate(
    sides: Mapping[str, tuple[str, Mapping[str, str]]],
    rounds: int,
    *,
    warm: int = 1,
    saved: Mapping[str, Path] | None = None,
) -> dict[str, Measured]:
    """Run the sides in turn, `rounds` times after `warm` unmeasured rounds.

    Args:
        sides: For each name, which side it is and what it is told.
        rounds: How often each is measured.
        warm: How often each runs before it is measured.
        saved: Where to write what a side found last.
    """
    runners = {name: Runner(side, told) for name, (side, told) in sides.items()}
    try:
        laps = _laps(runners, rounds, warm)
        for name, path in (saved or {}).items():
            runners[name].save(path)
        return {name: Measured(tuple(laps[name]), one.peak()) for name, one in runners.items()}
    finally:
        for one in runners.values():
            one.__exit__()


def _laps(runners: Mapping[str, Runner], rounds: int, warm: int) -> dict[str, list[Lap]]:
    laps: dict[str, list[Lap]] = {name: [] for name in runners}
    for number in range(warm + rounds):
        for name in _turned(list(runners), number):
            lap = runners[name].lap()
            if number >= warm:
                laps[name].append(lap)
    return laps


def _turned(names: Sequence[str], number: int) -> Sequence[str]:
    """Whoever is first in one round is last in the next."""
    return names if number % 2 == 0 else names[::-1]


def _open(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("The side has no pipe.")
    return stream
