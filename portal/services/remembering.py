"""What was read of a tenant's numbers, and of who answers for them, is kept while its stamp stays.

A page reads the same series, targets, roster, definitions and owners as the page before it; only a
load, a refresh, or somebody's change of one of these changes them, and each of those changes the
stamp (`portal.tenancy.stamps`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from portal.services.shelf import Shelf
from portal.tenancy.session import TenantSession

P = ParamSpec("P")
R = TypeVar("R")

_SHELF = Shelf(256)
"""So many answers of all tenants at most; the one unused for longest goes first."""
_LARGEST = 400
"""A question of more things than so many is rarely asked twice, and is not kept."""


def remembered(
    read: Callable[Concatenate[TenantSession, P], R],
) -> Callable[Concatenate[TenantSession, P], R]:
    """Make `read` answer from memory what it has read before of the same numbers.

    What it returns is shared between requests: nobody may change it. A session that has changed
    numbers itself reads them anew, and what it reads is not kept.
    """

    @wraps(read)
    def answer(session: TenantSession, /, *args: P.args, **kwargs: P.kwargs) -> R:
        held = tuple(_held(each) for each in args)
        named = tuple((name, _held(value)) for name, value in sorted(kwargs.items()))
        stamp = session.stamp
        if stamp is None or _size(held) > _LARGEST:
            return read(session, *held, **dict(named))  # type: ignore[arg-type]
        key = (session.tenant, stamp, read.__module__, read.__qualname__, held, named)
        return _SHELF.get(key, lambda: read(session, *held, **dict(named)))  # type: ignore[arg-type]

    return answer


def _held(told: object) -> object:
    """Return an argument as something that can be looked up: a list as a tuple of its parts."""
    if isinstance(told, _WHOLE) or not isinstance(told, Iterable):
        return told
    return tuple(told)


_WHOLE = (str, bytes, tuple, frozenset, Mapping)
"""A mapping is more than its names: it is looked up as it is, and has to be one that can be."""


def _size(held: Iterable[object]) -> int:
    return sum(len(each) for each in held if isinstance(each, Collection))
