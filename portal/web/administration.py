"""What an administrator sends: plain forms, each a change of one person, then back to the page."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from kpi_engine.language import tr
from portal.errors import BadInputError, PersonExistsError, PortalError
from portal.security.actor import Actor
from portal.security.permissions import Access, Gate, Permission
from portal.security.roles import Role, named
from portal.services import administration, person_ties, sign_in_rules, viewing
from portal.services.auditing import Trace
from portal.services.letters import Letter
from portal.services.mailing import Post
from portal.services.people import NewPerson
from portal.services.person_ties import Tie
from portal.tenancy.database import Database
from portal.tenancy.session import TenantSession
from portal.web.asking import WebAsking
from portal.web.fields import field

_CHANGES = ("add", "tie", "give", "drop", "shut", "reopen", "invite", "reset")
ROUTES: dict[str, Access] = {
    **{f"people.{name}": Permission.PEOPLE_EDIT for name in _CHANGES},
    "people.view": Permission.VIEW_AS,
    "people.need_factor": Permission.SETTINGS_EDIT,
    "people.spare_factor": Permission.SETTINGS_EDIT,
    "people.stop_viewing": Gate.SIGNED_IN,
}
DANGEROUS = frozenset(ROUTES) - {"people.stop_viewing"}
"""What asks for a fresh proof of who one is: all that changes who gets in, and as whom."""
_LONGEST = 320
Change = Callable[[TenantSession, Actor, Trace], str]


@dataclass(frozen=True, slots=True)
class Office:
    """The routes that change people. Whose tenant it is, the session says."""

    database: Database
    asking: WebAsking
    post: Post
    url: str

    def add(self) -> BaseResponse:
        """Show the form for one more person, or take it; what was typed stays if it is refused."""
        if request.method == "GET":
            return _form()
        new = NewPerson(
            email=field("email", _LONGEST),
            roles=request.form.getlist("role")[: len(Role) + 1],
            crm_user_id=field("crm_user_id", _LONGEST) or None,
            team_id=field("team_id", _LONGEST) or None,
            name=field("name", _LONGEST),
        )
        try:
            return self._done(
                "added", lambda *each: administration.add_person(each[0], each[1], new, each[2])
            )
        except (BadInputError, PersonExistsError) as error:
            return _form(str(error), 400)

    def tie(self, person: str) -> BaseResponse:
        """Show the form of who a person is, or take it; what was typed stays if it is refused."""
        if request.method == "GET":
            return self._tie_form(person)
        said = Tie(*(field(name, _LONGEST) for name in ("name", "crm_user_id", "team_id")))
        try:
            return self._done(
                "changed", lambda *each: person_ties.tie(each[0], each[1], person, said, each[2])
            )
        except BadInputError as error:
            return self._tie_form(person, said, str(error))

    def _tie_form(self, person: str, typed: Tie | None = None, error: str = "") -> Response:
        with self.database.session(self.asking.signed_in().tenant) as session:
            form = person_ties.form(session, person, typed)
        page = render_template("tie_person.html", form=form, error=error, action=request.path)
        return make_response(page, 400 if error else 200)

    def give(self, person: str, role: str) -> BaseResponse:
        """Give a role to a person."""
        return self._role(person, role, held=True)

    def drop(self, person: str, role: str) -> BaseResponse:
        """Take a role from a person."""
        return self._role(person, role, held=False)

    def shut(self, person: str) -> BaseResponse:
        """Shut an account; its sessions end."""
        return self._shut("shut", person, closed=True)

    def reopen(self, person: str) -> BaseResponse:
        """Open a shut account again."""
        return self._shut("open", person, closed=False)

    def invite(self, person: str) -> BaseResponse:
        """Send a person a link to choose a password."""
        letters: list[Letter] = []

        def write(session: TenantSession, actor: Actor, trace: Trace) -> str:
            letters.append(administration.invite(session, actor, person, self.url, trace))
            return ""

        answer = self._done("invited", write)
        try:
            self.post.send(letters)
        except OSError as error:
            raise PortalError(
                tr("The mail could not be sent. The link is made anew with the next try.")
            ) from error
        return answer

    def reset(self, person: str) -> BaseResponse:
        """Forget a person's second factor and their account at the provider."""
        return self._done(
            "reset",
            lambda session, actor, trace: administration.reset_sign_in(
                session, actor, person, trace
            ),
        )

    def need_factor(self, role: str) -> BaseResponse:
        """Ask a role for a second factor."""
        return self._factor(role, needed=True)

    def spare_factor(self, role: str) -> BaseResponse:
        """Ask a role for none."""
        return self._factor(role, needed=False)

    def view(self, person: str) -> BaseResponse:
        """Look as a person, on their home."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            viewing.begin(session, actor, person, self.asking.trace())
        return redirect("/", 303)

    def stop_viewing(self) -> BaseResponse:
        """Look as oneself again."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            viewing.end(session, actor, self.asking.trace())
        return redirect("/", 303)

    def _factor(self, role: str, *, needed: bool) -> BaseResponse:
        actor, trace = self.asking.signed_in(), self.asking.trace()
        with self.database.session(actor.tenant) as session:
            sign_in_rules.need_factor(session, actor, role, trace, needed=needed)
        return redirect(f"{administration.SIGN_IN}?done=factor_roles", 303)

    def _role(self, person: str, role: str, *, held: bool) -> BaseResponse:
        return self._done(
            "roles",
            lambda session, actor, trace: administration.change_role(
                session, actor, person, (role, held), trace
            ),
        )

    def _shut(self, done: str, person: str, *, closed: bool) -> BaseResponse:
        return self._done(
            done,
            lambda session, actor, trace: administration.shut(
                session, actor, person, closed=closed, trace=trace
            ),
        )

    def _done(self, done: str, change: Change) -> BaseResponse:
        """Make a change in one transaction, then go back to the page."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            change(session, actor, self.asking.trace())
        return redirect(f"{administration.HOME}?done={done}", 303)


def blueprint(database: Database, asking: WebAsking, post: Post, url: str) -> Blueprint:
    """Return the routes that change people."""
    office, made = Office(database, asking, post, url), Blueprint("people", __name__)
    place = f"{administration.HOME}/people"
    made.add_url_rule(f"{place}/new", "add", office.add, methods=["GET", "POST"])
    made.add_url_rule(f"{place}/<person>/edit", "tie", office.tie, methods=["GET", "POST"])
    for name, rule in (("give", "give/<role>"), ("drop", "drop/<role>")):
        made.add_url_rule(f"{place}/<person>/{rule}", name, getattr(office, name), methods=["POST"])
    made.add_url_rule(f"{place}/<person>/invite", "invite", office.invite, methods=["POST"])
    made.add_url_rule(f"{place}/<person>/reset", "reset", office.reset, methods=["POST"])
    for word in ("need", "spare"):
        rule, name = f"{administration.SIGN_IN}/{word}/<role>", f"{word}_factor"
        made.add_url_rule(rule, name, getattr(office, name), methods=["POST"])
    made.add_url_rule(f"{place}/<person>/view", "view", office.view, methods=["POST"])
    made.add_url_rule(viewing.STOP, "stop_viewing", office.stop_viewing, methods=["POST"])
    made.add_url_rule(f"{place}/<person>/shut", "shut", office.shut, methods=["POST"])
    made.add_url_rule(f"{place}/<person>/open", "reopen", office.reopen, methods=["POST"])
    return made


def _form(error: str = "", status: int = 200) -> Response:
    given = {name: field(name, _LONGEST) for name in ("email", "name", "crm_user_id", "team_id")}
    chosen = set(request.form.getlist("role"))
    roles = [(role.value, named(role), role.value in chosen) for role in Role]
    return make_response(
        render_template("add_person.html", error=error, given=given, roles=roles), status
    )
