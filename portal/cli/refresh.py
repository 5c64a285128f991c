"""`portal refresh`: bring what pages read up to the facts."""

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json, tenant_option
from portal.cli.workshop import say_wait, workshop_of


@click.command("refresh")
@tenant_option()
@click.option(
    "--back",
    type=click.IntRange(1, 240),
    default=36,
    show_default=True,
    help="Months that are told.",
)
@format_option()
@pass_portal
def command(portal: Portal, tenant: str, back: int, shape: str) -> None:
    """Bring the numbers that pages read up to the facts and the day.

    Closed periods are observed, open ones read so far, teams and people taken over. The scheduler
    does the same after every load and every night; what no load has touched is not asked again.

    \b
    portal refresh --tenant acme
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import tenants  # noqa: PLC0415 - loaded when called
    from portal.services.refreshing import refresh  # noqa: PLC0415
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    with portal.session(tenant) as session:
        tenants.get(session)
    done = refresh(workshop_of(portal), key, portal.now(), back=back, waits=say_wait)
    told = {
        "tenant": key,
        "version": done.version,
        "first": done.days.first,
        "last": done.days.last,
        "kpis": done.kpis,
        "observed": done.observed,
        "restated": done.restated,
        "open": done.open,
        "seconds": round(done.seconds, 2),
    }
    if shape == "json":
        say_json(told)
    else:
        say_card(told)
