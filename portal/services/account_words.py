"""What is said of an account: its roles, its standing, and who it is in the CRM."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from kpi_engine.language import tr, trc
from portal.models.people import Person
from portal.readmodels.formats import Formats
from portal.services.rosters import Roster


def role(word: str) -> str:
    """Return a role as it stands within a sentence."""
    return {
        "rep": trc("role", "rep"),
        "leader": trc("role", "leader"),
        "executive": trc("role", "executive"),
        "owner": trc("role", "owner"),
        "analyst": trc("role", "analyst"),
        "admin": trc("role", "admin"),
    }.get(word, word)


def roles(words: Iterable[str]) -> str:
    """Return several roles, one after the other."""
    return ", ".join(map(role, words))


def roles_alone(words: Iterable[str]) -> str:
    """Return several roles as they stand alone, in a cell: 'Leader, owner'; empty without any."""
    told = roles(words)
    return told[:1].upper() + told[1:]


def crm(row: Person, roster: Roster) -> str:
    """Return who a person is in the CRM: the name of the team, and their id there.

    A team that the CRM does not name (yet), or that two sources call the same, is told by its id.
    """
    parts = []
    if row.team_id:
        team = roster.of_team(row.team_id)
        parts.append(tr("Team {id}", id=row.team_id) if team is None else team.name)
    if row.crm_user_id:
        parts.append(tr("user {id}", id=row.crm_user_id))
    told = ", ".join(parts)
    return told[:1].upper() + told[1:] or tr("not in the CRM")


def standing(row: Person, formats: Formats, zone: ZoneInfo, *, factor: bool) -> str:
    """Return whether a person can sign in, and with what; days are those of the zone."""
    told = _standing(row, formats, zone)
    return tr("{standing}, second factor", standing=told) if factor else told


def _standing(row: Person, formats: Formats, zone: ZoneInfo) -> str:
    if row.disabled_at is not None:
        return tr("Shut since {day}", day=formats.day(row.disabled_at.astimezone(zone).date()))
    return tr("Active") if row.password_hash else tr("No password yet")
