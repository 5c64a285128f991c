"""How definitions of KPIs are said, and the files that they are read from."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.fingerprint import fingerprint
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.definitions.problems import Issue
from kpi_engine.definitions.words import in_words
from portal.cli.columns import say_columns
from portal.cli.output import say_json
from portal.errors import BadInputError
from portal.services.definitions import Application

_LARGEST = 1_000_000


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
        "unit": kpi.unit.stated.value,
        "better": kpi.better.value,
        "cadence": kpi.cadence.value,
        "guardrails": list(kpi.guardrails),
        "formula": in_words(kpi.measure),
        "source": kpi.source,
        "definition": fingerprint(kpi, catalogue),
    }


def say_list(catalogue: Catalogue, shape: str) -> None:
    """Print every KPI of a catalogue."""
    if shape == "json":
        say_json([plain_kpi(kpi, catalogue) for kpi in catalogue.values()])
        return
    rows = (
        (
            *(kpi.key, kpi.name, kpi.stage.value, kpi.kpi_class.value),
            *(kpi.unit.stated.value, kpi.cadence.value),
        )
        for kpi in catalogue.values()
    )
    say_columns(("key", "name", "stage", "class", "unit", "cadence"), list(rows))


def say_issues(issues: Iterable[Issue], shape: str) -> None:
    """Print what is wrong with a file: each on its line of standard error, and as JSON if asked."""
    found = list(issues)
    for one in found:
        click.echo(str(one), err=True)
    if shape == "json":
        say_json([_plain_issue(one) for one in found])
    elif not found:
        click.echo("Nothing is wrong.")


def say_applied(done: Application, shape: str) -> None:
    """Print what became of the definitions of a file."""
    for one in done.warnings:
        click.echo(str(one), err=True)
    head = ("kpi", "version", "definition", "changed")
    rows = [(one.key, one.version, one.fingerprint, one.changed) for one in done.applied]
    if shape == "json":
        say_json([dict(zip(head, row, strict=True)) for row in rows])
        return
    told = [(*row[:3], "yes" if row[3] else "no") for row in rows]
    say_columns(head, told, numbers=("version",))


def read_text(file: Path) -> str:
    """Return the text of a file of definitions.

    Raises:
        BadInputError: if it is not there, too large, or no text.
    """
    try:
        if file.stat().st_size > _LARGEST:
            raise BadInputError(f"{file.name} is larger than 1 MB. Split it into several files.")
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInputError(f"{file.name} is not text in UTF-8. Save it as UTF-8.") from None
    except OSError as error:
        raise BadInputError(f"{file} can't be read: {error.strerror}.") from None
    except ValueError:
        # A name with a character in it that no file can have.
        raise BadInputError(f"There can be no file called {str(file)!r}.") from None


def _plain_issue(one: Issue) -> dict[str, object]:
    return {
        "file": one.file,
        "line": one.line,
        "place": one.place,
        "kpi": one.key,
        "severity": one.severity.value,
        "text": one.text,
    }
