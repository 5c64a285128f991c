"""What pages and callbacks work with, and the only way to register a callback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from dash import Dash

from callbacks.typed import checks_of
from layouts.still import settled
from portal.config import Config
from portal.errors import DeniedError, NotSignedInError
from portal.security.actor import Actor
from portal.security.permissions import Access, Denied, Gate, may
from portal.security.registry import Kind, Registry
from portal.services.auditing import Trace
from portal.services.engines import Workshop
from portal.services.signing_in import note_denied
from portal.tenancy.database import Database
from portal.tenancy.session import TenantSession

_HELD: ContextVar[tuple[Actor, TenantSession] | None] = ContextVar("drawing", default=None)
P = ParamSpec("P")
R = TypeVar("R")


class Asking(Protocol):
    """The request that is being answered."""

    def actor(self) -> Actor | None:
        """Who asks, from the server's own record of sessions."""

    def trace(self) -> Trace:
        """When, under which id, from where."""

    def csrf(self) -> str:
        """The token that a form of this session carries."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One a portal, handed to every page and every `register`."""

    config: Config
    database: Database
    workshop: Workshop
    registry: Registry
    clock: Callable[[], datetime]
    asking: Asking

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return self.clock()

    def actor(self) -> Actor:
        """Return who asks.

        Raises:
            NotSignedInError: if nobody is signed in.
        """
        found = self.asking.actor()
        if found is None:
            raise NotSignedInError
        return found

    def session(self, actor: Actor) -> AbstractContextManager[TenantSession]:
        """Open one transaction of the actor's tenant, or go on in that of the page being drawn."""
        held = _HELD.get()
        if held is not None and held[0] == actor:
            return nullcontext(held[1])
        return self.database.session(actor.tenant)

    @contextmanager
    def drawing(self, actor: Actor) -> Iterator[None]:
        """Draw a page in one transaction: its parts read, and none of them writes what may fail.

        A page asks for a session in several places. One for all of them saves each a beginning, an
        end and the stamp of the tenant's numbers, a quarter of what a home takes.
        """
        with self.database.session(actor.tenant) as session:
            before = _HELD.set((actor, session))
            try:
                yield
            finally:
                _HELD.reset(before)

    def demand(self, access: Access, door: str) -> Actor:
        """Return who asks, if they may do what asks for `access`.

        Raises:
            NotSignedInError: if nobody is signed in.
            DeniedError: if they may not; it is written down.
        """
        actor = self.actor()
        answer = may(actor, access)
        if isinstance(answer, Denied):
            note_denied(self.database, actor, door, self.asking.trace())
            raise DeniedError(answer.reason)
        return actor


def secured(
    app: Dash,
    edge: Edge,
    access: Access,
    *wires: Any,  # noqa: ANN401 - Dash's outputs, inputs and states
    **options: Any,  # noqa: ANN401 - Dash's own
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register a callback that only who has `access` may call.

    Dash lists every callback to every browser and answers whoever posts to one, whatever page they
    are on: so each is guarded itself, and named in the registry.
    """

    def register(function: Callable[P, R]) -> Callable[P, R]:
        checks = checks_of(function)

        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            edge.demand(access, function.__name__)
            checks.refuse_others(args)
            return settled(function(*args, **kwargs))

        _declared(app, edge, access, lambda: app.callback(*wires, **options)(guarded))
        return function

    return register


def clientside(
    app: Dash,
    edge: Edge,
    source: str,
    *wires: Any,  # noqa: ANN401 - Dash's outputs, inputs and states
    **options: Any,  # noqa: ANN401 - Dash's own
) -> None:
    """Register a callback that the browser answers by itself; the server refuses to be asked."""
    _declared(app, edge, Gate.SIGNED_IN, lambda: app.clientside_callback(source, *wires, **options))


def _declared(app: Dash, edge: Edge, access: Access, register: Callable[[], object]) -> None:
    before = set(app.callback_map)
    register()
    for name in set(app.callback_map) - before:
        edge.registry.declare(Kind.CALLBACK, name, access)
