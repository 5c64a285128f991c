"""What somebody has filled into the KPI builder: plain texts, bounded, right or wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

MOST_ROWS = 8
"""Conditions of one part; more than that nobody can read."""
SIDES = ("a", "b", "s")
"""The measure or its upper part; the lower part; what of the records the share is."""
_LENGTHS: Mapping[str, int] = {
    "question": 500,
    "description": 4_000,
    "source": 2_000,
    "yaml": 4_000,
}
_LENGTH = 200
_ABOUT = (
    *("name", "key", "question", "description", "source", "class", "stage", "department"),
    *("timing", "unit", "better", "cadence", "goal", "kind", "yaml", "reason"),
    *("guardrail_1", "guardrail_2", "guardrail_3", "drives_1", "drives_2", "drives_3"),
)
_OF_PART = (
    *("of", "kpi", "entity", "column", "take", "on", "from", "to", "limit", "limit_unit"),
    *("clock", "opened", "closed", "at", "reaches"),
)
NAMES = frozenset((*_ABOUT, *(f"{side}_{name}" for side in ("a", "b") for name in _OF_PART)))
"""Every field that is kept; whatever else is sent is passed over."""
_CELLS = ("column", "ask", "value", "more")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Row:
    """One condition as it was filled in. `more` is the upper bound of a range."""

    column: str = ""
    ask: str = ""
    value: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields by name, and the conditions of each side."""

    values: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Return a field; empty where nothing was said."""
        return self.values.get(name, "")

    def conditions(self, side: str) -> tuple[Row, ...]:
        """Return the conditions of a side."""
        return self.rows.get(side, ())

    def having(self, **values: str) -> "Form":
        """Return the form with some fields changed."""
        return replace(self, values={**self.values, **values})

    @property
    def kind(self) -> str:
        """Which kind of measure; how many, before anything was said."""
        return self.get("kind") or "records"


def typed(sent: Mapping[str, str]) -> Form:
    """Return what a browser sent, cut to what the form can hold."""
    values = {name: _cut(name, sent[name]) for name in NAMES if sent.get(name)}
    return Form(values, {side: rows for side in SIDES if (rows := _sent_rows(sent, side))})


def _sent_rows(sent: Mapping[str, str], side: str) -> tuple[Row, ...]:
    found = []
    for at in range(MOST_ROWS):
        cells = [_cut("cell", sent.get(f"{side}_f{at}_{cell}", "")) for cell in _CELLS]
        if f"{side}_f{at}_column" in sent:
            found.append(Row(*cells))
    return tuple(found)


def _cut(name: str, text: str) -> str:
    """Return a text without what cannot be seen, as long as its field may be."""
    longest = 2_000 if name == "cell" else _LENGTHS.get(name, _LENGTH)
    return _UNSEEN.sub("", text)[:longest].strip()


def with_row(form: Form, side: str) -> Form:
    """Return the form with one condition more on a side, as long as there is room."""
    rows = form.conditions(side)
    if side not in SIDES or len(rows) >= MOST_ROWS:
        return form
    return replace(form, rows={**form.rows, side: (*rows, Row())})


def without_row(form: Form, side: str, at: int) -> Form:
    """Return the form without one condition of a side."""
    rows = form.conditions(side)
    kept = tuple(row for place, row in enumerate(rows) if place != at)
    return replace(form, rows={**form.rows, side: kept})


def stored(form: Form) -> dict[str, Any]:
    """Return the form as JSON."""
    rows = {
        side: [[row.column, row.ask, row.value, row.more] for row in listed]
        for side, listed in form.rows.items()
    }
    return {"values": dict(form.values), "rows": rows}


def read_stored(kept: Mapping[str, Any]) -> Form:
    """Return the form that was stored; what does not belong there is passed over."""
    told, rows = kept.get("values", {}), kept.get("rows", {})
    values = {str(name): str(text) for name, text in told.items() if name in NAMES}
    listed = {
        side: tuple(Row(*(str(cell) for cell in row[:4])) for row in rows[side][:MOST_ROWS])
        for side in SIDES
        if side in rows
    }
    return Form(values, listed)
