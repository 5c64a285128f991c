"""`portal store`: look at, compact and clean a tenant's store of facts."""

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json, say_table, tenant_option
from portal.cli.workshop import store_of


@click.group("store")
def commands() -> None:
    """Look at, compact and clean a tenant's store of facts."""


@commands.command()
@tenant_option()
@format_option()
@pass_portal
def loads(portal: Portal, tenant: str, shape: str) -> None:
    """List the newest loads: each that landed is a version of the store."""
    from portal.services import loads as service  # noqa: PLC0415 - loaded when it is called

    with portal.session(tenant) as session:
        cards = service.newest(session)
    rows = [
        {
            "version": card.seq,
            "state": card.state.value,
            "source": card.source,
            "known_at": card.loaded_at,
            "finished_at": card.finished_at,
        }
        for card in cards
    ]
    if shape == "json":
        say_json(rows)
    else:
        say_table(
            ("version", "state", "source", "known at", "finished"), (r.values() for r in rows)
        )


@commands.command()
@tenant_option()
@click.option("--all", "everything", is_flag=True, help="Also what does not need it yet.")
@format_option()
@pass_portal
def compact(portal: Portal, tenant: str, shape: str, *, everything: bool) -> None:
    """Bring what was loaded since the last time together, so that questions read less.

    The facts stay the same, and readers are not disturbed.
    """
    from portal.services import upkeep  # noqa: PLC0415 - loaded when it is called
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    done = upkeep.compact(portal.database, store_of(portal), key, everything=everything)
    told = {"tenant": key, "compacted": list(done)}
    if shape == "json":
        say_json(told)
    else:
        say_card({**told, "compacted": ", ".join(done) or "nothing needed it"})


@commands.command()
@tenant_option()
@format_option()
@pass_portal
def clean(portal: Portal, tenant: str, shape: str) -> None:
    """Remove files that no version needs any more and nobody is reading.

    Every past version can still be asked for: the history is kept.
    """
    from portal.services import upkeep  # noqa: PLC0415 - loaded when it is called
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    done = upkeep.clean(portal.database, store_of(portal), key)
    told = {"tenant": key, "files": done.files, "bytes": done.size}
    if shape == "json":
        say_json(told)
    else:
        say_card(told)
