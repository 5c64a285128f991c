"""`portal snapshot`: store what every KPI was in a closed period."""

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json, tenant_option
from portal.cli.workshop import engine_option, say_wait, workshop_of

_FEW = 12


@click.command("snapshot")
@tenant_option()
@click.option("--period", metavar="LABEL", help="2017-03, 2017-Q1, 2017, 2017-W09, 2017-03-31.")
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
    from portal.services import moments, snapshots, tenants  # noqa: PLC0415 - loaded when called
    from portal.services.engines import calendar_of  # noqa: PLC0415
    from portal.services.periods import period_of  # noqa: PLC0415
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key, now = tenant_key(tenant), portal.now()
    with portal.session(tenant) as session:
        calendar = calendar_of(tenants.get(session))
    named = period_of(period, calendar) if period is not None else None
    moment = moments.known_at(known_at, calendar, now) if known_at is not None else None
    done = snapshots.take(workshop_of(portal, engine), key, named, now, moment, say_wait)
    told = {
        "tenant": key,
        "periods": done.periods,
        "observed": done.observed,
        "restated": done.restated,
        "unchanged": done.unchanged,
        "newer": done.newer,
        "version": done.version,
        "known_at": done.known_at,
    }
    if shape == "json":
        say_json(told)
    else:
        say_card({**told, "periods": _few(done.periods), "known_at": f"{done.known_at:%F %T} UTC"})


def _few(labels: list[str]) -> str:
    """The periods, the last of them if they are many."""
    more = len(labels) - _FEW
    shown = ", ".join(labels[-_FEW:])
    return f"{more:,} earlier ones, {shown}" if more > 0 else shown
