"""What is said of an account: its roles, its standing, and who it is in the CRM."""

from collections.abc import Iterable

from kpi_engine.language import tr, trc
from portal.models.people import Person
from portal.readmodels.formats import Formats


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


def crm(row: Person) -> str:
    """Return who a person is in the CRM."""
    parts = []
    if row.crm_user_id:
        parts.append(tr("user {id}", id=row.crm_user_id))
    if row.team_id:
        parts.append(tr("team {id}", id=row.team_id))
    return ", ".join(parts) or tr("not in the CRM")


def standing(row: Person, formats: Formats, *, factor: bool) -> str:
    """Return whether a person can sign in, and with what."""
    told = _standing(row, formats)
    return tr("{standing}, second factor", standing=told) if factor else told


def _standing(row: Person, formats: Formats) -> str:
    if row.disabled_at is not None:
        return tr("Shut since {day}", day=formats.day(row.disabled_at.date()))
    return tr("Active") if row.password_hash else tr("No password yet")
