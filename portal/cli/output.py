"""How a command says its answer: a table for people, or one JSON document."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def format_option(*others: str) -> Callable[[Command], Command]:
    """Return the option `--format table|json|…`, handed to the command as `shape`."""
    return click.option(
        "--format",
        "shape",
        type=click.Choice(["table", "json", *others]),
        default="table",
        show_default=True,
        help="A table for people, or one JSON document and nothing else.",
    )


def tenant_option() -> Callable[[Command], Command]:
    """Return the option `--tenant KEY`."""
    return click.option("--tenant", required=True, metavar="KEY", help="The tenant's key.")


def say_json(document: object) -> None:
    """Print one JSON document; times in ISO 8601, UTC as Z."""
    click.echo(json.dumps(document, default=_plain, ensure_ascii=False, allow_nan=False))


def say_card(card: Mapping[str, object]) -> None:
    """Print one thing, a line a part."""
    width = max(len(name) for name in card)
    for name, part in card.items():
        shown = "-" if part is None or part == "" else part
        click.echo(f"{name.ljust(width)}  {shown}")


def say_table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print rows under their head, columns aligned."""
    lines = [tuple(head), *(tuple("-" if v is None else str(v) for v in row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        parts = (text.ljust(width) for text, width in zip(line, widths, strict=True))
        click.echo("  ".join(parts).rstrip())


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
