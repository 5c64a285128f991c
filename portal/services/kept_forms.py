"""What somebody typed or chose is not lost where it is refused: the form shows it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.models import kept_forms as questions
from portal.models.kept_forms import KeptForm
from portal.security.actor import Actor
from portal.tenancy.session import TenantSession

KEPT = "kept"
"""The name in an address by which a page shows what was kept."""
_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was filled in, and why it was refused, in the words the person was told."""

    fields: Mapping[str, Sequence[str]]
    why: str

    def one(self, name: str, otherwise: str = "") -> str:
        """Return what a field held; of a field that was not sent, what is to stand there."""
        found = self.fields.get(name)
        return found[-1] if found else otherwise


def keep(session: TenantSession, actor: Actor, place: str, kept: Kept, now: datetime) -> None:
    """Keep what a person filled in at a place, instead of what they did before."""
    forget(session, actor, place, now)
    fields = {name: [one.replace("\x00", "") for one in told] for name, told in kept.fields.items()}
    session.add(
        KeptForm(person_id=actor.person, place=place, fields=fields, why=kept.why, kept_at=now)
    )
    session.flush()


def kept(
    session: TenantSession, actor: Actor, place: str, query: Mapping[str, str], now: datetime
) -> Kept | None:
    """Return what the person filled in at a place, if the address asks for it."""
    if query.get(KEPT) != "1":
        return None
    row = session.scalars(questions.kept_form(actor.person, place, now - _FOR)).one_or_none()
    return Kept(row.fields, row.why) if row is not None else None


def forget(session: TenantSession, actor: Actor, place: str, now: datetime) -> None:
    """Forget what the person filled in at a place: it was taken."""
    session.execute(questions.forget(actor.person, place, now - _FOR))
