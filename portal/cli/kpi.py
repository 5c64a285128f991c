"""`portal kpi`: ask for KPIs, and see, check and apply their definitions."""

from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json, tenant_option
from portal.cli.workshop import engine_option, workshop_of, writing_room_of

if TYPE_CHECKING:
    # Services bring engine and database with them; usage errors and help do without.
    from contextlib import AbstractContextManager

    from portal.services.kpis import Wanted
    from portal.tenancy.session import TenantSession

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(path_type=Path)
_REFUSED = 2


@click.group("kpi")
def commands() -> None:
    """Ask for KPIs, and see, check and apply their definitions."""


def _asking(command: Any) -> Any:  # noqa: ANN401 - click's decorators
    """Add the options of a question."""
    options = (
        tenant_option(),
        click.option("--kpi", "kpis", multiple=True, required=True, metavar="KEY", help="Which."),
        click.option(
            "--grain",
            default="month",
            show_default=True,
            metavar="GRAIN",
            help="day, week, month, quarter or year.",
        ),
        click.option(
            "--from", "start", type=_DAY, metavar="DAY", help="First day; else 12 periods back."
        ),
        click.option(
            "--to", "end", type=_DAY, metavar="DAY", help="The day after the last; else tomorrow."
        ),
        click.option("--by", multiple=True, metavar="DIMENSION", help="Split by; at most two."),
        click.option("--where", help="A filter over the dimensions: \"region = 'East'\"."),
        click.option(
            "--known-at",
            metavar="TIME",
            help="As it was known then (2017-03-31 or 2017-03-31T18:00); else now.",
        ),
        click.option(
            "--today", type=_DAY, metavar="DAY", help="The day to judge by what is unfinished."
        ),
        click.option("--team", "teams", multiple=True, metavar="ID", help="This team and below."),
        click.option("--owner", "owners", multiple=True, metavar="ID", help="Only this owner."),
        engine_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@commands.command("values")
@_asking
@format_option("csv")
@pass_portal
def values_(portal: Portal, /, tenant: str, shape: str, engine: str, **asked: Any) -> None:  # noqa: ANN401 - click's options
    """Show the values of KPIs: each a number, or the reason there is none.

    \b
    portal kpi values --tenant acme --kpi win_rate --grain quarter --from 2017-01-01 --to 2018-01-01
    portal kpi values --tenant acme --kpi won_revenue --by team --by product --format csv
    portal kpi values --tenant acme --kpi pipeline_value --known-at 2017-03-31
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.cli.values import say_values  # noqa: PLC0415 - see above
    from portal.services.kpis import values  # noqa: PLC0415
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    told = values(workshop_of(portal, engine), key, _wanted(asked), portal.now())
    say_values(told, shape)


@commands.command()
@_asking
@pass_portal
def sql(portal: Portal, /, tenant: str, engine: str, **asked: Any) -> None:  # noqa: ANN401 - click's options
    """Show the statements that a question is compiled to, ready to be run.

    \b
    portal kpi sql --tenant acme --kpi win_rate --grain month
    portal kpi sql --tenant acme --kpi win_rate --grain month --engine spark
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.cli.sql_text import heading, laid_out  # noqa: PLC0415 - see above
    from portal.services.kpis import statements  # noqa: PLC0415
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    found = statements(writing_room_of(portal, engine), key, _wanted(asked), portal.now())
    click.echo(heading(found.question, key, found.version))
    for text in found.statements:
        click.echo(f"{laid_out(text, engine)};")


@commands.command("list")
@click.option("--tenant", metavar="KEY", help="With the tenant's own; else those that ship.")
@format_option()
@pass_portal
def list_(portal: Portal, tenant: str | None, shape: str) -> None:
    """List the KPIs that can be asked for."""
    from portal.cli.definitions import say_list  # noqa: PLC0415 - see above
    from portal.services import definitions  # noqa: PLC0415

    with _maybe(portal, tenant) as session:
        found = definitions.catalogue(session)
    say_list(found, shape)


@commands.command()
@click.argument("kpi", metavar="KEY")
@click.option("--tenant", metavar="KEY", help="As this tenant has it.")
@format_option()
@pass_portal
def show(portal: Portal, kpi: str, tenant: str | None, shape: str) -> None:
    """Show one KPI: what it answers, how it is computed, what it stands on."""
    from portal.cli.definitions import plain_kpi  # noqa: PLC0415 - see above
    from portal.services import definitions  # noqa: PLC0415

    with _maybe(portal, tenant) as session:
        found = definitions.catalogue(session)
    card = plain_kpi(found.kpi(kpi), found)
    if shape == "json":
        say_json(card)
    else:
        say_card({name: _line(part) for name, part in card.items()})


@commands.command()
@click.argument("file", type=_FILE, required=False)
@click.option("--tenant", metavar="KEY", help="Against this tenant's KPIs and settings.")
@format_option()
@pass_portal
def lint(portal: Portal, file: Path | None, tenant: str | None, shape: str) -> int:
    """Check a file of definitions, or without a file a tenant's whole framework.

    Exits with 2 when a definition cannot be used, or the framework has an error that is not waived.

    \b
    portal kpi lint kpis.yaml --tenant acme
    portal kpi lint --tenant acme --format json
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.cli.definitions import read_text, say_issues  # noqa: PLC0415 - see above
    from portal.services import definitions  # noqa: PLC0415

    if file is None:
        return _lint_framework(portal, tenant, shape)
    text = read_text(file)
    with _maybe(portal, tenant) as session:
        issues = definitions.lint(session, text, file.name)
    say_issues(issues, shape)
    return _REFUSED if any(one.severity.value == "error" for one in issues) else 0


def _lint_framework(portal: Portal, tenant: str | None, shape: str) -> int:
    from kpi_engine.framework.rule import Severity  # noqa: PLC0415 - see above
    from portal.cli.framework import say_check  # noqa: PLC0415
    from portal.services import linting, moments  # noqa: PLC0415

    if tenant is None:
        raise click.UsageError("Name a file of definitions, or with --tenant whose framework.")
    with portal.session(tenant) as session:
        ground = linting.ground_of(session)
        today = ground.calendar.local_date(moments.naive(portal.now()))
        found = linting.check(session, ground, today)
    say_check(found, shape)
    return _REFUSED if found.count(Severity.ERROR) else 0


@commands.command()
@click.argument("file", type=_FILE)
@tenant_option()
@format_option()
@pass_portal
def apply(portal: Portal, file: Path, tenant: str, shape: str) -> None:
    """Make the definitions of a file the tenant's own: all of them, or none.

    \b
    portal kpi apply kpis.yaml --tenant acme
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.cli.definitions import read_text, say_applied  # noqa: PLC0415 - see above
    from portal.services import definitions  # noqa: PLC0415

    text = read_text(file)
    with portal.session(tenant) as session:
        done = definitions.apply(session, text, file.name, portal.now())
    say_applied(done, shape)


@commands.command()
@tenant_option()
@click.option("--kpi", required=True, metavar="KEY", help="Which.")
@click.option(
    "--grain",
    default="month",
    show_default=True,
    metavar="GRAIN",
    help="day, week, month, quarter or year.",
)
@click.option("--team", metavar="ID", help="As observed for this team and those below.")
@click.option("--owner", metavar="ID", help="As observed for this owner.")
@format_option()
@pass_portal
def history(portal: Portal, /, tenant: str, shape: str, **asked: Any) -> None:  # noqa: ANN401 - click's options
    """Show a KPI's past: as first known, as now known, and why they differ.

    \b
    portal kpi history --tenant acme --kpi won_revenue --grain quarter
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.cli.history import say_history  # noqa: PLC0415 - see above
    from portal.services import histories  # noqa: PLC0415
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    past = histories.history(workshop_of(portal), key, histories.Asked(**asked), portal.now())
    say_history(past, shape)


def _maybe(portal: Portal, tenant: str | None) -> "AbstractContextManager[TenantSession | None]":
    return nullcontext() if tenant is None else portal.session(tenant)


def _wanted(asked: dict[str, Any]) -> "Wanted":
    from portal.services.kpis import Wanted  # noqa: PLC0415 - see above

    days = {name: given.date() for name, given in asked.items() if isinstance(given, datetime)}
    return Wanted(**{**asked, **days})


def _line(part: object) -> object:
    return ", ".join(str(one) for one in part) if isinstance(part, list) else part
