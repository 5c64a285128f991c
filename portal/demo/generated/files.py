"""The model's tables as files with a source file beside them, as any CRM might hand them over."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from pyarrow import csv

from portal.demo.generated.stages import LOST, STAGES, WON
from portal.demo.generated.tables import Table
from portal.demo.generated.world import made_world

_ODDS = (0.18, 0.27, 0.42, 0.68)
_FORECAST = ("pipeline", "pipeline", "best_case", "commit")
_HEAD = """\
# Kestrel Systems: an invented software company, made by a seeded model (docs/demo.md) for
# {today}. Nobody in it is real. Times are UTC.
"""


def write_files(folder: Path, today: date) -> Path:
    """Make the CRM of a day into a folder, and return its source file."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = made_world(today)
    for entity, table in tables.items():
        csv.write_csv(_arrow(table), folder / f"{entity}.csv")
    source = folder / "source.yaml"
    told = yaml.safe_dump(_source(tables), sort_keys=False, allow_unicode=True)
    source.write_text(_HEAD.format(today=today) + told, "utf-8")
    return source


def _arrow(table: Table) -> Any:  # noqa: ANN401 - pyarrow has no types
    return pa.table({name: pa.array(column, from_pandas=True) for name, column in table.items()})


def _source(tables: dict[str, Table]) -> dict[str, Any]:
    stages: dict[str, dict[str, Any]] = {
        name: {"status": "open", "order": n + 1, "probability": _ODDS[n], "forecast": _FORECAST[n]}
        for n, name in enumerate(STAGES)
    }
    stages |= {WON: {"status": "won"}, LOST: {"status": "lost"}}
    return {
        "source": "kestrel_crm",
        "timezone": "UTC",
        "currency": "EUR",
        "stages": stages,
        "tables": [
            {
                "file": f"{entity}.csv",
                "entity": entity,
                "fields": {name: name for name in table},
            }
            for entity, table in tables.items()
        ],
    }
