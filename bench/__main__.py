"""The command `python -m bench`."""

import json
import time
from pathlib import Path

import click

from bench import cases, machine, report
from bench.homes import end_servers, home_of
from bench.scale import SCALES
from bench.sides import SIDES
from bench.worker import serve

_ROOT = Path(__file__).parents[1]
_data = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=_ROOT / "bench-data",
    show_default="./bench-data",
    help="Where the made tenants lie; what is there is used again.",
)
_size = click.option("--size", type=click.Choice(list(SCALES)), help="The tenant to measure on.")


@click.group()
def main() -> None:
    """Measure the engine, the import and the store against SQL written by hand."""


@main.command()
@_data
@_size
@click.option("--only", multiple=True, type=click.Choice(list(cases.CASES)), help="These alone.")
@click.option("--rounds", default=5, show_default=True, help="How often each side is measured.")
@click.option("--when", help="The day or commit to write beside the figures; today if left out.")
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False),
    default=_ROOT / "docs" / "benchmarks.md",
    show_default="docs/benchmarks.md",
    help="The document that the figures are written into.",
)
def run(
    data: Path, size: str | None, only: tuple[str, ...], rounds: int, when: str | None, to: Path
) -> None:
    """Run the benches, print what they find, and write it into the document."""
    told = when or time.strftime("%Y-%m-%d")
    try:
        for name, (meant, case) in cases.CASES.items():
            if only and name not in only:
                continue
            section = case(data.absolute(), size or meant, rounds)
            report.write(to, [section], told, machine.described())
            click.echo(section.markdown(told, machine.described()))
    finally:
        end_servers(data.absolute())


@main.command()
@_data
@_size
def make(data: Path, size: str | None) -> None:
    """Make the data of a tenant, the large one if none is named."""
    click.echo(str(home_of(data.absolute(), size or "large")))


@main.command(hidden=True)
@click.argument("name", type=click.Choice(list(SIDES)))
@click.argument("told")
def side(name: str, told: str) -> None:
    """Serve one side of a bench to the process that measures it."""
    serve(SIDES[name](json.loads(told)))


main()
