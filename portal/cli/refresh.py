"""`portal refresh`: bring what pages read up to the facts."""

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json
from portal.cli.rooms import room_of, watched_of
from portal.cli.workshop import say_wait, workshop_of


@click.command("refresh")
@click.option("--tenant", metavar="KEY", help="Every tenant with a newer load, if left out.")
@click.option("--back", type=click.IntRange(1, 240), help="Months that are told.  [default: 36]")
@format_option()
@pass_portal
def command(portal: Portal, tenant: str | None, back: int | None, shape: str) -> None:
    """Bring the numbers that pages read up to the facts and the day.

    Closed periods are observed, open ones read so far, teams and people taken over. The scheduler
    does the same after every load and every night; what no load has touched is not asked again.

    \b
    portal refresh --tenant acme
    portal refresh
    """  # noqa: D301 - \b is click's mark for lines that are kept
    if tenant is None:
        if back is not None:
            raise click.UsageError("--back needs --tenant: each tenant keeps the months it has.")
        _all(portal, shape)
    else:
        _one(portal, tenant, back, shape)


def _all(portal: Portal, shape: str) -> None:
    """Do for every tenant what the scheduler does after a load, where it was not done yet."""
    from portal.jobs.jobs import JOBS, go_round  # noqa: PLC0415 - loaded when called

    job = next(job for job in JOBS if job.name == "refresh")
    said: list[str] = []
    worked = go_round(room_of(portal, "refresh", watched_of(portal), said.append), job)
    if shape == "json":
        say_json({"refreshed": worked, "said": said})
        return
    for line in said or ("Every tenant's pages tell of its newest load.",):
        click.echo(line)


def _one(portal: Portal, tenant: str, back: int | None, shape: str) -> None:
    from portal.services import tenants  # noqa: PLC0415 - loaded when called
    from portal.services.refreshing import BACK, refresh  # noqa: PLC0415
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    with portal.session(tenant) as session:
        tenants.get(session)
    done = refresh(workshop_of(portal), key, portal.now(), back=back or BACK, waits=say_wait)
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
