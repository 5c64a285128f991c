"""The questions of the bench, and answers as flat tables that can be compared."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.scale import LARGE
from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.engine.answer import Answer, Block
from kpi_engine.engine.cells import PRESENT
from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension, Question, Split

MONTHS = 36
OWNER: Split = (Dimension.OWNER,)
TEAM: Split = (Dimension.TEAM,)
WHOLE: Split = ()
LEVELS: dict[Split, str] = {OWNER: "owner", TEAM: "team", WHOLE: "tenant"}
ONE = KpiKey("win_rate")


def catalogue_question(catalogue: Catalogue) -> Question:
    """Every KPI by month over the three years, for reps, teams and tenant."""
    return Question(
        tuple(catalogue),
        (Grain.MONTH,),
        LARGE.start,
        LARGE.end,
        LARGE.end,
        splits=tuple(LEVELS),
        lenient=True,
    )


def open_periods_question(catalogue: Catalogue, today: date) -> Question:
    """Every KPI in the week, month and quarter that are under way."""
    return Question(
        tuple(catalogue),
        (Grain.WEEK, Grain.MONTH, Grain.QUARTER),
        today,
        date.fromordinal(today.toordinal() + 1),
        today,
        splits=tuple(LEVELS),
        lenient=True,
    )


def one_question(key: KpiKey = ONE) -> Question:
    """One KPI by month over the three years."""
    return Question((key,), (Grain.MONTH,), LARGE.start, LARGE.end, LARGE.end)


def write_answer(answer: Answer, path: Path) -> None:
    """Write the numbers of an answer as `bench/sql` tells them: kpi, m, level, id, value, ….

    Absent numbers are left out; `m` is the number of the period.
    """
    tables = [table for block in answer.blocks for table in _tables(block)]
    pq.write_table(pa.concat_tables(tables), path)


def _tables(block: Block) -> Iterable[pa.Table]:
    cells = block.cells
    groups, periods = np.nonzero(cells.reason == PRESENT)
    if not len(groups):
        return
    ids = pa.array([keys[0] if keys else None for keys in block.groups], pa.string())
    nothing = np.full(cells.value.shape, np.nan)
    columns = {
        "kpi": pa.repeat(pa.scalar(str(block.kpi)), len(groups)),
        "m": pa.array(periods, pa.int16()),
        "level": pa.repeat(pa.scalar(LEVELS[block.split]), len(groups)),
        "id": ids.take(pa.array(groups)),
    }
    told = {
        "value": cells.value,
        "part_over": nothing if cells.over is None else cells.over,
        "part_under": nothing if cells.under is None else cells.under,
        "n": cells.n,
    }
    for name, grid in told.items():
        columns[name] = pa.array(grid[groups, periods], pa.float64(), from_pandas=True)
    yield pa.table(columns)
