"""Attributes whose names hold a hyphen, handed to a component as the types allow."""

from collections.abc import Mapping
from typing import Any


def attrs(told: Mapping[str, str | int]) -> dict[str, Any]:
    """Return attributes like `aria-label` to be spread: `**attrs({"aria-label": name})`."""
    return dict(told)
