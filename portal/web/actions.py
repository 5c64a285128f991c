"""What is sent of actions: plain forms, each one change in one transaction, then back to a page."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Flask, abort, redirect
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from kpi_engine.errors import KpiError
from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.security.actor import Actor
from portal.security.permissions import Access, Permission
from portal.security.registry import Registry
from portal.services import (
    action_editor,
    action_moves,
    actions,
    addresses,
    kept_forms,
    typed_words,
)
from portal.services.action_editor import Typed
from portal.services.action_words import HOME
from portal.services.actions import Further, Moving, NewAction, NoActionError, StaleActionError
from portal.services.desks import Desk, open_desk
from portal.tenancy.database import Database
from portal.web import guard
from portal.web.asking import WebAsking
from portal.web.fields import field, number
from portal.web.sending_back import send_back
from portal.workflow.action import Move

ROUTES: dict[str, Access] = {
    f"actions.{name}": Permission.ACTION_EDIT for name in ("create", "change", "move", "carry")
}
_ALONG = ("kpi", "team", "owner", "review", "back")
"""What a new action's form sends besides what somebody fills in."""
_MOVING = ("move", "note", "day", "review", "back")
_PLACES = ("/actions/", "/kpis/", "/reviews/")
"""Where a form may lead back to; anything else leads to the action."""


@dataclass(frozen=True, slots=True)
class Counter:
    """The routes that change actions. Whose tenant it is, the session says."""

    database: Database
    asking: WebAsking

    def create(self) -> Response:
        """Take a new action; what cannot be used goes back to the editor as it was typed."""
        typed, kept = _typed(), {name: field(name) for name in _ALONG}

        def do(desk: Desk) -> str:
            subject = action_editor.subject_of(desk, _scope())
            draft = action_editor.draft_of(desk, subject.kpi, typed)
            new = NewAction(subject.kpi.key, subject.who, draft, _review())
            made = actions.create(desk.session, desk.actor, new, self.asking.trace())
            return _back(f"{HOME}/{made}")

        try:
            return self._done(do)
        except BadInputError:
            words = {name: value or None for name, value in kept.items()} | typed.told()
            return redirect(addresses.address(f"{HOME}/new", **words, **{"try": "1"}), 303)

    def change(self, action: str) -> Response:
        """Take what an action is to say now; a stale page gets both texts to compare."""
        typed, which = _typed(), _id(action)

        def do(desk: Desk) -> str:
            card = actions.one(desk.session, desk.actor, which, desk.today)
            draft = action_editor.draft_of(desk, desk.catalogue.kpi(card.kpi), typed)
            seen = (number("version"), draft)
            actions.change(desk.session, desk.actor, which, seen, self.asking.trace())
            return f"{HOME}/{which}"

        try:
            return self._done(do)
        except BadInputError as error:
            why = "stale" if isinstance(error, StaleActionError) else "try"
            words = {"edit": "1", why: "1"} | typed.told()
            return redirect(addresses.address(f"{HOME}/{which}", **words), 303)

    def move(self, action: str) -> Response:
        """Move an action on."""
        word = field("move")
        if word not in {move.value for move in Move}:
            abort(400)
        which = _id(action)

        def do(desk: Desk) -> str:
            day = typed_words.perhaps_day(tr("The day"), field("day"))
            moving = Moving(Move(word), number("version"), field("note"), day)
            actions.move(desk.session, desk.actor, which, moving, self.asking.trace())
            return _back(f"{HOME}/{which}")

        return self._moved(which, do)

    def carry(self, action: str) -> Response:
        """Carry an action over, into the review that the form names if it names one."""
        which = _id(action)

        def do(desk: Desk) -> str:
            day, trace = typed_words.day(tr("The day"), field("day")), self.asking.trace()
            further = Further(number("version"), day, _review(), field("note"))
            made = actions.carry_over(desk.session, desk.actor, which, further, trace)
            return _back(f"{HOME}/{made}")

        return self._moved(which, do)

    def _moved(self, which: UUID, do: Callable[[Desk], str]) -> Response:
        """Make a move; what cannot be used goes back to the action's page as it was filled in."""
        form = action_moves.place_of(which)

        def move(desk: Desk) -> str:
            place = do(desk)
            kept_forms.forget(desk.session, desk.actor, form, desk.now)
            return place

        try:
            return self._done(move)
        except BadInputError as error:
            to = f"{HOME}/{which}"
            return send_back(self.database, self.asking, (form, _MOVING), to, error)

    def _done(self, do: Callable[[Desk], str]) -> Response:
        """Make a change in one transaction, then go where it leads."""
        actor: Actor = self.asking.signed_in()
        try:
            with self.database.session(actor.tenant) as session:
                place = do(open_desk(session, actor, self.asking.clock()))
        except (NoActionError, KpiError):
            abort(404)
        return redirect(place, 303)


def join(server: Flask, registry: Registry, database: Database, asking: WebAsking) -> None:
    """Give the server the routes that change actions."""
    guard.declare_routes(registry, ROUTES)
    server.register_blueprint(blueprint(database, asking))


def blueprint(database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes that change actions."""
    counter, made = Counter(database, asking), Blueprint("actions", __name__)
    made.add_url_rule(f"{HOME}/create", "create", counter.create, methods=["POST"])
    for name in ("change", "move", "carry"):
        rule = f"{HOME}/<action>/{name}"
        made.add_url_rule(rule, name, getattr(counter, name), methods=["POST"])
    return made


def _typed() -> Typed:
    # The scope's owner is a person of the CRM; who is to do it is one of the portal.
    return Typed.of({name: field(name) for name in action_editor.FIELDS})


def _scope() -> dict[str, str]:
    return {name: field(name) for name in ("kpi", "team", "owner")}


def _review() -> UUID | None:
    told = field("review")
    return typed_words.one_id("review", told) if told else None


def _id(action: str) -> UUID:
    return typed_words.an_id(action, NotFound())


def _back(place: str) -> str:
    """Return where a form leads back to: a page of ours that it names, or else `place`."""
    told = field("back")
    ours = told.startswith(_PLACES) and told.isprintable() and "\\" not in told and "//" not in told
    return told if ours else place
