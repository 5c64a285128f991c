"""The files of the catalogue as they are written, without the reader that gives them meaning."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "kpi_engine" / "catalogue"
STAGES = (
    "awareness",
    "lead_generation",
    "qualification",
    "sales",
    "onboarding",
    "service",
    "retention",
)
"""Stages in the order of the journey, as the pages tell them."""

_SETTING = re.compile(r"setting\.(\w+)")
_BEHIND = {
    "is_opening": ("forecast_category",),
    "entered_proposal": ("proposal_stages",),
    "'clock': 'business'": ("business_hours", "holidays"),
    "'health': 'mean'": ("health_components",),
    "'health': 'at_risk'": ("health_components", "health_threshold"),
}
"""Settings that a measure uses without naming them."""


def files() -> list[Path]:
    """Return the files of the catalogue by name."""
    return sorted(FOLDER.glob("*.yaml"))


@lru_cache
def written() -> dict[str, dict[str, Any]]:
    """Return every definition as its file has it, by key, every value a text."""
    # The base loader takes `on` for a word, where the usual one takes it for a yes.
    entries = (
        entry
        for path in files()
        for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    )
    return {entry["key"]: entry for entry in entries}


def settings_of(definition: dict[str, Any]) -> list[str]:
    """Return the settings that a definition's own measure uses, in order of their names."""
    text = str(definition["measure"])
    behind = {name for word, names in _BEHIND.items() if word in text for name in names}
    return sorted(behind | set(_SETTING.findall(text)))


def parts_of(measure: Any) -> Iterator[str]:
    """Yield the keys of the KPIs that stand as parts of a measure."""
    for part in _inside(measure):
        if isinstance(part, str):
            yield part
        else:
            yield from parts_of(part)


def _inside(measure: dict[str, Any]) -> list[Any]:
    for word in ("ratio", "paired"):
        if word in measure:
            return list(measure[word].values())[:2]
    if "formula" in measure:
        return list(measure["of"].values())
    return [measure[word] for word in ("rolling", "to_date") if word in measure]
