"""What is sent of reviews and their cycles: plain forms, one change each, then back to a page."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Flask, abort, redirect, request
from werkzeug.wrappers import Response

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.models.observations import ScopeKind
from portal.security.permissions import Access, Permission
from portal.security.registry import Registry
from portal.services import (
    kept_forms,
    review_cycle_form,
    review_cycles,
    review_moves,
    review_opening,
    review_page,
    review_together,
    typed_words,
)
from portal.services.desks import Desk, open_desk
from portal.services.engines import Workshop
from portal.services.review_cards import PATH, ReviewKind
from portal.services.review_cycles import USUAL, NewCycle
from portal.services.reviews import NoReviewError
from portal.tenancy.database import Database
from portal.web import guard
from portal.web.asking import WebAsking
from portal.web.fields import field, number
from portal.web.sending_back import send_back

_NAMES = ("usual", "add", "change", "end", "open", "plan", "call_off")
ROUTES: dict[str, Access] = {
    **{f"reviews.{name}": Permission.REVIEW_OPEN for name in _NAMES},
    "reviews.approve": Permission.REVIEW_SIGN,
}
_LONGEST = 4000
_SHORT = 200
_MOST_KPIS = 500
_DIGITS = 9
_MOST_PEOPLE = 1000


@dataclass(frozen=True, slots=True)
class Counter:
    """The routes that open reviews and change their cycles. Whose tenant, the session says."""

    database: Database
    workshop: Workshop
    asking: WebAsking

    def usual(self) -> Response:
        """Begin with one cycle of each kind."""

        def do(desk: Desk) -> str:
            if review_cycles.cycles(desk.session):
                raise BadInputError(tr("There are cycles already. Reload the page to see them."))
            for new in USUAL:
                review_cycles.add(desk, new, self.asking.trace())
            return f"{PATH}?done=cycle"

        return self._done(do)

    def add(self) -> Response:
        """Begin a cycle; what cannot be used goes back to the form with the reason."""
        return self._kept(
            review_cycle_form.NEW,
            lambda desk, new: review_cycles.add(desk, new, self.asking.trace()),
        )

    def change(self, cycle: str) -> Response:
        """Change a cycle, if nobody did since."""
        seen = number("version")

        def do(desk: Desk, new: NewCycle) -> None:
            review_cycles.change(desk, _id(cycle), seen, new, self.asking.trace())

        return self._kept(str(_id(cycle)), do)

    def end(self, cycle: str) -> Response:
        """End a cycle."""

        def do(desk: Desk) -> str:
            review_cycles.end(desk, _id(cycle), self.asking.trace())
            return f"{PATH}?done=ended"

        return self._done(do)

    def open(self, cycle: str) -> Response:
        """Open the review that is due, or that of the period which the form names."""

        def do(desk: Desk) -> str:
            trace, label = self.asking.trace(), _field("period")
            made = review_opening.open_review(desk, self.workshop, _id(cycle), label, trace)
            return f"{PATH}/{made}"

        return self._done(do)

    def plan(self, cycle: str) -> Response:
        """Announce the review of a period."""

        def do(desk: Desk) -> str:
            review_opening.plan_review(desk, _id(cycle), _field("period"), self.asking.trace())
            return f"{PATH}?done=planned"

        return self._done(do)

    def call_off(self, review: str) -> Response:
        """Call a review off."""
        seen = number("version")

        def do(desk: Desk) -> str:
            which, trace = review_page.id_of(review), self.asking.trace()
            review_moves.call_off(desk.session, desk.actor, which, seen, trace)
            return f"{PATH}?done=called_off"

        return self._done(do)

    def approve(self, review: str) -> Response:
        """Approve what somebody chose of what stands out in nothing."""
        which, chosen = review_page.id_of(review), _chosen()

        def do(desk: Desk) -> str:
            review_together.approve(desk, which, chosen, self.asking.trace())
            return f"{PATH}/{which}?done=approved"

        return self._done(do)

    def _kept(self, place: str, do: Callable[[Desk, NewCycle], object]) -> Response:
        form = review_cycle_form.place_of(place)

        def change(desk: Desk) -> str:
            do(desk, _typed())
            kept_forms.forget(desk.session, desk.actor, form, desk.now)
            return f"{PATH}?done=cycle"

        try:
            return self._done(change)
        except BadInputError as error:
            fields = form, review_cycle_form.FIELDS
            return send_back(self.database, self.asking, fields, form, error)

    def _done(self, do: Callable[[Desk], str]) -> Response:
        """Make a change in one transaction, then go where it leads."""
        actor = self.asking.signed_in()
        try:
            with self.database.session(actor.tenant) as session:
                place = do(open_desk(session, actor, self.asking.clock()))
        except NoReviewError:
            abort(404)
        return redirect(place, 303)


def join(server: Flask, registry: Registry, counter: Counter) -> None:
    """Give the server the routes of reviews."""
    guard.declare_routes(registry, ROUTES)
    server.register_blueprint(blueprint(counter))


def blueprint(counter: Counter) -> Blueprint:
    """Return the routes."""
    made, cycles = Blueprint("reviews", __name__), f"{PATH}/cycles"
    made.add_url_rule(f"{cycles}/usual", "usual", counter.usual, methods=["POST"])
    made.add_url_rule(f"{cycles}/new", "add", counter.add, methods=["POST"])
    made.add_url_rule(f"{cycles}/<cycle>", "change", counter.change, methods=["POST"])
    for name in ("end", "open", "plan"):
        rule = f"{cycles}/<cycle>/{name}"
        made.add_url_rule(rule, name, getattr(counter, name), methods=["POST"])
    for name in ("call_off", "approve"):
        rule = f"{PATH}/<review>/{name}"
        made.add_url_rule(rule, name, getattr(counter, name), methods=["POST"])
    return made


def _field(name: str, longest: int = _SHORT) -> str:
    return field(name, longest)


def _id(text: str) -> UUID:
    return typed_words.one_id("cycle", text)


def _typed() -> NewCycle:
    """Return the cycle that somebody typed.

    Raises:
        BadInputError: if a field cannot be used.
    """
    kind, scope, signer = _field("kind"), _field("scope"), _field("signer")
    if kind not in set(ReviewKind) or scope not in set(ScopeKind):
        raise BadInputError(tr("Choose how often, and whose numbers."))
    chosen = request.form.getlist("kpi")[:_MOST_KPIS]
    people = request.form.getlist("participant")[:_MOST_PEOPLE]
    return NewCycle(
        ReviewKind(kind),
        _field("name"),
        tuple(KpiKey(one[:_SHORT]) for one in dict.fromkeys(chosen) if one),
        ScopeKind(scope),
        _days("open_after"),
        _days("answer_days"),
        _days("sign_days"),
        tuple(typed_words.one_id("person", one[:_SHORT]) for one in dict.fromkeys(people)),
        _field("instructions", _LONGEST + 1),
        typed_words.one_id("person", signer) if signer else None,
    )


def _chosen() -> dict[UUID, int]:
    """Return the items that somebody chose, with the version of each that they saw.

    Raises:
        BadInputError: if one is none that this page sends.
    """
    found = {}
    for one in request.form.getlist("item")[:_MOST_KPIS]:
        item, _, version = one[:_SHORT].partition(".")
        if not version.isdecimal() or len(version) > _DIGITS:
            raise BadInputError(tr("What was sent is not what this page sends."))
        found[typed_words.one_id("KPI", item)] = int(version)
    return found


def _days(name: str) -> int:
    told = _field(name)
    if not told.isdecimal() or len(told) > len("100"):
        raise BadInputError(tr("Days are whole numbers."))
    return int(told)
