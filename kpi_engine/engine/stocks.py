"""What stood at moments, what accounts kept and lost between them, and how healthy they were."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from kpi_engine.compiler.clocks import window_start
from kpi_engine.compiler.jobs import Leaf, Window
from kpi_engine.definitions.kinds import Balance, Health, Stock
from kpi_engine.definitions.takes import At, BalanceTake, HealthTake, Take
from kpi_engine.engine.cells import Cells, divide
from kpi_engine.engine.reader import Reader
from kpi_engine.engine.reads import Grid
from kpi_engine.engine.rows import CENTS

_AT_END = {BalanceTake.END, BalanceTake.ACCOUNTS_END}
_CHANGES = ("moved", "lost", "gained", "came", "gone", "rose", "opens")


def stock(reader: Reader, measure: Stock) -> Cells:
    """Return what stood open; without a split, `undated` tells what is in no period."""
    leaf = Leaf(measure)
    if measure.take not in {Take.COUNT, Take.SUM, Take.MEAN}:
        return _aggregate_stock(reader, leaf)
    n = _at(reader, leaf, "n", measure.at)
    rows = _at(reader, leaf, "all", measure.at) if measure.value is not None else n
    value = n
    if measure.take is not Take.COUNT:
        value = np.round(_at(reader, leaf, "value", measure.at), CENTS + 2)
    if measure.take is Take.MEAN:
        value = divide(value, n)
    role = "n" if measure.value is None else "all"
    came = _at(reader, leaf, role, measure.at, left=False)
    if measure.at is At.MEAN:
        rows = np.ceil(np.round(rows, 9))
    # Nothing stands of what came before: that is 0, not unknown. A mean of nothing is none.
    gone = (np.round(rows, 9) == 0) & (came > 0) & (measure.take is not Take.MEAN)
    cells = Cells.made(
        value, np.where(np.round(n, 9) > 0, rows, 0), missing=reader.no_rows, empty=True
    )
    cells = cells.emptied(gone)
    beside: dict[str, Grid] = {}
    if measure.value is not None:
        # Standing records without the value (no amount, no probability) would be missed silently.
        beside["unvalued"] = np.round(rows - n, 9)
    if not reader.split:
        undated = reader.frames.undated(leaf, role)
        beside["undated"] = np.full(reader.shape, undated)
    return reader.explained(leaf, replace(cells, beside=beside))


def balance(reader: Reader, leaf: Leaf, measure: Balance) -> Cells:
    """Return a take of a balance; a trailing one is the sum over its calendar months."""
    if leaf.window.plain:
        before, grids = _changes(reader, leaf, _CHANGES, None)
    else:
        before, grids = _changes(reader, leaf, _CHANGES, leaf.window)
    value, n = _balance_take(measure.take, before, grids)
    if not leaf.window.plain:
        value, n = _rolled(reader, leaf.window, value), _rolled(reader, leaf.window, n)
    cells = Cells.made(np.round(value, CENTS), n, missing=reader.no_rows, empty=True)
    if measure.take in _AT_END and leaf.window.plain:
        # Every account has left: that is 0, not unknown.
        cells = cells.emptied((n == 0) & _ever(reader, leaf, grids))
    return reader.explained(leaf, cells)


def health(reader: Reader, leaf: Leaf, measure: Health) -> Cells:
    """Return the mean score of the customers, or the revenue at risk; `coverage` beside it."""
    n, customers = _ending(reader, leaf, "n"), _ending(reader, leaf, "customers")
    total = sum(component.weight for component in measure.components)
    beside = {"coverage": divide(_ending(reader, leaf, "weight"), customers * total)}
    if measure.take is HealthTake.MEAN:
        value = divide(_ending(reader, leaf, "value"), n)
        cells = Cells.made(value, n, missing=reader.no_rows)
    else:
        value = np.round(_ending(reader, leaf, "risk"), CENTS)
        cells = Cells.made(value, n, missing=reader.no_rows, empty=True)
    return reader.explained(leaf, replace(cells, beside=beside))


def _ending(reader: Reader, leaf: Leaf, role: str) -> Grid:
    """Return what was read at the moment that each period ends, or at the end of today."""
    line = reader.scene.moments
    places = {moment.end: number for number, moment in enumerate(line.periods)}
    grid = reader.frames.over(leaf, role, line, reader.split)
    tomorrow = reader.scene.today + timedelta(days=1)
    periods = reader.scene.asked[reader.grain]
    return grid[:, [places[min(period.end, tomorrow)] for period in periods]]


def slipped(reader: Reader, leaf: Leaf) -> Cells:
    """Return how many open records were moved out of each period."""
    n = reader.grid(leaf, "n")
    return reader.explained(leaf, Cells.made(n, n, missing=reader.no_rows, empty=True))


def _aggregate_stock(reader: Reader, leaf: Leaf) -> Cells:
    n, value = reader.grid(leaf, "n"), reader.grid(leaf, "value")
    return reader.explained(leaf, Cells.made(value, n, missing=reader.no_rows))


def _at(reader: Reader, leaf: Leaf, role: str, at: At, *, left: bool = True) -> Grid:
    """Return what stood at each period's start or end, or the mean of its days' ends."""
    grid, line = reader.frames.standing(leaf, role, reader.split, left=left)
    ends = [period.end for period in line.periods]
    found = np.zeros(reader.shape)
    for number, period in enumerate(reader.scene.asked[reader.grain]):
        first = int(
            np.searchsorted(np.array(ends, "datetime64[D]"), np.datetime64(period.start), "right")
        )
        last = int(
            np.searchsorted(np.array(ends, "datetime64[D]"), np.datetime64(period.end), "right")
        )
        if at is At.START:
            found[:, number] = grid[:, first]
        elif at is At.END:
            found[:, number] = grid[:, last]
        else:
            until = max(first + 1, min(last, first + _elapsed(reader, number)))
            found[:, number] = grid[:, first + 1 : until + 1].mean(axis=1)
    return found


def _elapsed(reader: Reader, number: int) -> int:
    period = reader.scene.asked[reader.grain][number]
    return (min(period.end, reader.scene.today + timedelta(days=1)) - period.start).days


def _changes(
    reader: Reader, leaf: Leaf, roles: Sequence[str], window: Window | None
) -> tuple[dict[str, Grid], dict[str, Grid]]:
    """Return what stood at the start of each period (money, accounts), and what changed."""
    if window is None:
        grids = {role: reader.grid(leaf, role) for role in roles}
        opening = {role: _opening(reader, leaf, role) for role in ("moved", "came", "gone")}
    else:
        line = reader.scene.rolled(window)
        grids = {role: reader.frames.over(leaf, role, line, reader.split) for role in roles}
        opening = {role: _opening(reader, leaf, role) for role in ("moved", "came", "gone")}
    money = _before(grids["moved"], opening["moved"])
    accounts = _before(grids["came"] - grids["gone"], opening["came"] - opening["gone"])
    return {"money": money, "accounts": accounts}, grids


def _ever(reader: Reader, leaf: Leaf, grids: Mapping[str, Grid]) -> npt.NDArray[np.bool_]:
    """Say by the end of which periods any record had been opened at all."""
    return np.asarray(_opening(reader, leaf, "opens") + np.cumsum(grids["opens"], axis=1) > 0)


def _opening(reader: Reader, leaf: Leaf, role: str) -> Grid:
    return reader.frames.opening(leaf, role, reader.split, reader.grain)


def _rolled(reader: Reader, window: Window, grid: Grid) -> Grid:
    """Add up the calendar months of each period's window; none that begins after today."""
    line = reader.scene.rolled(window)
    tomorrow = reader.scene.today + timedelta(days=1)
    found = np.zeros(reader.shape)
    for number, period in enumerate(reader.scene.asked[reader.grain]):
        first = window_start(reader.scene.calendar, period, window)
        until = min(period.end, tomorrow)
        inside = [first <= month.start < until for month in line.periods]
        found[:, number] = grid[:, np.array(inside)].sum(axis=1)
    return found


def _before(grid: Grid, opening: Grid) -> Grid:
    """Return the running total just before each column."""
    return opening + np.cumsum(grid, axis=1) - grid


def _balance_take(
    take: BalanceTake, before: Mapping[str, Grid], grids: Mapping[str, Grid]
) -> tuple[Grid, Grid]:
    """Return the value of a take, and the number of accounts looked at."""
    money, accounts = before["money"], before["accounts"]
    later = accounts + grids["came"] - grids["gone"]
    values = {
        BalanceTake.START: money,
        BalanceTake.END: money + grids["moved"],
        BalanceTake.RETAINED: money - grids["lost"] + grids["gained"],
        BalanceTake.KEPT: money - grids["lost"],
        BalanceTake.LOST: grids["lost"],
        BalanceTake.GAINED: grids["gained"],
        BalanceTake.ACCOUNTS_START: accounts,
        BalanceTake.ACCOUNTS_END: later,
        BalanceTake.ACCOUNTS_LOST: grids["gone"],
        BalanceTake.ACCOUNTS_GAINED: grids["rose"],
    }
    return values[take], later if take in _AT_END else accounts
