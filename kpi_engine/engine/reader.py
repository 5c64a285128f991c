"""Reads grids for one grain and split, and knows why there is nothing where there is nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from kpi_engine.compiler.jobs import Leaf
from kpi_engine.compiler.scene import Scene
from kpi_engine.definitions.kinds import FirstTouch
from kpi_engine.engine.cells import Cells, Notes
from kpi_engine.engine.frames import Frames
from kpi_engine.engine.reads import Grid
from kpi_engine.periods import Grain
from kpi_engine.questions import Split
from kpi_engine.reading import Absence

Probe = Callable[[Leaf], Absence | None]
"""Says why nothing at all was found for a leaf: never loaded, no date; None: just no rows."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What was read for a question, at one grain and split."""

    frames: Frames
    notes: Notes
    probe: Probe
    grain: Grain
    split: Split
    loaded: Callable[[str], bool]
    """Says whether any record of an entity was ever loaded."""

    @property
    def scene(self) -> Scene:
        """What the statements of the question shared."""
        return self.frames.scene

    @property
    def shape(self) -> tuple[int, int]:
        """Groups by periods."""
        return len(self.frames.groups(self.split)), len(self.scene.asked[self.grain])

    @property
    def no_rows(self) -> int:
        """The code of a measure without rows."""
        return self.notes.code(Absence.NO_ROWS)

    @property
    def zero(self) -> int:
        """The code of a quotient by nothing."""
        return self.notes.code(Absence.ZERO_DENOMINATOR)

    def grid(self, leaf: Leaf, role: str) -> Grid:
        """Return a column of a leaf, groups by periods."""
        return self.frames.grid(leaf, role, self.grain, self.split)

    def explained(self, leaf: Leaf, cells: Cells) -> Cells:
        """Return the cells; where a leaf found nothing at all, with the reason for the whole."""
        if cells.seen is not None and cells.seen.any():
            return cells
        why = self.probe(leaf)
        return cells if why is None else self.blank(leaf, why)

    def blank(self, leaf: Leaf, why: Absence) -> Cells:
        """Return cells that are all absent for one reason, told of the leaf's records."""
        what, measure = told_of(leaf), leaf.measure
        if why is Absence.NOT_LOADED and isinstance(measure, FirstTouch) and self.loaded(what):
            # What waits is there: what should have touched it was never loaded.
            what = measure.first
        return Cells.absent(self.shape, self.notes.code(why, what))


def told_of(leaf: Leaf) -> str:
    """Return the name of the records that a leaf stands on."""
    measure = leaf.measure
    if isinstance(measure, FirstTouch):
        return measure.of
    return str(getattr(measure, "entity", "subscription"))
