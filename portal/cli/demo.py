"""`portal demo`: the portal with two companies in it, for looking round."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_json
from portal.cli.workshop import store_of, workshop_of
from portal.config import LOOPBACK, Config, Mode

if TYPE_CHECKING:
    # Loaded when the command is called: `--help` and usage errors need none of it.
    from portal.services.office import Office

_WORKERS, _THREADS = 2, 8


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8050, show_default=True, help="The port."
)
@click.option("--make-only", is_flag=True, help="Make what is missing, and serve nothing.")
@click.option("--scorecard", is_flag=True, help="Print the KPIs of two data sets instead.")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also draw the first printed scorecard into this SVG file.",
)
@format_option()
@pass_portal
def command(  # noqa: PLR0913 - one parameter an option
    portal: Portal,
    *,
    host: str,
    port: int,
    make_only: bool,
    scorecard: bool,
    picture: Path | None,
    shape: str,
) -> int:
    """Make the demo tenants where they are missing, and serve the portal until it is stopped.

    It tells where to sign in and as whom: people of every role, with a password that is made by
    chance in each data folder. It is for one's own machine.

    \b
    portal demo
    portal demo --port 8080 --format json
    portal demo --scorecard
    """  # noqa: D301 - \b is click's mark for lines that are kept
    if scorecard or picture is not None:
        return _scorecards(portal, picture, shape)
    _make_ready(portal)
    if make_only:
        _tell(portal, f"http://{host}:{port}", shape)
        return 0
    # The web server brings everything with it; usage errors and help do without.
    from portal.cli.serving import Listening, serve  # noqa: PLC0415

    # The processes that answer are forked from this one and share no connection with it.
    portal.database.close()
    config = _of_demo(portal.config, host, port)
    listening = Listening(host, port, _WORKERS, _THREADS)
    return serve(config, portal.now, listening, lambda url: _tell(portal, url, shape))


def _of_demo(config: Config, host: str, port: int) -> Config:
    """The settings with what is the demo's own: cookies work without https on this machine."""
    url = f"http://{host if host in LOOPBACK else '127.0.0.1'}:{port}"
    return dataclasses.replace(config, mode=Mode.DEMO, url=url)


def _office(portal: Portal) -> "Office":
    from portal.services.office import Office  # noqa: PLC0415 - see above

    return Office(portal.database, store_of(portal), portal.config.home, portal.now)


def _make_ready(portal: Portal) -> None:
    from portal.demo.ready import Stage, make_ready  # noqa: PLC0415 - see above

    make_ready(Stage(_office(portal), workshop_of(portal), lambda told: click.echo(told, err=True)))


def _tell(portal: Portal, url: str, shape: str) -> None:
    """Say where to sign in and as whom."""
    from portal.demo.cast import CAST, password  # noqa: PLC0415 - see above

    word = password(portal.config.home)
    if shape == "json":
        users = [
            {
                "tenant": one.company,
                "email": one.email,
                "password": word,
                "roles": [role.value for role in one.roles],
            }
            for one in CAST
        ]
        say_json({"url": url, "users": users})
        return
    click.echo(f"The portal answers at {url}. Everybody's password here is {word}\n")
    width = max(len(one.email) for one in CAST)
    for one in CAST:
        roles = ", ".join(role.value for role in one.roles)
        click.echo(f"  {one.email:<{width}}  {roles:<16}  {one.as_}")
    click.echo("\nStop it with Ctrl-C.")


def _scorecards(portal: Portal, picture: Path | None, shape: str) -> int:
    """Print the KPIs of the data sets that ship, by journey stage."""
    from portal.cli.scorecard import draw, plain_scorecard, say_scorecards  # noqa: PLC0415
    from portal.demo.companies import IN_TERMINAL  # noqa: PLC0415
    from portal.demo.making import is_made, make  # noqa: PLC0415
    from portal.demo.scorecard import scorecard  # noqa: PLC0415

    office = _office(portal)
    for company in IN_TERMINAL:
        if not is_made(office, company):
            click.echo(f"Making the demo tenant {company.profile.name} …", err=True)
            make(office, company)
    cards = [scorecard(workshop_of(portal), company, portal.now()) for company in IN_TERMINAL]
    if shape == "json":
        say_json({"tenants": [plain_scorecard(card) for card in cards]})
    else:
        say_scorecards(cards)
    if picture is not None:
        draw(cards[0], picture)
    return 0
