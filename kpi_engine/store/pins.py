"""What a reader holds on to: one version of the store over all its entities."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class EntityPin:
    """Where one entity stood. Versions are those of its two Delta tables."""

    changes: int
    """Delta version of `changes`."""
    current: int | None = None
    """Delta version of `current`; None before the first compaction."""
    base: int = 0
    """`current` holds the records as of this store version."""
    rewritten: bool = False
    """Whether any record has more than one version: if not, history and now are the same."""
    tail_unique: bool = False
    """Whether no record has two versions after `base` and none was deleted there."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of a tenant's facts. An entity that was never loaded is not in `entities`."""

    seq: int = 0
    """The store version: the last load that is seen; 0 before the first."""
    entities: Mapping[str, EntityPin] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the pin as JSON text, the same text for the same pin."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a pin that `to_json` wrote."""
        found = json.loads(text)
        return cls(
            found["seq"], {name: EntityPin(**pin) for name, pin in found["entities"].items()}
        )


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """The Parquet files that hold one entity at a pinned version.

    Now is `current` without the positions that the tail replaces, and the latest tail row of each
    record that is not deleted. `changes` are all files with rows up to `seq`, for history.
    A file of `tail` or `changes` may also hold rows outside its span, so a reader keeps
    `base < seq <= N` of the tail and `seq <= N` of the changes (`relation` writes this).
    """

    entity: str
    seq: int
    base: int
    current: tuple[str, ...]
    tail: tuple[str, ...]
    changes: tuple[str, ...]
    rewritten: bool
    tail_unique: bool = False
    """Whether the tail has no record twice and no deletion: it needs no de-duplication."""
    current_rows: int = 0
    tail_rows: int = 0
    """How many rows the files of `current` and `tail` hold, as their tables say."""
