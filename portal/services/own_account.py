"""What people change about themselves: their password, and how they read numbers and dates."""

from babel import Locale, UnknownLocaleError

from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models import people
from portal.models.people import Person
from portal.security.actor import Actor
from portal.security.passwords import hashed, matches
from portal.services import auditing, signing_in
from portal.services.auditing import Event, Trace
from portal.tenancy.database import Database
from portal.tenancy.session import TenantSession

LOCALES = ("en", "en_GB", "de", "de_CH", "fr", "es", "it", "nl", "sv", "da", "nb", "fi", "pl", "pt")
"""The ways to write numbers, dates and money that may be chosen."""


def named_locales() -> tuple[tuple[str, str], ...]:
    """Return each locale with its name in its own language."""
    return tuple((each, _name(each)) for each in LOCALES)


def change_password(database: Database, actor: Actor, old: str, new: str, trace: Trace) -> None:
    """Set a new password; every session of the person ends, this one too.

    Raises:
        TooManyTriesError: if the old password was guessed at too often.
        BadInputError: if the old one is wrong, or the new one can't be one.
    """
    signing_in.count_try(database, actor.email, trace)
    with database.session(actor.tenant) as session:
        row = _own(session, actor)
        kept = row.password_hash
        if kept is None or not matches(old, kept):
            raise BadInputError(tr("The present password is not right. Nothing was changed."))
        if old == new:
            raise BadInputError(tr("The new password is the present one. Choose another."))
        row.password_hash = hashed(new)
        signing_in.end_all(session, row.id, Event.PASSWORD_CHANGED, trace.at)
        auditing.note(session, actor, Event.PASSWORD_CHANGED, str(row.id), trace=trace)


def change_locale(session: TenantSession, actor: Actor, locale: str, trace: Trace) -> None:
    """Set how the person reads numbers and dates.

    Raises:
        BadInputError: if it is none of those offered.
    """
    if locale not in LOCALES:
        raise BadInputError(tr("There is no such way of writing. Choose one from the list."))
    _own(session, actor).locale = locale
    told = {"locale": locale}
    auditing.note(session, actor, Event.PERSON_CHANGED, str(actor.person), told, trace=trace)


def _own(session: TenantSession, actor: Actor) -> Person:
    return session.scalars(people.by_id_held(actor.person)).one()


def _name(locale: str) -> str:
    try:
        told = Locale.parse(locale).get_display_name()
    except UnknownLocaleError:
        return locale
    return str(told or locale)
