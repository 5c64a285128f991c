"""`portal target`: what KPIs should be, by period and scope."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from portal.cli.context import Portal, pass_portal
from portal.cli.output import format_option, say_card, say_json, say_table, tenant_option
from portal.cli.workshop import workshop_of
from portal.errors import BadInputError, UnknownNameError

if TYPE_CHECKING:
    # Services bring the database's library with them; usage errors and help do without.
    from kpi_engine.definitions.catalogue import Catalogue
    from kpi_engine.periods import Calendar
    from portal.services.numbers import Who
    from portal.services.target_sources import Imported
    from portal.tenancy.session import TenantSession

_HEAD = ("kpi", "period", "scope", "target", "amber", "red", "source", "set by", "set at", "note")

_kpi = click.option("--kpi", required=True, metavar="KEY", help="Which KPI.")
_kpis = click.option("--kpi", "kpis", multiple=True, metavar="KEY", help="Only this one; repeat.")
_period = click.option(
    "--period", "label", required=True, metavar="LABEL", help="2017-03, 2017-Q1, 2017."
)
_team = click.option("--team", metavar="ID", help="For this team of the CRM.")
_owner = click.option("--owner", metavar="ID", help="For this person of the CRM.")
_note = click.option("--note", default="", help="Why.")


@click.group("target")
def commands() -> None:
    """Set what KPIs should be, by period and scope; import quotas; copy forward."""


@commands.command("set")
@tenant_option()
@_kpi
@_period
@_team
@_owner
@click.option("--value", type=float, help="The target; a ratio is 0 to 1.")
@click.option("--low", type=float, help="For a range: its lower bound.")
@click.option("--high", type=float, help="For a range: its upper bound.")
@click.option("--amber", type=float, help="Where good ends; at the target unless told.")
@click.option("--red", type=float, help="Where bad begins; a tenth beyond unless told.")
@click.option("--withdraw", is_flag=True, help="There is no target any more.")
@_note
@format_option()
@pass_portal
def set_target(portal: Portal, /, *, tenant: str, shape: str, **told: Any) -> None:  # noqa: ANN401 - click's options
    """Set a target. What was said before stays as its history.

    \b
    portal target set --tenant acme --kpi win_rate --period 2017-Q1 --value 0.3 --note "as agreed"
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import targets  # noqa: PLC0415 - loaded when called
    from portal.services.periods import period_of  # noqa: PLC0415

    figures = {name: told[name] for name in ("value", "low", "high", "amber", "red")}
    if told["withdraw"] != all(figures[name] is None for name in ("value", "low", "high")):
        raise BadInputError("Give a --value, a range with --low and --high, or --withdraw.")
    with portal.session(tenant) as session:
        calendar, catalogue = _settings(session)
        kpi = catalogue.kpi(told["kpi"])
        who = _who(session, told["team"], told["owner"])
        slot = targets.Slot(kpi.key, period_of(told["label"], calendar), who)
        target = targets.Target(**figures, note=told["note"])
        author = targets.Author(targets.BY_COMMAND)
        changed = targets.put(session, kpi, slot, target, author, portal.now())
    card = {"tenant": tenant, "kpi": kpi.key, "period": slot.period.label, "changed": changed}
    say_json({**card, **figures}) if shape == "json" else say_card({**card, **figures})


@commands.command("list")
@tenant_option()
@_kpis
@click.option("--period", "label", metavar="LABEL", help="Only of this period.")
@format_option()
@pass_portal
def list_targets(
    portal: Portal, tenant: str, kpis: tuple[str, ...], label: str | None, shape: str
) -> None:
    """List the targets that hold, with who set them, when and why."""
    from portal.services import target_list  # noqa: PLC0415 - loaded when called
    from portal.services.periods import period_of  # noqa: PLC0415

    with portal.session(tenant) as session:
        calendar, catalogue = _settings(session)
        keys = {catalogue.kpi(key).key for key in kpis}
        period = period_of(label, calendar) if label is not None else None
        found = [
            one
            for one in target_list.holding(session, calendar)
            if (not keys or one.kpi in keys) and period in {None, one.period}
        ]
    if shape == "json":
        say_json([one.plain() for one in found])
        return
    rows = [tuple(one.plain()[name.replace(" ", "_")] for name in _HEAD) for one in found]
    say_table(_HEAD, rows)


@commands.command("import-quota")
@tenant_option()
@format_option()
@pass_portal
def import_quota(portal: Portal, tenant: str, shape: str) -> None:
    """Make a target of every quota of the CRM. What a person has set stays."""
    from portal.services import target_sources  # noqa: PLC0415 - loaded when called
    from portal.tenancy.keys import tenant_key  # noqa: PLC0415

    key = tenant_key(tenant)
    with portal.session(tenant) as session:
        _settings(session)
    _say(key, target_sources.import_quotas(workshop_of(portal), key, portal.now()), shape)


@commands.command("copy")
@tenant_option()
@_kpis
@click.option("--from", "source", required=True, metavar="LABEL", help="The period to copy.")
@click.option("--to", "into", required=True, metavar="LABEL", help="The period to set.")
@click.option("--factor", type=float, default=1.0, show_default=True, help="1.1: a tenth more.")
@_note
@format_option()
@pass_portal
def copy(portal: Portal, /, *, tenant: str, shape: str, **told: Any) -> None:  # noqa: ANN401 - click's options
    """Copy the targets of a period to a later one. What is set there already stays.

    \b
    portal target copy --tenant acme --from 2017-Q1 --to 2017-Q2 --kpi won_revenue --factor 1.05
    """  # noqa: D301 - \b is click's mark for lines that are kept
    from portal.services import target_sources, targets  # noqa: PLC0415 - loaded when called
    from portal.services.periods import period_of  # noqa: PLC0415

    with portal.session(tenant) as session:
        calendar, catalogue = _settings(session)
        kpis = [catalogue.kpi(key) for key in told["kpis"] or catalogue]
        copied = target_sources.Forward(
            period_of(told["source"], calendar),
            period_of(told["into"], calendar),
            told["factor"],
            told["note"],
        )
        author = targets.Author(targets.BY_COMMAND)
        done = target_sources.copy_forward(session, kpis, copied, author, portal.now())
    _say(tenant, done, shape)


def _say(tenant: str, done: "Imported", shape: str) -> None:
    told = {"tenant": tenant, **asdict(done)}
    if shape == "json":
        say_json(told)
    else:
        say_card({**told, "unknown": ", ".join(done.unknown)})


def _settings(session: "TenantSession") -> "tuple[Calendar, Catalogue]":
    from portal.services import tenants  # noqa: PLC0415 - loaded when called
    from portal.services.engines import calendar_of, catalogue_of  # noqa: PLC0415

    card = tenants.get(session)
    return calendar_of(card), catalogue_of(session, card)


def _who(session: "TenantSession", team: str | None, owner: str | None) -> "Who":
    """Return the scope that a person named by its id in the CRM."""
    from portal.models.observations import ScopeKind  # noqa: PLC0415 - loaded when called
    from portal.services.numbers import TENANT, Who  # noqa: PLC0415
    from portal.services.rosters import roster  # noqa: PLC0415

    if team is not None and owner is not None:
        raise BadInputError("Name a team or an owner, not both.")
    if team is None and owner is None:
        return TENANT
    found = roster(session)
    if team is not None:
        unit = found.of_team(team)
        if unit is None:
            raise UnknownNameError("team", team, [one.id for one in found.teams.values()])
        return Who(ScopeKind.TEAM, unit.key)
    member = found.of_crm_user(owner)
    if member is None:
        raise UnknownNameError("owner", str(owner), [one.id for one in found.people.values()])
    return Who(ScopeKind.OWNER, member.key)
