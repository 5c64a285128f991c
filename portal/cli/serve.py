"""`portal serve`: the portal in a browser."""

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.memory import from_one_place

_MOST_WORKERS = 64


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8050, show_default=True, help="The port."
)
@click.option(
    "--workers",
    type=click.IntRange(0, _MOST_WORKERS),
    default=2,
    show_default=True,
    help="Processes that answer; 0 answers in this one, for trying things out.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, _MOST_WORKERS),
    default=8,
    show_default=True,
    help="Requests that a process answers at once.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65_535),
    default=0,
    metavar="PORT",
    help="Figures for Prometheus, at this port of 127.0.0.1; none if left out.",
)
@pass_portal
def command(
    portal: Portal, host: str, port: int, workers: int, threads: int, metrics_port: int
) -> int:
    """Serve the portal until it is told to stop.

    It refuses to start when a route, a callback or a job has no permission declared.

    \b
    portal serve
    portal serve --host 0.0.0.0 --port 8080 --workers 4
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from_one_place()
    # The web server brings everything with it; usage errors and help do without.
    from portal.cli.serving import Listening, serve  # noqa: PLC0415

    return serve(portal.config, portal.now, Listening(host, port, workers, threads, metrics_port))
