"""The benches of loads: an import of activities, and a load of a few changes into many records."""

import shutil
from pathlib import Path
from statistics import median

from bench.exports import beginning, source_file
from bench.homes import forget, home_of, open_home, records_of, twin
from bench.report import Line, Section
from bench.rounds import Runner
from bench.scale import SCALES
from bench.stamps import Clock

_MB = 1e6
_PER_CORE = 150_000
_FLAT = 1.25
_LANDED, _SEEN, _REFRESHED = 0.1, 0.15, 3.0
_TODAY = "2025-12-30"


def imports(data: Path, size: str, rounds: int) -> Section:
    """Activities from CSV to a landed version, a tenth of the file and the whole."""
    whole = records_of(data, size) / "activity.csv"
    rows = SCALES[size].activities
    work = data / size / "imports"
    lines: list[Line] = []
    peaks = []
    for part in (rows // 10, rows):
        file = beginning(whole, part, work / str(part))
        told = {
            "home": str(work / "home"),
            "source": str(source_file(file.parent, {"activity": file.name})),
        }
        measured = [_imported(told) for _ in range(max(1, min(rounds, 3)))]
        shutil.rmtree(file.parent)
        wall, cpu = (median(one[name] for one in measured) for name in ("wall", "cpu"))
        peaks.append(max(one["peak"] for one in measured))
        per_core = part / cpu
        what = f"{part:,} rows"
        lines += [
            Line(f"{what}, until landed", f"{wall:.1f} s ({cpu:.1f} s of processors)"),
            Line(f"{what}, rows a second", f"{part / wall:,.0f}"),
            Line(
                f"{what}, rows a second and core",
                f"{per_core:,.0f}",
                "at least 150,000",
                per_core >= _PER_CORE,
            ),
            Line(f"{what}, peak memory until landed", f"{peaks[-1] / _MB:,.0f} MB"),
            Line(f"{what}, compaction after that", _compacted(measured)),
        ]
    growth = peaks[1] / peaks[0]
    lines.append(
        Line(
            "memory, ten times the file",
            f"{growth:.2f} times",
            "flat (at most 1.25 times)",
            growth <= _FLAT,
        )
    )
    text = (
        "`portal import`'s service brings activities from CSV into a new tenant, each time in a"
        " process of its own. A core's rows are the rows over the seconds of all processors."
    )
    return Section(f"Import of activities ({size})", text, tuple(lines))


def changes(data: Path, size: str, rounds: int) -> Section:
    """1,000 changed records: until landed, until seen elsewhere, until the open periods are new."""
    folder = home_of(data, size)
    work = data / size / "changes"
    with open_home(folder) as home:
        tenant = twin(home, Clock()())
        try:
            told = {
                "home": str(folder),
                "tenant": tenant,
                "records": str(records_of(data, size)),
                "work": str(work),
                "today": _TODAY,
            }
            return _changes(told, size, rounds)
        finally:
            forget(home, tenant)
            shutil.rmtree(work, ignore_errors=True)


def _imported(told: dict[str, str]) -> dict[str, float]:
    with Runner("import", told) as runner:
        runner.lap()
        return runner.figures()


def _compacted(measured: list[dict[str, float]]) -> str:
    after, peak = (median(one[name] for one in measured) for name in ("after", "peak_after"))
    return f"{after:.1f} s, peak memory {peak / _MB:,.0f} MB"


def _changes(told: dict[str, str], size: str, rounds: int) -> Section:
    names = ("read", "beyond", "beyond_cpu", "seen", "refresh", "refresh_cpu")
    found: dict[str, list[float]] = {name: [] for name in names}
    with (
        Runner("change", told) as writer,
        Runner("look", told) as reader,
        Runner("refresh", told) as asker,
    ):
        # The first load makes the store's index of keys, the first question opens the files.
        changed, asked = 0, ""
        for turn in range(1 + rounds):
            reader.begin()
            writer.lap()
            reader.end()
            written, seen = writer.figures(), reader.figures()
            refresh = asker.lap()
            if turn:
                for name in ("read", "beyond", "beyond_cpu"):
                    found[name].append(written[name])
                found["seen"].append(seen["seen"] - written["landed"])
                found["refresh"].append(refresh.wall)
                found["refresh_cpu"].append(refresh.cpu)
                changed = int(seen["changed"])
                told_of = asker.figures()
                asked = f"{told_of['asked']:.0f} of {told_of['of']:.0f}"
    read, beyond, beyond_cpu, visible, refreshed, cpu = (median(found[name]) for name in names)
    lines = (
        Line("reading the files alone", f"{read * 1000:.0f} ms"),
        Line(
            "landed beyond that",
            f"{beyond * 1000:.0f} ms ({beyond_cpu * 1000:.0f} ms of processors)",
            "at most 100 ms",
            beyond <= _LANDED,
        ),
        Line(
            f"read by another process ({changed} changed opportunities found)",
            f"{visible * 1000:.0f} ms after landing",
            "at most 150 ms",
            visible <= _SEEN,
        ),
        Line(
            "open week, month and quarter of the whole catalogue, reps, teams and tenant",
            f"{refreshed:.2f} s ({cpu:.2f} s of processors)",
            "at most 3 s",
            refreshed <= _REFRESHED,
        ),
    )
    text = (
        f"1,000 changed leads, opportunities, activities and tickets from four CSV files into the"
        f" {size} tenant, load after load; the reader looks every 10 ms. A refresh asks the KPIs"
        f" that are read from what was loaded ({asked}); the others keep their numbers."
    )
    return Section(f"Load of changes ({size})", text, lines)
