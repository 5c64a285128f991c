"""The process of one side: reads what to do line by line, answers a line of JSON each time."""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Protocol

_KIB = 1024


class Side(Protocol):
    """Something that is measured."""

    def run(self) -> None:
        """Do once what is measured."""

    def save(self, path: Path) -> None:
        """Write what the last run found."""


def serve(side: Side) -> None:
    """Answer lines of standard input until it ends."""
    _tell({"ready": 1})
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "run":
            _tell(_timed(side))
        elif word == "save":
            side.save(Path(rest))
            _tell({})
        else:
            _tell({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB})


def _timed(side: Side) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    side.run()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def _tell(found: dict[str, float]) -> None:
    print(json.dumps(found), flush=True)  # noqa: T201  (standard output is the answer)
