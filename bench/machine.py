"""What a measurement was made on, told without naming the machine."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("duckdb", "deltalake", "pyarrow", "numpy")
_GIB = 1 << 30


def described() -> str:
    """Return one line: processor, cores, memory, versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory,"
        f" {platform.system()}; Python {platform.python_version()}, {packages}"
    )


def _processor() -> str:
    try:
        return next(_models())
    except (OSError, StopIteration):
        return platform.machine()


def _models() -> Iterator[str]:
    with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        for line in lines:
            name, _, told = line.partition(":")
            if name.strip() == "model name":
                yield f"{told.strip()} ({platform.machine()})"
