"""Files as a source would export them, with the source file that says how to read them."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import yaml

from bench.generate import SOURCE
from bench.homes import STAGES
from kpi_engine.crm.entities import ENTITIES

CHANGED: Mapping[str, tuple[int, str]] = {
    "lead": (100, "score = coalesce(score, 0) + {turn} / 8"),
    "opportunity": (250, "amount = coalesce(amount, 0) + {turn}, next_step = 'Turn {turn}'"),
    "activity": (600, "outcome = 'turn {turn}', completed_at = created_at"),
    "ticket": (50, "agent_replies = agent_replies + {turn}"),
}
"""Of each entity, how many records change in a load, and how."""


def source_file(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the source file for some CSV files (entity → name) in `folder`; return it."""
    stages = {
        name: {"status": rule.status, "order": rule.order, "probability": rule.probability}
        for name, rule in STAGES.items()
    }
    tables = [
        {
            "file": name,
            "entity": entity,
            "fields": {column.name: column.name for column in ENTITIES[entity].columns},
        }
        for entity, name in files.items()
    ]
    target = folder / "source.yaml"
    told = {"source": SOURCE, "timezone": "UTC", "currency": "EUR"}
    target.write_text(yaml.safe_dump({**told, "stages": stages, "tables": tables}, sort_keys=False))
    return target


def beginning(csv: Path, rows: int, folder: Path) -> Path:
    """Write the first rows of a large CSV into `folder`; return the file."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / csv.name
    with csv.open("rb") as found, target.open("wb") as made:
        for number, line in enumerate(found):
            if number > rows:
                break
            made.write(line)
    return target


def changes(records: Path, folder: Path, turn: int) -> Path:
    """Write 1,000 records, late ones, changed differently each turn; return the source file."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as base:
        for entity, (count, assignments) in CHANGED.items():
            base.execute(
                f"CREATE TABLE {entity} AS SELECT * EXCLUDE (source, attributes)"
                f" FROM read_parquet('{records / entity}.parquet')"
                " WHERE created_at >= TIMESTAMP '2025-12-01'"
                f" ORDER BY hash(id), id LIMIT {count}"
            )
            base.execute(f"UPDATE {entity} SET {assignments.format(turn=turn)}")
            base.execute(f"COPY {entity} TO '{folder / entity}.csv' (HEADER)")
    return source_file(folder, {entity: f"{entity}.csv" for entity in CHANGED})
