"""SQL built up in layers: each layer names columns that the next may use, each computed once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class Layer:
    """Columns made side by side (SQL by name), and the joins that they need."""

    columns: Mapping[str, str] = field(default_factory=dict)
    joins: tuple[str, ...] = ()


Layers = tuple[Layer, ...]


def merged(parts: Iterable[Layers]) -> Layers:
    """Return the layers of several values side by side: first layers together, and so on."""
    found = []
    for level in zip_longest(*parts, fillvalue=Layer()):
        columns: dict[str, str] = {}
        for layer in level:
            columns.update(layer.columns)
        joins = dict.fromkeys(join for layer in level for join in layer.joins)
        found.append(Layer(columns, tuple(joins)))
    return tuple(found)


def stacked(rows: str, layers: Layers) -> str:
    """Return `rows` (a table or a query in brackets) with the layers' columns beside its own."""
    for layer in layers:
        if layer.columns:
            columns = ", ".join(f"{sql} AS {name}" for name, sql in layer.columns.items())
            joins = " ".join(("", *layer.joins))
            rows = f"(SELECT r.*, {columns} FROM {rows} AS r{joins})"
    return rows


def literal(text: str | None) -> str:
    """Return `text` as an SQL string."""
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"
