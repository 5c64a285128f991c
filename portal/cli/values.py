"""How values, definitions and histories of KPIs are said."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.fingerprint import fingerprint
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.definitions.words import in_words
from kpi_engine.units import shown
from portal.cli.output import say_json, say_table
from portal.errors import BadInputError
from portal.services.histories import PastPeriod
from portal.services.kpis import Told

_LARGEST = 1_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def say_values(told: Told, shape: str) -> None:
    """Print the rows of an answer."""
    rows = list(told.rows())
    if shape == "json":
        say_json(rows)
    elif shape == "csv":
        _say_csv(rows)
    else:
        _say_rows(rows, told)


def _say_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    dimensions = list(dict.fromkeys(name for row in rows for name in row["by"]))
    plain = ["kpi", "period", "start", "end", *dimensions]
    rest = ["value", "over", "under", "n", "state", "reason", "known_at", "version", "definition"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*plain, *rest])
    for row in rows:
        flat = {**row, **row["by"]}
        writer.writerow([_harmless(flat.get(name)) for name in [*plain, *rest]])
    click.echo(text.getvalue(), nl=False)


def _harmless(value: object) -> object:
    """A text that a spreadsheet would run as a formula is kept a text."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _say_rows(rows: Sequence[Mapping[str, Any]], told: Told) -> None:
    dimensions = list(dict.fromkeys(name for row in rows for name in row["by"]))
    catalogue, currency = told.opened.engine.catalogue, told.opened.tenant.currency
    lines = []
    for row in rows:
        unit = catalogue.kpi(row["kpi"]).unit
        value = "-" if row["value"] is None else shown(row["value"], unit, currency)
        parts = "" if row["over"] is None else f"{_short(row['over'])} / {_short(row['under'])}"
        groups = [row["by"].get(name) for name in dimensions]
        why = row["reason"] or ("" if row["state"] == "final" else row["state"])
        lines.append((row["kpi"], row["period"], *groups, value, parts, row["n"], why))
    say_table(("kpi", "period", *dimensions, "value", "parts", "n", ""), lines)


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:,.6g}" if abs(value) < _LARGEST else f"{value:,.0f}"


def plain_kpi(kpi: Kpi, catalogue: Catalogue) -> dict[str, Any]:
    """Return a definition as one JSON object."""
    return {
        "key": kpi.key,
        "name": kpi.name,
        "question": kpi.question,
        "description": kpi.description,
        "class": kpi.kpi_class.value,
        "stage": kpi.stage.value,
        "department": kpi.department.value,
        "timing": kpi.timing.value,
        "drives": list(kpi.drives),
        "unit": kpi.unit.value,
        "better": kpi.better.value,
        "cadence": kpi.cadence.value,
        "guardrails": list(kpi.guardrails),
        "formula": in_words(kpi.measure),
        "source": kpi.source,
        "definition": fingerprint(kpi, catalogue),
    }


def read_text(file: Path) -> str:
    """Return the text of a file of definitions.

    Raises:
        BadInputError: if it is not there, too large, or no text.
    """
    try:
        if file.stat().st_size > _LARGEST:
            raise BadInputError(f"{file.name} is larger than 1 MB. Split it into several files.")
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadInputError(f"{file.name} is not text in UTF-8. Save it as UTF-8.") from None
    except OSError as error:
        raise BadInputError(f"{file} can't be read: {error.strerror}.") from None


def say_history(past: Iterable[PastPeriod], shape: str) -> None:
    """Print a KPI's past."""
    found = [one.plain() for one in past]
    if shape == "json":
        say_json(found)
        return
    lines = []
    for one in found:
        first, last = one["first_known"], one["now_known"]
        causes = "; ".join(_cause(each["cause"]) for each in one["restatements"])
        lines.append((one["period"], *_told(first), *_told(last), causes))
    head = ("period", "first known", "on", "now known", "on", "cause")
    say_table(head, lines)


def _told(card: Mapping[str, Any]) -> tuple[str, str]:
    value = card["reason"] if card["value"] is None else _short(card["value"])
    return value, str(card["known_at"])[:10]


def _cause(cause: Mapping[str, Any]) -> str:
    told = [f"load {one['version']} of {one['source']}" for one in cause.get("loads", ())]
    if "definition" in cause:
        told.append("a new definition")
    return ", ".join(told) or "the facts were read anew"
