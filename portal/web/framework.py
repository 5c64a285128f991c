"""What people send of the framework: goals, owners, shares, lives; plain forms, back to a page.

What was typed stays in the form where it is refused.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import BadInputError
from portal.security.permissions import Access, Permission
from portal.services import goal_changes, goal_forms, handovers, ownership_changes, shares
from portal.services import lifecycles as lives
from portal.services.auditing import Trace
from portal.services.desks import Desk, open_desk
from portal.services.form_parts import Typed, Whose
from portal.services.framework_tabs import CATALOGUE, HOME, OWNERS
from portal.services.life_forms import life_form, life_typed
from portal.services.owner_forms import (
    help_typed,
    owner_form,
    owner_typed,
    share_lines,
    shares_form,
    shares_typed,
)
from portal.services.typed_words import NotThereError, RefusedFieldError
from portal.tenancy.database import Database
from portal.web.asking import WebAsking
from portal.web.fields import number

_EDITS = (
    *("add_goal", "change_goal", "end_goal", "take_default", "owner", "add_help", "end_help"),
    *("split", "life", "hand_over"),
)
ROUTES: dict[str, Access] = {
    **{f"framework.{name}": Permission.FRAMEWORK_EDIT for name in _EDITS},
    "framework.acknowledge": Permission.KPI_READ,
}
_LONGEST, _MOST = 2000, 60
Change = Callable[[Desk, Trace], object]
Show = Callable[[Desk], object]


@dataclass(frozen=True, slots=True)
class Room:
    """The routes that change the framework. Whose tenant it is, the session says."""

    database: Database
    asking: WebAsking

    def add_goal(self) -> BaseResponse:
        """Show the form of a new goal, or take it."""
        return self._goal("")

    def change_goal(self, goal: str) -> BaseResponse:
        """Show the form of a goal, or take it."""
        return self._goal(goal)

    def end_goal(self, goal: str) -> BaseResponse:
        """End a goal today."""
        seen = number("revision", otherwise=-1)
        return self._done(
            f"{HOME}?done=ended",
            lambda desk, trace: goal_changes.end_goal(desk, goal, seen, trace),
        )

    def take_default(self) -> BaseResponse:
        """Make the default goals the tenant's own."""
        return self._done(f"{HOME}?done=default", goal_changes.take_default)

    def owner(self, kpi: str) -> BaseResponse:
        """Show who is accountable for a KPI, or take who is to be."""
        whose = _whose()
        if request.method == "GET":
            return self._form("framework_owner.html", lambda desk: owner_form(desk, kpi, whose))
        typed = _typed()

        def show(desk: Desk) -> object:
            form = owner_form(desk, kpi, whose)
            owner, day, why = (_last(typed, name) for name in ("owner", "from_day", "reason"))
            return replace(form, owner=owner, from_day=day, reason=why)

        def take(desk: Desk, trace: Trace) -> object:
            change = owner_typed(desk, kpi, whose, typed)
            return ownership_changes.set_owner(desk, change, trace)

        return self._take(f"{OWNERS}?done=owner", take, "framework_owner.html", show)

    def add_help(self, kpi: str) -> BaseResponse:
        """Let somebody update a KPI or cover for its owner."""
        whose, typed = _whose(), _typed()

        def take(desk: Desk, trace: Trace) -> object:
            new = help_typed(desk, kpi, whose, typed)
            ownership_changes.add_help(desk, new, trace)
            return True

        return self._take(
            f"{OWNERS}?done=help",
            take,
            "framework_owner.html",
            lambda desk: owner_form(desk, kpi, whose),
        )

    def end_help(self, wanted: str) -> BaseResponse:
        """Take an updater or a cover back."""
        return self._done(
            f"{OWNERS}?done=help",
            lambda desk, trace: ownership_changes.end_help(desk, wanted, trace),
        )

    def split(self, kpi: str) -> BaseResponse:
        """Show how a KPI is shared, or take how it is to be."""
        whose = _whose()
        if request.method == "GET":
            return self._form("framework_shares.html", lambda desk: shares_form(desk, kpi, whose))
        typed = _typed()

        def show(desk: Desk) -> object:
            return replace(shares_form(desk, kpi, whose), lines=share_lines(typed))

        def take(desk: Desk, trace: Trace) -> object:
            return shares.set_shares(desk, shares_typed(desk, kpi, whose, typed), trace)

        return self._take(f"{OWNERS}?done=shares", take, "framework_shares.html", show)

    def acknowledge(self, share: str) -> BaseResponse:
        """Take a co-owner's own word for their share."""
        return self._done(
            f"{OWNERS}?done=acknowledged",
            lambda desk, trace: shares.acknowledge(desk, share, trace),
        )

    def life(self, kpi: str) -> BaseResponse:
        """Show where a KPI may go in its life, or move it."""
        if request.method == "GET":
            return self._form("framework_life.html", lambda desk: life_form(desk, kpi))
        typed = _typed()

        def take(desk: Desk, trace: Trace) -> object:
            return lives.move(desk, life_typed(desk, kpi, typed), trace)

        done = f"{CATALOGUE}?done=life&search={kpi}"
        return self._take(done, take, "framework_life.html", lambda desk: life_form(desk, kpi))

    def hand_over(self) -> BaseResponse:
        """Show the form of a hand-over, or do it."""
        if request.method == "GET":
            return self._form("framework_handover.html", goal_forms.handover_form)
        typed = _typed()

        def take(desk: Desk, trace: Trace) -> object:
            return handovers.hand_over(desk, goal_forms.handover_typed(typed), trace)

        show = goal_forms.handover_form
        return self._take(f"{OWNERS}?done=over", take, "framework_handover.html", show)

    def _goal(self, goal: str) -> BaseResponse:
        if request.method == "GET":
            return self._form("framework_goal.html", lambda desk: goal_forms.goal_form(desk, goal))
        typed = _typed()

        def show(desk: Desk) -> object:
            return goal_forms.goal_again(goal_forms.goal_form(desk, goal), typed)

        def take(desk: Desk, trace: Trace) -> object:
            edit = goal_forms.goal_typed(typed)
            if not goal:
                return goal_changes.add_goal(desk, edit, trace)
            seen = number("revision", otherwise=-1)
            return goal_changes.change_goal(desk, goal, seen, edit, trace)

        return self._take(f"{HOME}?done=goal", take, "framework_goal.html", show)

    @contextmanager
    def _desk(self) -> Iterator[Desk]:
        """Open one transaction; what is not there, and what is another tenant's, is not found."""
        actor = self.asking.signed_in()
        try:
            with self.database.session(actor.tenant) as session:
                yield open_desk(session, actor, self.asking.clock())
        except NotThereError:
            abort(404)

    def _done(self, href: str, change: Change) -> BaseResponse:
        """Make a change in one transaction, then go to the page."""
        with self._desk() as desk:
            change(desk, self.asking.trace())
        return redirect(href, 303)

    def _form(self, template: str, show: Show, refused: BadInputError | None = None) -> Response:
        with self._desk() as desk:
            form = show(desk)
        typed = _typed() if request.method == "POST" else {}
        field = refused.field if isinstance(refused, RefusedFieldError) else ""
        page = render_template(
            template,
            form=form,
            error="" if refused is None else str(refused),
            field=field,
            typed=lambda name: _last(typed, name),
        )
        return make_response(page, 200 if refused is None else 400)

    def _take(self, href: str, change: Change, template: str, show: Show) -> BaseResponse:
        """Make a change, or show the form again with what was typed and why it was refused."""
        try:
            with self._desk() as desk:
                changed = change(desk, self.asking.trace())
        except BadInputError as error:
            return self._form(template, show, error)
        page = href.partition("?")[0]
        return redirect(f"{page}?done=unchanged" if changed is False else href, 303)


def blueprint(database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes that change the framework."""
    room, made = Room(database, asking), Blueprint("framework", __name__)
    both, post = ["GET", "POST"], ["POST"]
    for name, rule, methods in (
        ("add_goal", "goals/new", both),
        ("take_default", "goals/default", post),
        ("change_goal", "goals/<goal>", both),
        ("end_goal", "goals/<goal>/end", post),
        ("owner", "kpis/<kpi>/owner", both),
        ("add_help", "kpis/<kpi>/help", post),
        ("end_help", "helps/<wanted>/end", post),
        ("split", "kpis/<kpi>/shares", both),
        ("acknowledge", "shares/<share>/acknowledge", post),
        ("life", "kpis/<kpi>/life", both),
        ("hand_over", "handover", both),
    ):
        made.add_url_rule(f"{HOME}/{rule}", name, getattr(room, name), methods=methods)
    return made


def _typed() -> Typed:
    """Return what the form sent, bounded."""
    return {
        name: tuple(value[:_LONGEST] for value in values[:_MOST])
        for name, values in request.form.lists()
    }


def _last(typed: Typed, name: str) -> str:
    found = typed.get(name, ())
    return found[-1].strip() if found else ""


def _whose() -> Whose:
    """Return whose number the address asks for, bounded."""
    return Whose(*(request.args.get(name, "")[:200] for name in ("team", "owner", "find")))
