"""The benches: each makes its data if need be, measures, and tells what it found."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.equality import Compared, compare
from bench.homes import home_of
from bench.loading_cases import changes, imports
from bench.pages import pages
from bench.people import many
from bench.report import Line, Section
from bench.reviewing import reviewing
from bench.rounds import Measured, alternate
from bench.sides import BARE
from kpi_engine.engines import cluster

_GB = 1e9
_CATALOGUE_RATIO = 1.5
_CATALOGUE_PEAK = 6 * _GB
_ONE_RATIO = 1.3
_WORKERS = 2
_PARTS = ("value", "part_over", "part_under")


def catalogue(data: Path, size: str, rounds: int) -> Section:
    """The whole catalogue by the engine and by hand."""
    told = {"home": str(home_of(data, size))}
    sides = {"engine": ("catalogue-engine", told), "hand": ("catalogue-hand", told)}
    measured, compared = _measured(sides, rounds, _PARTS)
    engine, hand = measured["engine"], measured["hand"]
    ratio = engine.wall / hand.wall
    lines = (
        Line("SQL written by hand", f"{hand.wall:.2f} s ({hand.cpu:.2f} s of processors)"),
        Line("engine", f"{engine.wall:.2f} s ({engine.cpu:.2f} s of processors)"),
        Line("engine / hand", f"{ratio:.2f}", "at most 1.5", ratio <= _CATALOGUE_RATIO),
        Line("engine / hand in seconds of processors", f"{engine.cpu / hand.cpu:.2f}"),
        Line(
            "peak memory of the engine's process",
            f"{engine.peak / _GB:.2f} GB",
            "under 6 GB",
            engine.peak < _CATALOGUE_PEAK,
        ),
        Line("peak memory of the other", f"{hand.peak / _GB:.2f} GB"),
        _equal(compared),
    )
    text = (
        f"Every KPI of the catalogue in 36 months for reps, teams and tenant on the {size} tenant,"
        " by the engine (opened anew each time) and by the SQL of `bench/sql` over the same files."
    )
    return Section(f"Whole catalogue ({size})", text, lines)


def one(data: Path, size: str, rounds: int) -> Section:
    """One KPI, warm, by the engine and by a bare query."""
    home = str(home_of(data, size))
    lines: list[Line] = []
    for kpi in BARE:
        told = {"home": home, "kpi": kpi}
        sides = {"engine": ("one-engine", told), "query": ("one-query", told)}
        measured, compared = _measured(sides, rounds * 20, ("value",), warm=5)
        engine, query = measured["engine"].wall, measured["query"].wall
        ratio = engine / query
        lines += [
            Line(f"`{kpi}`, bare query", f"{query * 1000:.2f} ms"),
            Line(f"`{kpi}`, engine", f"{engine * 1000:.2f} ms"),
            Line(f"`{kpi}`, engine / query", f"{ratio:.2f}", "at most 1.3", ratio <= _ONE_RATIO),
            _equal(compared),
        ]
    text = f"One KPI in 36 months on the {size} tenant; engine and connection are open and warm."
    return Section(f"One KPI, warm ({size})", text, tuple(lines))


def spark(data: Path, size: str, rounds: int) -> Section:
    """The whole catalogue on Spark's two workers and on DuckDB."""
    told = {"home": str(home_of(data, size)), "cluster": str(data / "cluster")}
    try:
        cluster.start(Path(told["cluster"]), _WORKERS)
        sides = {"spark": ("catalogue-spark", told), "duckdb": ("catalogue-engine", told)}
        measured, compared = _measured(sides, min(rounds, 3), _PARTS)
    finally:
        cluster.stop(Path(told["cluster"]))
    lines = (
        Line("DuckDB in process", f"{measured['duckdb'].wall:.2f} s"),
        Line(f"Spark, {_WORKERS} workers", f"{measured['spark'].wall:.2f} s"),
        _equal(compared),
    )
    text = (
        f"Every KPI of the catalogue in 36 months for reps, teams and tenant on the {size} tenant,"
        " compiled for Spark and run on a standalone cluster of this machine; its session is open."
    )
    return Section(f"Catalogue on Spark ({size})", text, lines)


def _measured(
    sides: Mapping[str, tuple[str, Mapping[str, str]]],
    rounds: int,
    columns: tuple[str, ...],
    warm: int = 1,
) -> tuple[dict[str, Measured], Compared]:
    """Measure two sides and compare what they found."""
    with TemporaryDirectory() as folder:
        saved = {name: Path(folder) / f"{name}.parquet" for name in sides}
        measured = alternate(sides, rounds, warm=warm, saved=saved)
        one_side, other = saved.values()
        return measured, compare(one_side, other, columns)


def _equal(compared: Compared) -> Line:
    if compared.same:
        told = f"all {compared.numbers:,} numbers"
    else:
        worst = ", ".join(f"{kpi} {count:,}" for kpi, count in compared.differing.items())
        told = f"of {compared.numbers:,} numbers these differ: {worst}"
    return Line("equal", told, "all", compared.same)


CASES: Mapping[str, tuple[str, Callable[[Path, str, int], Section]]] = {
    "catalogue": ("large", catalogue),
    "one": ("small", one),
    "imports": ("large", imports),
    "changes": ("large", changes),
    "spark": ("small", spark),
    "pages": ("demo", pages),
    "people": ("demo", many),
    "reviews": ("demo", reviewing),
}
"""Each bench with the size of tenant that it is meant for."""
