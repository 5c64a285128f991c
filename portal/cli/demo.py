"""`portal demo`: make the demo tenants and show their scorecard."""

from pathlib import Path

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_json
from portal.cli.workshop import store_of, workshop_of


@click.command("demo")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also draw the first scorecard into this SVG file.",
)
@format_option()
@pass_portal
def command(portal: Portal, picture: Path | None, shape: str) -> None:
    """Make the demo tenants where they are missing, and show their KPIs by journey stage.

    \b
    portal demo
    portal demo --format json
    portal kpi values --tenant ravenstack --kpi mrr --by industry --from 2024-01-01 --to 2025-01-01
    """  # noqa: D301 - \b is click's mark for lines that are kept
    # Services bring engine and database with them; usage errors and help do without.
    from portal.cli.scorecard import draw, plain_scorecard, say_scorecards  # noqa: PLC0415
    from portal.demo.companies import COMPANIES  # noqa: PLC0415
    from portal.demo.making import is_made, make  # noqa: PLC0415
    from portal.demo.scorecard import scorecard  # noqa: PLC0415
    from portal.services.import_run import Office  # noqa: PLC0415

    office = Office(portal.database, store_of(portal), portal.config.home, portal.now)
    for company in COMPANIES:
        if not is_made(office, company):
            click.echo(f"Making the demo tenant {company.profile.name} …", err=True)
            make(office, company)
    cards = [scorecard(workshop_of(portal), company, portal.now()) for company in COMPANIES]
    if shape == "json":
        say_json({"tenants": [plain_scorecard(card) for card in cards]})
    else:
        say_scorecards(cards)
    if picture is not None:
        draw(cards[0], picture)
