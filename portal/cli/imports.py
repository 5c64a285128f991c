"""`portal import`: bring a CRM export into a tenant."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_json, say_table, tenant_option
from portal.cli.workshop import store_of

if TYPE_CHECKING:
    # Loaded when the command runs: `--help` and usage errors need neither store nor readers.
    from portal.services.import_report import ImportReport
    from portal.services.imports import Watch

_PATH = click.Path(path_type=Path)


@click.command("import")
@click.argument("source", type=_PATH)
@tenant_option()
@click.option("--data", type=_PATH, help="Where the files lie; by default beside SOURCE.")
@click.option("--dry-run", is_flag=True, help="Say what it would do, and change nothing.")
@click.option("--full", is_flag=True, help="Also delete what the source no longer has.")
@click.option("--as-of", metavar="TIME", help="When the facts became known, to replay history.")
@click.option("--rejected", type=_PATH, help="Write the rejected rows to this CSV file.")
@format_option()
@pass_portal
def command(portal: Portal, /, source: Path, tenant: str, shape: str, **how: Any) -> None:  # noqa: ANN401 - click's options
    """Bring a CRM export into a tenant, as the source file SOURCE says.

    A load lands whole or not at all; rows that cannot be read are rejected, counted and listed.
    Loading the same again changes nothing.

    \b
    portal import --tenant acme source.yaml --dry-run
    portal import --tenant acme source.yaml --data exports/2024-03 --rejected rejected.csv
    portal import --tenant acme source.yaml --as-of 2024-03-31T18:00:00Z
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import imports  # noqa: PLC0415 - see above
    from portal.services.office import Office  # noqa: PLC0415
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    order = imports.Order(source, **how)
    office = Office(portal.database, store_of(portal), portal.config.home, portal.now)
    with _watch() as watch:
        report = imports.run_import(office, key, order, watch)
    if shape == "json":
        say_json(report.to_json())
    else:
        _say(report)
        if report.outcome == "landed":
            click.echo(f"\n{_NEXT} portal refresh --tenant {key}")


@contextmanager
def _watch() -> Iterator[Watch]:
    """Give the import a progress bar where somebody looks at one."""
    from portal.services.imports import Watch  # noqa: PLC0415 - see above

    def waits() -> None:
        click.echo("Another import of this tenant goes first; this one waits.", err=True)

    if not sys.stderr.isatty():
        yield Watch(waits=waits)
        return
    from rich.console import Console  # noqa: PLC0415 - only for a terminal
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("Reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None)
        yield Watch(
            begins=lambda size: bar.update(task, total=size),
            reads=lambda more: bar.advance(task, more),
            waits=waits,
        )


def _say(report: ImportReport) -> None:
    """Print the report for people."""
    click.echo(_headline(report))
    counts = ("read", "inserted", "changed", "unchanged", "deleted", "repeated")
    rows = [
        (name, *(getattr(written, count) for count in counts))
        for name, written in report.entities.items()
    ]
    click.echo()
    say_table(("entity", *counts), rows)
    files = [
        (table.file, table.entity, table.rows, table.left_out, table.rejected)
        for table in report.tables
    ]
    click.echo()
    say_table(("file", "entity", "rows", "left out", "rejected"), files)
    _say_rejected(report)
    if report.unmapped_stages:
        named = ", ".join(f"{name} ({count:,})" for name, count in report.unmapped_stages.items())
        click.echo(f"\nStages without a mapping, counted as open: {named}.")
    if report.foreign_currencies:
        _say_foreign(report.foreign_currencies)
    for found in report.unknown_references:
        click.echo(
            f"\n{found.count:,} records name a {found.refers_to} that is not there,"
            f" in {found.entity}.{found.column}: {', '.join(found.examples)}."
        )


def _say_foreign(currencies: Mapping[str, int]) -> None:
    named = ", ".join(f"{name} ({count:,})" for name, count in currencies.items())
    click.echo(
        f"\nAmounts in another currency than the tenant's, counted as if they were in it: {named}."
        " Convert them before the import."
    )


def _headline(report: ImportReport) -> str:
    version = "no version yet" if report.version is None else f"version {report.version}"
    match report.outcome:
        case "landed":
            done = f"Landed as {version}"
        case "unchanged":
            done = f"Nothing changed: {version} holds all of it"
        case _:
            done = f"A dry run: nothing changed, and there is {version}"
    return f"{done} ({report.seconds:.1f} s)."


def _say_rejected(report: ImportReport) -> None:
    if not report.rejected_rows:
        return
    click.echo(f"\n{report.rejected_rows:,} rows were rejected:")
    for cell in report.rejected[:_SHOWN]:
        place = f"{cell.file}, line {cell.line}"
        value = f" '{cell.value}'" if cell.value else ""
        click.echo(f"  {place}: {cell.column}{value}: {cell.reason}")
    if len(report.rejected) > _SHOWN or report.rejected_rows > _SHOWN:
        click.echo("  …")
    if report.rejected_file:
        click.echo(f"  All of them: {report.rejected_file}")


_NEXT = "Pages tell of it after the scheduler's next round; without a scheduler, after:"
_SHOWN = 10
"""So many rejected cells are printed."""
