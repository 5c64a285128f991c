"""Targets that come in one go: those of the period before, and the quotas of the CRM."""

from collections.abc import Mapping
from datetime import datetime

from kpi_engine.language import tr
from portal.errors import DeniedError
from portal.security.actor import Actor
from portal.security.permissions import Permission
from portal.services import target_sources
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.target_aims import aim_of
from portal.services.target_sources import Forward, Imported
from portal.services.targets import Author


def refuse_part(desk: Desk) -> None:
    """Refuse who sees only a part of the company: these change targets of every scope.

    Raises:
        DeniedError: if the person may not.
    """
    if not desk.may(Permission.TARGET_EDIT) or not desk.reach.everything:
        raise DeniedError(
            tr("This changes targets of all teams; your role reaches only some of them.")
        )


def copy_before(desk: Desk, query: Mapping[str, str]) -> str:
    """Copy the targets of the period before into the one looked at; what is set there stays.

    Raises:
        DeniedError: if the person may not.
        BadInputError: if the address names what there is not.
    """
    refuse_part(desk)
    aim = aim_of(desk, query)
    before = desk.calendar.previous(aim.period)
    author = Author(desk.actor.name, desk.actor.person)
    done = target_sources.copy_forward(
        desk.session, desk.catalogue.values(), Forward(before, aim.period), author, desk.now
    )
    return tr("Copied from {period}: {what}", period=desk.formats.period(before), what=_told(done))


def quotas(workshop: Workshop, actor: Actor, now: datetime) -> str:
    """Take the quotas over as targets. Who may is asked before."""
    done = target_sources.import_quotas(workshop, actor.tenant, now)
    return tr("Taken from quotas: {what}", what=_told(done))


def _told(done: Imported) -> str:
    parts = [tr("{count} set", count=done.set)]
    if done.unchanged:
        parts.append(tr("{count} unchanged", count=done.unchanged))
    if done.kept:
        parts.append(tr("{count} kept as somebody set them", count=done.kept))
    told = f"{', '.join(parts)}."
    if done.unknown:
        told = " ".join([told, tr("Not a KPI: {names}.", names=", ".join(done.unknown))])
    return told
