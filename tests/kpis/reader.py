"""A process that asks again and again until it is told to stop: `python -m tests.kpis.reader`."""

import json
import os
import sys
import time
from pathlib import Path

from tests.kpis.desk import Desk

YEAR = ("--kpi", "won_revenue", "--grain", "year", "--from", "2017-01-01", "--to", "2018-01-01")


def main(tenant, stop):
    """Print the version and value of each answer."""
    desk = Desk(os.environ["PORTAL_DATABASE_URL"], os.environ["PORTAL_HOME"])
    while not Path(stop).exists():
        (row,) = desk.values(tenant, *YEAR)
        print(json.dumps([row["version"], row["value"]]), flush=True)  # noqa: T201 - its answer
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
