"""Reading a source file: YAML in, a `Source` or every problem at once."""

import re
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import yaml

from kpi_engine.crm.sources import Mark, Source, TableMap
from kpi_engine.crm.stages import StageRule
from kpi_engine.errors import did_you_mean
from portal.connectors.source_tables import read_table
from portal.connectors.yaml_nodes import (
    Problems,
    entries,
    items,
    mark_of,
    number,
    read_nodes,
    text,
)

_KEYS = ("source", "timezone", "currency", "stages", "tables")
_STAGE_KEYS = ("status", "order", "probability", "forecast")
_STATUSES = ("open", "won", "lost")
_LONGEST_NAME = 100

_Found = Mapping[str, tuple[Mark, yaml.Node]]


def read_source(path: Path) -> Source:
    """Return what the source file at `path` says.

    Raises:
        BadSourceError: with every problem of the file, each with its line and what to do.
    """
    name = path.name
    problems = Problems(name)
    root = read_nodes(path, name)
    found = entries(root, _KEYS, "A source file", problems)
    if isinstance(root, yaml.MappingNode):
        for key in ("source", "tables"):
            if key not in found:
                problems.add(Mark(1, 1), f"The source file lacks `{key}`.")
    source = _name(found, problems)
    timezone = _timezone(found, problems)
    currency = _currency(found, problems)
    stages = _stages(found, problems)
    tables = _tables(found, problems)
    problems.stop_if_any()
    return Source(source, str(path), timezone, currency, stages, tables)


def read_stages(path: Path) -> dict[str, StageRule]:
    """Return the stage map of a source file, or of a file that has nothing else.

    Raises:
        BadSourceError: with every problem of it, each with its line and what to do.
    """
    problems = Problems(path.name)
    root = read_nodes(path, path.name)
    stages = _stages(entries(root, _KEYS, "The file", problems), problems)
    problems.stop_if_any()
    return stages


def _name(found: _Found, problems: Problems) -> str:
    if "source" not in found:
        return ""
    node = found["source"][1]
    word = " ".join((text(node, "`source`", problems) or "-").split())
    if len(word) > _LONGEST_NAME or not word.isprintable():
        problems.add(mark_of(node), f"`source` should be at most {_LONGEST_NAME} plain characters.")
    return word


def _timezone(found: _Found, problems: Problems) -> str:
    if "timezone" not in found:
        return "UTC"
    node = found["timezone"][1]
    word = text(node, "`timezone`", problems) or "UTC"
    try:
        ZoneInfo(word)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(word, available_timezones()) or " Name it like Europe/Rome."
        problems.add(mark_of(node), f"There is no time zone '{word}'.{hint}")
    return word


def _currency(found: _Found, problems: Problems) -> str | None:
    if "currency" not in found:
        return None
    node = found["currency"][1]
    word = text(node, "`currency`", problems)
    if word is not None and not re.fullmatch(r"[A-Z]{3}", word):
        problems.add(mark_of(node), "`currency` should be three capital letters, such as EUR.")
    return word


def _stages(found: _Found, problems: Problems) -> dict[str, StageRule]:
    if "stages" not in found:
        return {}
    stages = {}
    for name, (mark, node) in entries(found["stages"][1], None, "`stages`", problems).items():
        stage = _stage(name, mark, node, problems)
        if stage is not None:
            stages[" ".join(name.split())] = stage
    return stages


def _stage(name: str, mark: Mark, node: yaml.Node, problems: Problems) -> StageRule | None:
    what = f"The stage '{name}'"
    parts = entries(node, _STAGE_KEYS, what, problems)
    if "status" not in parts:
        if isinstance(node, yaml.MappingNode):
            problems.add(mark, f"{what} lacks `status`: open, won or lost.")
        return None
    status = text(parts["status"][1], f"`status` of {what}", problems) or "open"
    if status not in _STATUSES:
        hint = did_you_mean(status, _STATUSES) or " It may be: open, won, lost."
        problems.add(mark_of(parts["status"][1]), f"{what} may not be '{status}'.{hint}")
        return None
    order = _bounded(parts, "order", what, problems, most=1_000_000)
    if order is not None and order != int(order):
        problems.add(mark_of(parts["order"][1]), f"`order` of {what} should be a whole number.")
    probability = _bounded(parts, "probability", what, problems, most=1)
    forecast = None
    if "forecast" in parts:
        forecast = text(parts["forecast"][1], f"`forecast` of {what}", problems)
    whole = None if order is None else int(order)
    return StageRule(status, whole, probability, forecast)


def _bounded(
    parts: _Found, key: str, what: str, problems: Problems, *, most: float
) -> float | None:
    if key not in parts:
        return None
    node = parts[key][1]
    found = number(node, f"`{key}` of {what}", problems)
    if found is not None and not 0 <= found <= most:
        problems.add(mark_of(node), f"`{key}` of {what} should lie from 0 to {most:g}.")
        return None
    return found


def _tables(found: _Found, problems: Problems) -> tuple[TableMap, ...]:
    if "tables" not in found:
        return ()
    mark, node = found["tables"]
    if isinstance(node, yaml.SequenceNode) and not node.value:
        problems.add(mark, "`tables` is empty: name at least one file.")
    made = [read_table(part, problems) for part in items(node, "`tables`", problems)]
    return tuple(table for table in made if table is not None)
