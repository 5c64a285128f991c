"""The rows that the statements returned, as grids of groups by periods.

Grids are float64; a sum without rows is 0, a least or greatest without rows is NaN.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kpi_engine.compiler.jobs import Fold, Job, Leaf, Timeline
from kpi_engine.compiler.plan import follows
from kpi_engine.compiler.scene import Scene
from kpi_engine.engine.reads import NO_PERIOD, Codes, Grid, Group, Read, reads_of
from kpi_engine.engines.runner import Columns
from kpi_engine.periods import Grain, Period
from kpi_engine.questions import Dimension, Split

TeamOf = Callable[[str | None], str | None]
"""The team's key of an owner's key."""


@dataclass(slots=True)
class Frames:
    """Everything that was read for one question."""

    scene: Scene
    team_of: TeamOf
    reads: dict[Leaf, list[tuple[Read, Mapping[str, tuple[str, Fold]]]]]
    _groups: dict[Split, dict[Group, int]]
    _coded: dict[tuple[int, Split], Codes]
    _numbers: dict[tuple[Split, Split], dict[Group, int]]
    """For the groups of the first split: the numbers of those of the second that hold them."""

    def __init__(self, scene: Scene, team_of: TeamOf) -> None:
        self.scene = scene
        self.team_of = team_of
        self.reads = {}
        self._groups = {}
        self._coded = {}
        self._numbers = {}

    def add(self, job: Job, table: Columns) -> None:
        """Take in what a job returned."""
        reads = reads_of(job, table)
        for leaf, cells in job.cells.items():
            self.reads.setdefault(leaf, []).extend((read, cells) for read in reads)

    def groups(self, split: Split) -> dict[Group, int]:
        """Return the groups of a split that any measure has rows for, numbered in order."""
        if split not in self._groups:
            found: set[Group] = {()} if not split else set()
            for base, groups in self._read_groups().items():
                if split and follows(split, base):
                    found.update(self._folded(group, base, split) for group in groups)
            ordered = sorted(
                found, key=lambda keys: tuple((key is None, key or "") for key in keys)
            )
            self._groups[split] = {group: number for number, group in enumerate(ordered)}
        return self._groups[split]

    def _read_groups(self) -> dict[Split, set[Group]]:
        """Return every group that was read, by the split that it was read at."""
        reads = {id(read): read for told in self.reads.values() for read, _ in told}
        found: dict[Split, set[Group]] = {}
        for read in reads.values():
            found.setdefault(read.slice.split, set()).update(read.groups)
        return found

    def has(self, leaf: Leaf) -> bool:
        """Whether anything was asked of the facts for the leaf."""
        return leaf in self.reads

    def grid(self, leaf: Leaf, role: str, grain: Grain, split: Split) -> Grid:
        """Return a column of a leaf, groups by periods of the grain."""
        periods = self.scene.asked[grain]
        return self._dense(leaf, role, grain, split, periods)

    def over(self, leaf: Leaf, role: str, line: Timeline, split: Split) -> Grid:
        """Return a column of a leaf that was read over a line of its own."""
        return self._dense(leaf, role, line.grain, split, line.periods)

    def standing(
        self, leaf: Leaf, role: str, split: Split, *, left: bool = True
    ) -> tuple[Grid, Timeline]:
        """Return what stood at the end of each period of the line read; column 0 is before it.

        With `left` False, what had come by then, whether it still stood or not.
        """
        read, cells = self._find(leaf, None, split)
        column, _ = cells[role]
        width = len(read.slice.line.periods) + 1
        codes = self._codes(read, split)
        size = len(self.groups(split)) * width
        values = read.filled(column)
        came = _added(codes * width + read.period + 1, values, size)
        stays = (read.until == NO_PERIOD) | (not left)
        gone = _added((codes * width + read.until + 1)[~stays], values[~stays], size)
        moved = (came - gone).reshape(-1, width)
        return np.cumsum(moved, axis=1), read.slice.line

    def opening(self, leaf: Leaf, role: str, split: Split, grain: Grain) -> Grid:
        """Return the column total, by group, of the rows of period -1: what stood before."""
        read, cells = self._find(leaf, grain, split)
        before = read.period == -1
        values = read.filled(cells[role][0])[before]
        codes = self._codes(read, split)[before]
        return _added(codes, values, len(self.groups(split))).reshape(-1, 1)

    def undated(self, leaf: Leaf, role: str) -> float:
        """Return the total of a column over the rows that are in no period."""
        read, cells = self.reads[leaf][0]
        return read.undated.get(cells[role][0], 0.0)

    def _dense(
        self, leaf: Leaf, role: str, grain: Grain, split: Split, periods: Sequence[Period]
    ) -> Grid:
        read, cells = self._find(leaf, grain, split)
        column, fold = cells[role]
        place = _places(read.slice.line, periods)[read.period]
        inside = place >= 0
        codes = (self._codes(read, split) * len(periods) + place)[inside]
        shape = (len(self.groups(split)), len(periods))
        if fold in {Fold.MIN, Fold.MAX}:
            values = read.columns[column][inside]
            return _extremes(codes, values, shape, greatest=fold is Fold.MAX)
        if fold is Fold.NONE:
            found = np.full(shape[0] * shape[1], np.nan)
            found[codes] = read.columns[column][inside]
            return found.reshape(shape)
        return _added(codes, read.filled(column)[inside], shape[0] * shape[1]).reshape(shape)

    def _find(
        self, leaf: Leaf, grain: Grain | None, split: Split
    ) -> tuple[Read, Mapping[str, tuple[str, Fold]]]:
        """Return the read that answers: the exact one, else one that it follows from."""
        reads = self.reads[leaf]
        for read, cells in reads:
            if read.slice.split == split and grain in {None, read.slice.grain}:
                return read, cells
        fits = [one for one in reads if follows(split, one[0].slice.split)]
        same = [one for one in fits if one[0].slice.grain == grain]
        return (same or fits)[0]

    def _codes(self, read: Read, split: Split) -> Codes:
        """Return the number of each row's group in a split; worked out once a read."""
        if not split:
            return np.zeros(len(read.period), np.int64)
        known = (id(read), split)
        if known not in self._coded:
            numbers = self._numbered(read.slice.split, split)
            to = [numbers[group] for group in read.groups]
            self._coded[known] = np.array(to, np.int64)[read.group] if to else read.group
        return self._coded[known]

    def _numbered(self, base: Split, split: Split) -> Mapping[Group, int]:
        """Return, for each group of a split that was read, the number of the one that holds it."""
        numbers = self.groups(split)
        if base == split:
            return numbers
        if (base, split) not in self._numbers:
            groups = self._read_groups()[base]
            told = {group: numbers[self._folded(group, base, split)] for group in groups}
            self._numbers[base, split] = told
        return self._numbers[base, split]

    def _folded(self, group: Group, base: Split, split: Split) -> Group:
        """Return the group of a split that holds a group of a finer one."""
        if base == split:
            return group
        keys = dict(zip(base, group, strict=True))
        return tuple(
            keys[name] if name in keys else self.team_of(keys[Dimension.OWNER]) for name in split
        )


def fold_groups(grid: Grid, to: Sequence[int], count: int) -> Grid:
    """Add up the rows of a grid by the group that each belongs to."""
    found = np.zeros((count, grid.shape[1]))
    np.add.at(found, np.array(to, np.int64), grid)
    return found


def _places(line: Timeline, periods: Sequence[Period]) -> Codes:
    """Return, for each period of the line, the number of the asked period that holds it, or -1."""
    if periods is line.periods:
        found = np.arange(len(periods) + 1)
        found[-1] = -1
        return found
    starts = [period.start for period in periods]
    found = np.full(len(line.periods) + 1, -1, np.int64)
    place = 0
    for number, period in enumerate(line.periods):
        while place + 1 < len(periods) and starts[place + 1] <= period.start:
            place += 1
        if periods[place].start <= period.start < periods[place].end:
            found[number] = place
    # Period -1, before the line, is read as the last entry: it is in no asked period.
    return found


def _extremes(codes: Codes, values: Grid, shape: tuple[int, int], *, greatest: bool) -> Grid:
    size = shape[0] * shape[1]
    found = np.full(size, -np.inf if greatest else np.inf)
    some = ~np.isnan(values)
    (np.maximum if greatest else np.minimum).at(found, codes[some], values[some])
    found[np.isinf(found)] = np.nan
    return found.reshape(shape)


def _added(codes: Codes, values: Grid, size: int) -> Grid:
    """Return the sums of values by code; 0 where there are none."""
    return np.bincount(codes, values, size).astype(np.float64)
