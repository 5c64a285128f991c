"""`portal store`: look at, compact and clean a tenant's store of facts."""

from typing import TYPE_CHECKING, Any

import click

from portal.cli.columns import say_columns
from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json, tenant_option
from portal.cli.workshop import say_wait, store_of

if TYPE_CHECKING:
    # Services bring the database's library with them; usage errors and help do without.
    from portal.services.loads import LoadCard

_COUNTS = ("inserted", "changed", "deleted", "rejected_rows")


@click.group("store")
def commands() -> None:
    """Look at, compact and clean a tenant's store of facts."""


@commands.command()
@tenant_option()
@click.option(
    "--last",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    metavar="N",
    help="So many, the newest first.",
)
@format_option()
@pass_portal
def loads(portal: Portal, tenant: str, last: int, shape: str) -> None:
    """List the newest loads: each that landed is a version of the store.

    \b
    portal store loads --tenant acme --last 10
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import loads as service  # noqa: PLC0415 - loaded when it is called
    from portal.services import tenants  # noqa: PLC0415

    with portal.session(tenant) as session:
        tenants.get(session)
        cards = service.newest(session, last)
    rows = [_plain(card) for card in cards]
    if shape == "json":
        say_json(rows)
        return
    counts = [name.removesuffix("_rows") for name in _COUNTS]
    head = ("version", "state", "source", "known at", "finished", *counts)
    say_columns(head, [_line(row) for row in rows], numbers=("version", *counts))


@commands.command()
@tenant_option()
@click.option("--all", "everything", is_flag=True, help="Also what does not need it yet.")
@click.option("--anew", is_flag=True, help="All, from the whole history: where a file is damaged.")
@format_option()
@pass_portal
def compact(portal: Portal, tenant: str, shape: str, *, everything: bool, anew: bool) -> None:
    """Bring what was loaded since the last time together, so that questions read less.

    The facts stay the same, and readers are not disturbed.
    """
    from portal.services import upkeep  # noqa: PLC0415 - loaded when it is called
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    store = store_of(portal)
    done = upkeep.compact(
        portal.database, store, key, everything=everything, anew=anew, waits=say_wait
    )
    told = {"tenant": key, "compacted": list(done)}
    if shape == "json":
        say_json(told)
    else:
        say_card({**told, "compacted": ", ".join(done) or "nothing needed it"})


@commands.command()
@tenant_option()
@format_option()
@click.pass_context
def check(context: click.Context, tenant: str, shape: str) -> None:
    """Read all files of the version that now is, and name those that are damaged.

    Ends with status 1 if there are any. A compacted file is made again by `compact --anew`; one
    of the history has to come back from a backup.
    """
    from portal.services import upkeep  # noqa: PLC0415 - loaded when it is called
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    portal, key = context.ensure_object(Portal), tenant_key(tenant)
    found = upkeep.check(portal.database, store_of(portal), key)
    if shape == "json":
        say_json({"tenant": key, "damaged": list(found)})
    else:
        say_card({"tenant": key, "damaged": ", ".join(found) or "nothing"})
    if found:
        context.exit(1)


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
    done = upkeep.clean(portal.database, store_of(portal), key, waits=say_wait)
    told = {"tenant": key, "files": done.files, "bytes": done.size}
    if shape == "json":
        say_json(told)
    else:
        say_card(told)


def _plain(card: "LoadCard") -> dict[str, Any]:
    report = card.report or {}
    return {
        "version": card.seq,
        "state": _state(card),
        "source": card.source,
        "known_at": card.loaded_at,
        "finished_at": card.finished_at,
        **{name: report.get(name) for name in _COUNTS},
        "error": report.get("error"),
    }


def _state(card: "LoadCard") -> str:
    """A load that found nothing new made no version, but did not fail either."""
    outcome = (card.report or {}).get("outcome")
    return "unchanged" if outcome == "unchanged" else card.state.value


def _line(row: dict[str, Any]) -> tuple[object, ...]:
    times = (row[name] and f"{row[name]:%Y-%m-%d %H:%M:%S}" for name in ("known_at", "finished_at"))
    counts = (None if row[name] is None else f"{row[name]:,}" for name in _COUNTS)
    return row["version"], row["state"], row["source"], *times, *counts
