"""`portal tenant`: make a tenant, and set what its numbers need."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json, say_table
from portal.errors import BadInputError

if TYPE_CHECKING:
    # Services bring the database's library with them; usage errors and help do without.
    from kpi_engine.crm.stages import StageMap
    from portal.services.tenants import TenantCard


@click.group("tenant")
def commands() -> None:
    """Make a tenant, and set what its numbers need."""


@commands.command()
@click.argument("tenant", metavar="KEY")
@click.option("--name", required=True, help="The company's name.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name; days begin by it.")
@click.option("--currency", default="USD", show_default=True, help="ISO 4217; money without one.")
@click.option(
    "--fiscal-start",
    type=int,
    default=1,
    show_default=True,
    metavar="MONTH",
    help="The month that the fiscal year begins with, 1 to 12.",
)
@click.option(
    "--week-start",
    default="monday",
    show_default=True,
    metavar="DAY",
    help="The day that the week begins with.",
)
@format_option()
@pass_portal
def create(portal: Portal, /, tenant: str, shape: str, **profile: Any) -> None:  # noqa: ANN401 - click's options
    """Make a tenant.

    \b
    portal tenant create acme --name "Acme Corp" --timezone Europe/Paris --fiscal-start 4
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import tenants  # noqa: PLC0415 - see above

    with portal.session(tenant) as session:
        card = tenants.create(session, tenants.Profile(**profile), portal.now())
    _say(card, shape)


@commands.command()
@click.argument("tenant", metavar="KEY")
@format_option()
@pass_portal
def show(portal: Portal, tenant: str, shape: str) -> None:
    """Show a tenant: its zone, currency, calendar and settings."""
    from portal.services import tenants  # noqa: PLC0415 - see above

    with portal.session(tenant) as session:
        card = tenants.get(session)
    _say(card, shape)


@commands.command("set")
@click.argument("tenant", metavar="KEY")
@click.argument("setting")
@click.argument("value")
@format_option()
@pass_portal
def set_(portal: Portal, tenant: str, setting: str, value: str, shape: str) -> None:
    """Set a limit, window or weight that KPIs use; `null` goes back to its default.

    VALUE is JSON, or text as it stands.

    \b
    portal tenant set acme lead_response_limit 2h
    portal tenant set acme satisfied_from 5
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import tenants  # noqa: PLC0415 - see above

    found = _value(value)
    with portal.session(tenant) as session:
        card = tenants.set_setting(session, setting, found)
    _say(card, shape)


@commands.command()
@click.argument("tenant", metavar="KEY")
@click.option("--issuer", metavar="URL", help="The provider's address, as it calls itself.")
@click.option("--client-id", metavar="ID", help="Under which id it knows this portal.")
@click.option("--host", "hosts", multiple=True, help="A host of it besides the issuer's.")
@click.option("--off", is_flag=True, help="People sign in by password only.")
@format_option()
@pass_portal
def oidc(portal: Portal, /, tenant: str, shape: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Let an OpenID Connect provider vouch for a tenant's people; without options, show it.

    The client secret is read from standard input and kept sealed. The address to give to the
    provider is PORTAL_URL with /login/provider/back.

    \b
    portal tenant oidc acme --issuer https://sso.example.org --client-id portal
    portal tenant oidc acme --off
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.cli.provider import change  # noqa: PLC0415 - see above

    told = change(portal, tenant, given)
    if shape == "json":
        say_json(told)
    else:
        say_card(told)


@commands.command()
@click.argument("tenant", metavar="KEY")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@format_option()
@pass_portal
def stages(portal: Portal, tenant: str, file: Path | None, shape: str) -> None:
    """Show the stage map; with FILE, add that file's `stages:` to it first.

    \b
    stages:
      Prospecting: {status: open, order: 1, probability: 0.10, forecast: pipeline}
      Won:         {status: won}
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import tenants  # noqa: PLC0415 - see above

    given = _stages_of(file) if file else {}
    with portal.session(tenant) as session:
        found = tenants.merge_stages(session, given) if given else tenants.get(session).stages
    _say_stages(found, shape)


def _stages_of(file: Path) -> "StageMap":
    from portal.connectors.source_file import read_stages  # noqa: PLC0415 - see above

    found = read_stages(file)
    if not found:
        raise BadInputError(f"{file.name} names no stage. It has to have a mapping `stages:`.")
    return found


def _value(text: str) -> object:
    """What a person wrote as JSON; a text where it is none."""
    try:
        found: object = json.loads(text, parse_constant=_refuse_constant)
    except (json.JSONDecodeError, RecursionError):
        return text
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise BadInputError(f"A setting can't be {word}. Give a number that is finite.")


def _say(card: "TenantCard", shape: str) -> None:
    from portal.services.inputs import WEEKDAYS  # noqa: PLC0415 - see above

    told = {
        "tenant": card.key,
        "name": card.name,
        "timezone": card.timezone,
        "currency": card.currency,
        "fiscal_start": card.fiscal_start,
        "week_start": WEEKDAYS[card.week_start],
    }
    if shape == "json":
        stages_told = {name: _rule(rule) for name, rule in card.stages.items()}
        say_json({**told, "settings": card.settings, "stages": stages_told})
    else:
        say_card({**told, **{name: json.dumps(own) for name, own in card.settings.items()}})


def _say_stages(stages: "StageMap", shape: str) -> None:
    if shape == "json":
        say_json({name: _rule(rule) for name, rule in stages.items()})
    else:
        rows = ((name, *_rule(rule).values()) for name, rule in stages.items())
        say_table(("stage", "status", "order", "probability", "forecast"), rows)


def _rule(rule: Any) -> dict[str, object]:  # noqa: ANN401 - a StageRule, loaded by the service
    return {
        "status": rule.status,
        "order": rule.order,
        "probability": rule.probability,
        "forecast": rule.forecast,
    }
