"""`portal user`: the people who use the portal."""

import sys

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json, tenant_option
from portal.errors import BadInputError


@click.group("user")
def commands() -> None:
    """Add the people who use the portal."""


@commands.command()
@tenant_option()
@click.argument("email")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    help="rep, leader, executive, owner, analyst or admin; may be given more than once.",
)
@click.option("--crm-user", metavar="ID", help="The `user` of the CRM that this person is.")
@click.option("--team", metavar="ID", help="The `team` of the CRM that this person is in.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@format_option()
@pass_portal
def add(  # noqa: PLR0913 - one parameter an option
    portal: Portal,
    *,
    tenant: str,
    email: str,
    roles: tuple[str, ...],
    crm_user: str | None,
    team: str | None,
    password_stdin: bool,
    shape: str,
) -> None:
    """Add a person.

    \b
    portal user add --tenant acme ann@example.org --role leader --crm-user 42 --team 7
    """  # noqa: D301 - \b is click's mark for lines that are kept
    # Services bring the database's library with them; usage errors and help do without.
    from portal.services import people  # noqa: PLC0415

    password = _password() if password_stdin else None
    new = people.NewPerson(email, roles, crm_user, team, password)
    with portal.session(tenant) as session:
        card = people.add(session, new, portal.now())
    told = {
        "tenant": tenant,
        "email": card.email,
        "roles": list(card.roles),
        "crm_user": card.crm_user_id,
        "team": card.team_id,
        "password": card.has_password,
    }
    if shape == "json":
        say_json(told)
    else:
        is_set = "set" if card.has_password else "not set"
        say_card({**told, "roles": ", ".join(card.roles), "password": is_set})
        if not card.has_password:
            click.echo(f"\n{_HOW_THEY_GET_IN}")


_HOW_THEY_GET_IN = (
    "They choose a password by a link in a mail: an administrator invites them on the page of"
    " people, or they ask for one themselves where they sign in (Forgotten the password?)."
)


@commands.command("reset-sign-in")
@tenant_option()
@click.argument("email")
@pass_portal
def reset_sign_in(portal: Portal, tenant: str, email: str) -> None:
    """Forget a person's second factor; for an administrator whom no other one can help.

    \b
    portal user reset-sign-in --tenant acme ann@example.org
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import administration  # noqa: PLC0415 - see above
    from portal.services.auditing import Trace  # noqa: PLC0415 - see above

    with portal.session(tenant) as session:
        said = administration.reset_by_operator(session, email, Trace(portal.now()))
    click.echo(said)


def _password() -> str:
    """The first line of standard input."""
    if sys.stdin is None:
        raise BadInputError("There is no standard input to read the password from.")
    try:
        given = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise BadInputError("The password on standard input is not text in UTF-8.") from None
    if not given:
        raise BadInputError("Standard input holds no password in its first line.")
    return given
