"""The `portal` command on one day for ever: what the demo tells depends on the day it is made for.

The quarter that is reviewed, the targets at risk and who has what in the inbox are others in
January. Tests that click through them ask for the same whenever they run. That the stories are
there on other days is tried by tests/demo.
"""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from portal.cli.context import Portal
from portal.cli.main import main

DAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday in the middle of a quarter."""
_BEGAN = "clock_began"


def clock_of(home: Path) -> Callable[[], datetime]:
    """Return the clock of a data folder: it goes from `DAY` on since it was first read there."""
    marker = home / _BEGAN
    real = Portal({}).now
    if not marker.exists():
        home.mkdir(parents=True, exist_ok=True)
        marker.write_text(real().isoformat())
    began = datetime.fromisoformat(marker.read_text())
    return lambda: DAY + (real() - began)


if __name__ == "__main__":
    clock = clock_of(Portal(os.environ).config.home)
    Portal.now = lambda _: clock()  # type: ignore[method-assign]
    main(sys.argv[1:])
