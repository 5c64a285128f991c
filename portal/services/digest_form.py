"""How a person wants to be told by mail, as the form on their account shows it."""

from collections.abc import Iterable

from portal.models.digests import Rhythm
from portal.readmodels.inbox import DigestForm, Option
from portal.security.actor import Actor
from portal.services import digest_wishes, tenants
from portal.services.digest_times import Wish
from portal.tenancy.session import TenantSession

_RHYTHMS = {
    Rhythm.DAILY: "Each day, if something is new",
    Rhythm.WEEKLY: "Once a week, if something is new",
    Rhythm.OFF: "Never",
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOURS = range(24)


def read(session: TenantSession, actor: Actor) -> DigestForm:
    """Return the form with what the actor has chosen."""
    wish = digest_wishes.wish_of(session, actor.person)
    begins, ends = wish.quiet or (None, None)
    return DigestForm(
        _told(wish),
        tuple(Option(each.value, text, each is wish.rhythm) for each, text in _RHYTHMS.items()),
        tuple(Option(str(day), text, day == wish.weekday) for day, text in enumerate(DAYS)),
        tuple(_hours(_HOURS, wish.hour)),
        (Option("", "No quiet hours", begins is None), *_hours(_HOURS, begins)),
        (Option("", "No quiet hours", ends is None), *_hours(_HOURS, ends)),
        digest_wishes.own_zone(session, actor.person),
        tenants.get(session).timezone,
    )


def _hours(hours: Iterable[int], chosen: int | None) -> Iterable[Option]:
    return (Option(str(hour), f"{hour:02}:00", hour == chosen) for hour in hours)


def _told(wish: Wish) -> str:
    if wish.rhythm is Rhythm.OFF:
        return "No mail is sent. What is new waits in your inbox."
    day = f"on {DAYS[wish.weekday]}s" if wish.rhythm is Rhythm.WEEKLY else "each day"
    zone = wish.timezone.replace("_", " ")
    return f"One mail {day} from {wish.hour:02}:00 ({zone}), only when something is new."
