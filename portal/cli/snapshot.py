"""`portal snapshot`: store what every KPI was in a closed period."""

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json, tenant_option
from portal.cli.workshop import engine_option, workshop_of


@click.command("snapshot")
@tenant_option()
@click.option("--period", metavar="LABEL", help="2017-03, 2017-Q1, 2017, 2017-W09.")
@click.option("--known-at", metavar="TIME", help="As it was known then; now if left out.")
@engine_option
@format_option()
@pass_portal
def command(
    portal: Portal, tenant: str, period: str | None, known_at: str | None, engine: str, shape: str
) -> None:
    """Store the value of every KPI of a closed period, for tenant, teams and owners.

    Without --period: the last closed week, month, quarter and year, and every period that was
    stored before is looked at again. What was stored stays; another value is a restatement with
    its cause. See: portal kpi history

    \b
    portal snapshot --tenant acme --period 2017-03
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import snapshots, tenants  # noqa: PLC0415 - loaded when it is called
    from portal.services.engines import calendar_of  # noqa: PLC0415
    from portal.services.kpis import moment_of  # noqa: PLC0415
    from portal.services.periods import period_of  # noqa: PLC0415
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    with portal.session(tenant) as session:
        card = tenants.get(session)
    named = period_of(period, calendar_of(card)) if period is not None else None
    moment = moment_of(known_at, card.timezone) if known_at is not None else None
    done = snapshots.take(workshop_of(portal, engine), key, named, portal.now(), moment)
    told = {
        "tenant": key,
        "periods": done.periods,
        "observed": done.observed,
        "restated": done.restated,
        "unchanged": done.unchanged,
        "version": done.version,
    }
    if shape == "json":
        say_json(told)
    else:
        say_card({**told, "periods": ", ".join(done.periods)})
