"""The `portal` command's frame: which commands there are, and how a refusal is said.

A command's module is loaded when the command is called, so that each starts with only what it
needs. A refusal is one sentence on standard error and exit status 2, never a traceback. A fault of
the portal's own is one sentence as well, and exit status 1.
"""

import gc
import importlib
import os
import sys
from contextlib import suppress
from typing import Any

import click

from kpi_engine.errors import KpiError, did_you_mean
from portal.cli.context import Portal
from portal.errors import PortalError

COMMANDS = {
    "backup": ("portal.cli.backup:backup", "Write database and facts into one file."),
    "db": ("portal.cli.database:commands", "Start, stop and upgrade the database."),
    "demo": ("portal.cli.demo:command", "Make the demo tenants and show their scorecard."),
    "import": ("portal.cli.imports:command", "Bring a CRM export into a tenant."),
    "kpi": ("portal.cli.kpi:commands", "Ask for KPIs, and see, check and apply definitions."),
    "refresh": ("portal.cli.refresh:command", "Bring what pages show up to the facts."),
    "restore": ("portal.cli.backup:restore", "Bring a backup into an empty data folder."),
    "scheduler": ("portal.cli.scheduler:command", "Keep the numbers fresh: load, refresh, close."),
    "serve": ("portal.cli.serve:command", "Serve the portal to browsers."),
    "snapshot": ("portal.cli.snapshot:command", "Store the KPIs of a closed period."),
    "store": ("portal.cli.store:commands", "Look at, compact and clean the store of facts."),
    "target": ("portal.cli.target:commands", "Set what KPIs should be; import quotas."),
    "tenant": ("portal.cli.tenant:commands", "Make a tenant, and set what its numbers need."),
    "user": ("portal.cli.user:commands", "Add the people who use the portal."),
}
"""Each command's `module:attribute` and its line in the help."""

REFUSED = 2
_FAILED = 1
_SELDOM = 100_000
_INTERRUPTED = 130


class LazyGroup(click.Group):
    """A group whose commands are loaded when they are called, listed without being loaded."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        found = getattr(importlib.import_module(module), attribute)
        assert isinstance(found, click.Command)  # noqa: S101 - what the table above promises
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = did_you_mean(args[0], COMMANDS) or " See: portal --help"
            raise click.UsageError(f"There is no command '{args[0]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by the table: help loads none of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in sorted(COMMANDS.items())])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="meridian", prog_name="portal", message="%(prog)s %(version)s")
def portal() -> None:
    """A KPI framework on CRM data.

    \b
    portal tenant create acme --name "Acme Corp" --timezone Europe/Paris --currency EUR
    portal import --tenant acme source.yaml
    portal kpi values --tenant acme --kpi win_rate --grain quarter --from 2017-01-01 --to 2018-01-01

    Data lies in PORTAL_HOME (default ./var).
    """  # noqa: D301 - \b is click's mark for lines that are kept


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 when it did what was asked, 2 when it could not, with why."""
    # A command is short and mostly loads modules: looking for circles among them every so often
    # was a tenth of its time.
    gc.set_threshold(_SELDOM)
    _hold_standard_files()
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def _hold_standard_files() -> None:
    """Open what was closed of the first three files: else a connection would get its number.

    A library that complains to standard error would then write into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit status."""
    with Portal(os.environ) as context:
        try:
            return _status(portal.main(arguments, "portal", standalone_mode=False, obj=context))
        except click.exceptions.Exit as ended:
            return ended.exit_code
        except (click.Abort, KeyboardInterrupt):
            click.echo("Stopped.", err=True)
            return _INTERRUPTED
        except BrokenPipeError:
            # Whoever read the output has seen enough; Python's own last flush must not complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, no traceback
            return _ended_by(error, arguments, context)


def _status(returned: Any) -> int:  # noqa: ANN401 - click hands on what the command returns
    """The exit status that a command returned, if it returned one."""
    return returned if isinstance(returned, int) else 0


def _usage(error: click.ClickException) -> str:
    """The sentence of an error in the command's words, and where they are explained."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    sentence = error.format_message().strip().replace("\n", " ")
    if isinstance(error, click.UsageError) and error.ctx and "--help" not in sentence:
        return f"{sentence} See: {error.ctx.command_path} --help"
    return sentence


def _ended_by(error: Exception, arguments: list[str], context: Portal) -> int:
    """Say why a command ended: it was asked what cannot be done, or the portal itself failed."""
    if isinstance(error, click.ClickException):
        return _refuse(_usage(error))
    if isinstance(error, PortalError | KpiError):
        return _refuse(str(error))
    from portal.cli.mishaps import record  # noqa: PLC0415 - seldom needed
    from portal.services.shortages import sentence  # noqa: PLC0415

    if short := sentence(error):
        return _refuse(short)
    # What happened goes to a file, for who looks after the portal.

    home = None
    with suppress(PortalError):
        home = context.config.home
    sys.stdout.flush()
    click.echo(record(error, arguments, home, context.now()), err=True)
    return _FAILED


def _refuse(sentence: str) -> int:
    sys.stdout.flush()
    click.echo(sentence, err=True)
    return REFUSED
