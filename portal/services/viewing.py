"""Looking at the portal as somebody else: an administrator sees what that person sees.

Nothing can be changed meanwhile (`may` refuses it), every page says so, and both ends are written
down. It ends with the session, when the person's account is shut, or when the administrator loses
the right.
"""

from kpi_engine.language import mark, tr
from portal.errors import BadInputError, DeniedError
from portal.models import people, sign_ins
from portal.security.actor import Actor
from portal.security.permissions import Denied, Permission, may
from portal.services import auditing
from portal.services.auditing import Event, Trace
from portal.services.typed_words import an_id
from portal.tenancy.session import TenantSession

STOP = "/viewing/stop"
_NOBODY = mark("There is no such person to look as. Reload the page to see who there is.")


def begin(session: TenantSession, actor: Actor, person: str, trace: Trace) -> None:
    """Look as a person of the actor's tenant, until it is stopped.

    Raises:
        DeniedError: if the actor may not, or looks as somebody already.
        BadInputError: if there is no such person, they are shut out, or it is the actor.
    """
    answer = may(actor, Permission.VIEW_AS)
    if isinstance(answer, Denied):
        raise DeniedError(answer.reason)
    wanted = an_id(person, BadInputError(tr(_NOBODY)))
    row = session.scalars(people.by_id(wanted)).one_or_none()
    if row is None or row.disabled_at is not None or row.id == actor.person:
        raise BadInputError(tr(_NOBODY))
    _own(session, actor).viewing = row.id
    auditing.note(session, actor, Event.VIEWING_STARTED, str(row.id), trace=trace)


def end(session: TenantSession, actor: Actor, trace: Trace) -> None:
    """Look as oneself again; nothing where that is so already."""
    row = _own(session, actor)
    if row.viewing is not None:
        row.viewing = None
        auditing.note(session, actor, Event.VIEWING_ENDED, str(actor.person), trace=trace)


def _own(session: TenantSession, actor: Actor) -> sign_ins.SignIn:
    """The session of the request; a request that is answered has one."""
    assert actor.session is not None  # noqa: S101 - who asks over the web has signed in
    return session.scalars(sign_ins.by_id(actor.session)).one()
