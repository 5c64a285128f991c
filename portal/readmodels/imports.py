"""What the page on imports says: every load, what it brought, and what it could not read."""

from dataclasses import dataclass

from portal.readmodels.cards import Status


@dataclass(frozen=True, slots=True)
class LoadRow:
    """One load: its version, when, how it ended, and what changed with it."""

    version: str
    source: str
    when: str
    status: Status
    brought: str
    """'9,120 new, 12 changed, 1 deleted'; why there is nothing where it failed."""
    trouble: str
    """'3 rows could not be read; 2 references lead nowhere'; empty without any."""
    entities: tuple[tuple[str, str], ...]
    """Per entity, what came."""


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """The loads, newest first, and how to make one."""

    rows: tuple[LoadRow, ...]
    command: str
    """The command that brings data in, for this company."""
