"""A permission that a service asks for itself, besides the door that the request came through."""

from portal.errors import DeniedError
from portal.security.actor import Actor
from portal.security.permissions import Denied, Permission, may


def require(actor: Actor, permission: Permission) -> None:
    """Do nothing if the person may.

    Raises:
        DeniedError: with the reason, if they may not.
    """
    answer = may(actor, permission)
    if isinstance(answer, Denied):
        raise DeniedError(answer.reason)
