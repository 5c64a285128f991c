"""What the KPI builder and an analyst send: plain forms, each a change of one draft or proposal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import BadInputError
from portal.security.permissions import Access, Permission
from portal.services import (
    activations,
    activations_ahead,
    builder_drafts,
    builder_form,
    builder_page,
    proposal_refusals,
    proposals,
)
from portal.services.activations import Activated
from portal.services.auditing import Trace
from portal.services.builder_drafts import NoDraftError
from portal.services.builder_fields import KIND_KEYS
from portal.services.builder_form import SIDES, Form
from portal.services.desks import Desk, open_desk
from portal.services.engines import Workshop
from portal.services.proposals import NoProposalError, Proposal
from portal.services.refreshing_soon import refresh_soon
from portal.tenancy.database import Database
from portal.web.asking import WebAsking
from portal.web.fields import field

ROUTES: dict[str, Access] = {
    "builder.change": Permission.DEFINITION_PROPOSE,
    "builder.activate": Permission.DEFINITION_EDIT,
    "builder.call_back": Permission.DEFINITION_EDIT,
    "builder.decline": Permission.DEFINITION_EDIT,
    "builder.withdraw": Permission.DEFINITION_PROPOSE,
    "builder.mend": Permission.DEFINITION_PROPOSE,
}
_PROPOSALS = "/kpis/proposals"
_OF = "of-"
_MOST_FIELDS = 200
Done = TypeVar("Done")
Refuse: TypeAlias = Callable[[Desk, str, str, Trace], Proposal]
"""Ends a proposal: at whose desk, which, why, and with what trace."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The routes that change drafts and proposals. Whose tenant it is, the session says."""

    database: Database
    asking: WebAsking
    workshop: Workshop

    def change(self, draft: str, step: str) -> BaseResponse:
        """Keep what was typed, do the step, and show the draft again."""
        form = _stepped(_sent(), step)
        if form is None:
            abort(404)
        try:
            kept = self._at_desk(lambda desk: self._kept(desk, draft, form))
        except NoDraftError:
            abort(404)
        except BadInputError:
            return redirect(f"{builder_page.NEW}?said=full", 303)
        if step == "discard":
            self._at_desk(lambda desk: builder_drafts.throw_away(desk, kept))
            return redirect(f"{_PROPOSALS}?said=discarded", 303)
        if step == "propose":
            return self._propose(kept)
        if step == "fork":
            fresh = form.having(key="", name=f"{form.get('name')} (new)")
            kept = str(self._at_desk(lambda desk: builder_drafts.begin(desk, fresh)))
        return redirect(f"{builder_page.NEW}/{kept}", 303)

    def _kept(self, desk: Desk, draft: str, form: Form) -> str:
        if draft == "new" or draft.startswith(_OF):
            return str(
                builder_drafts.begin(desk, form, draft.removeprefix("new").removeprefix(_OF))
            )
        builder_drafts.keep(desk, draft, form)
        return draft

    def _propose(self, draft: str) -> BaseResponse:
        """Propose a draft; if it can't be, it stays and says why."""
        trace = self.asking.trace()
        try:
            made = self._at_desk(lambda desk: proposals.propose(desk, draft, trace))
        except BadInputError as error:
            word = proposal_refusals.word_of(error)
            return redirect(f"{builder_page.NEW}/{draft}?said={word}", 303)
        return redirect(f"{_PROPOSALS}/{made.id}?said=proposed", 303)

    def activate(self, proposal: str) -> BaseResponse:
        """Activate a proposal and bring its numbers up, or say from which later day it holds."""
        note, given, trace = field("note"), field("day"), self.asking.trace()

        def do(desk: Desk) -> Activated | None:
            day = activations_ahead.day_asked(desk, given)
            return activations_ahead.decide(desk, proposal, day, note, trace)

        def then(done: Activated | None) -> str:
            if done is None:
                return f"{_PROPOSALS}/{proposal}?said=planned"
            actor = self.asking.signed_in()
            told = refresh_soon(self.workshop, actor.tenant, done.moved, done.before, trace.at)
            return f"/kpis/{done.key}/history?said={'activated' if told else 'later'}"

        return self._decided(proposal, do, then)

    def decline(self, proposal: str) -> BaseResponse:
        """Decline a proposal with a reason."""
        return self._refused(proposal, activations.decline, "declined")

    def call_back(self, proposal: str) -> BaseResponse:
        """Take an activation back before its day, with a reason."""
        return self._refused(proposal, activations_ahead.call_back, "called_back")

    def withdraw(self, proposal: str) -> BaseResponse:
        """Take one's own proposal back into a draft."""
        trace = self.asking.trace()
        return self._decided(
            proposal,
            lambda desk: proposals.withdraw(desk, proposal, trace),
            lambda draft: f"{builder_page.NEW}/{draft}",
        )

    def mend(self, proposal: str) -> BaseResponse:
        """Begin a draft from one's own declined proposal."""
        return self._decided(
            proposal,
            lambda desk: proposals.mend(desk, proposal),
            lambda draft: f"{builder_page.NEW}/{draft}",
        )

    def _refused(self, proposal: str, refuse: Refuse, said: str) -> BaseResponse:
        """End a proposal with the reason that was typed, and say so on its page."""
        why, trace = field("note"), self.asking.trace()
        return self._decided(
            proposal,
            lambda desk: refuse(desk, proposal, why, trace),
            lambda _: f"{_PROPOSALS}/{proposal}?said={said}",
        )

    def _decided(
        self, proposal: str, do: Callable[[Desk], Done], then: Callable[[Done], str]
    ) -> BaseResponse:
        """Do something with a proposal; what refuses it is told on its page."""
        try:
            done = self._at_desk(do)
        except NoProposalError:
            abort(404)
        except BadInputError as error:
            word = proposal_refusals.word_of(error)
            return redirect(f"{_PROPOSALS}/{proposal}?said={word}", 303)
        return redirect(then(done), 303)

    def _at_desk(self, do: Callable[[Desk], Done]) -> Done:
        """Do something in one transaction of who asks."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            return do(open_desk(session, actor, self.asking.trace().at))


def blueprint(database: Database, asking: WebAsking, workshop: Workshop) -> Blueprint:
    """Return the routes of the builder and of proposals."""
    bench, made = Bench(database, asking, workshop), Blueprint("builder", __name__)
    rule = f"{builder_page.DRAFTS}/<draft>/<step>"
    made.add_url_rule(rule, "change", bench.change, methods=["POST"])
    for name in ("activate", "call_back", "decline", "withdraw", "mend"):
        rule = f"{_PROPOSALS}/<proposal>/{name.replace('_', '-')}"
        made.add_url_rule(rule, name, getattr(bench, name), methods=["POST"])
    return made


def _sent() -> Form:
    """Return the form that was sent, bounded."""
    pairs = list(request.form.items())[:_MOST_FIELDS]
    return builder_form.typed(dict(pairs))


def _stepped(form: Form, step: str) -> Form | None:
    """Return the form after a step; None for a step that there is not."""
    word, _, rest = step.partition("-")
    if word in ("save", "propose", "discard", "fork") and not rest:
        return form
    if word == "kind" and rest in KIND_KEYS:
        return form.having(kind=rest)
    side, _, at = rest.partition("-")
    if word == "add" and side in SIDES:
        return builder_form.with_row(form, side)
    if word == "drop" and side in SIDES and at.isdecimal():
        return builder_form.without_row(form, side, int(at[:3]))
    return None
