"""How a person wants to be told by mail, as the form on their account shows it."""

from collections.abc import Iterable

from kpi_engine.language import mark, tr
from portal.models.digests import Rhythm
from portal.readmodels.inbox import DigestForm, Option
from portal.security.actor import Actor
from portal.services import digest_wishes, tenants
from portal.services.digest_times import DAYS, Wish
from portal.tenancy.session import TenantSession

_RHYTHMS = {
    Rhythm.DAILY: mark("Each day, if something is new"),
    Rhythm.WEEKLY: mark("Once a week, if something is new"),
    Rhythm.OFF: mark("Never"),
}
_HOURS = range(24)


def read(session: TenantSession, actor: Actor) -> DigestForm:
    """Return the form with what the actor has chosen."""
    wish = digest_wishes.wish_of(session, actor.person)
    begins, ends = wish.quiet or (None, None)
    return DigestForm(
        _told(wish),
        tuple(Option(each.value, tr(text), each is wish.rhythm) for each, text in _RHYTHMS.items()),
        tuple(Option(str(day), tr(text), day == wish.weekday) for day, text in enumerate(DAYS)),
        tuple(_hours(_HOURS, wish.hour)),
        (Option("", tr("No quiet hours"), begins is None), *_hours(_HOURS, begins)),
        (Option("", tr("No quiet hours"), ends is None), *_hours(_HOURS, ends)),
        digest_wishes.own_zone(session, actor.person),
        tenants.get(session).timezone,
    )


def _hours(hours: Iterable[int], chosen: int | None) -> Iterable[Option]:
    return (Option(str(hour), f"{hour:02}:00", hour == chosen) for hour in hours)


def _told(wish: Wish) -> str:
    if wish.rhythm is Rhythm.OFF:
        return tr("No mail is sent. What is new waits in your inbox.")
    hour, zone = f"{wish.hour:02}:00", wish.timezone.replace("_", " ")
    if wish.rhythm is not Rhythm.WEEKLY:
        return tr(
            "One mail each day from {hour} ({zone}), only when something is new.",
            hour=hour,
            zone=zone,
        )
    return tr(
        "One mail on {day}s from {hour} ({zone}), only when something is new.",
        day=tr(DAYS[wish.weekday]),
        hour=hour,
        zone=zone,
    )
