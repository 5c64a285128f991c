"""A company's logo and accent as files for its own people, and the forms that change them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from portal.errors import BadInputError
from portal.readmodels.brand import Brand
from portal.security.actor import Actor
from portal.security.permissions import Access, Gate, Permission
from portal.services import appearance, branding, kept_forms, tenants
from portal.services.auditing import Trace
from portal.services.brand_logos import MOST_BYTES
from portal.services.branding import Look
from portal.services.typed_words import RefusedFieldError
from portal.tenancy.database import Database
from portal.tenancy.session import TenantSession
from portal.web.asking import WebAsking
from portal.web.fields import field, number
from portal.web.paths import OWN_IMMUTABLE
from portal.web.sending_back import send_back

ROUTES: Mapping[str, Access] = {
    "brand.logo": Gate.SIGNED_IN,
    "brand.sheet": Gate.SIGNED_IN,
    "brand.save": Permission.SETTINGS_EDIT,
    "brand.drop_logo": Permission.SETTINGS_EDIT,
    "brand.clear": Permission.SETTINGS_EDIT,
}
_MARK = re.compile(r"[0-9a-f]{32}")
_LONGEST = 400
Change = Callable[[TenantSession, Actor, Trace], object]


@dataclass(frozen=True, slots=True)
class Wardrobe:
    """The routes of what a company shows. Whose company it is, the session says."""

    database: Database
    asking: WebAsking

    def logo(self, mark: str) -> Response:
        """Return the picture of the company's logo with this mark."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            found = branding.picture(session, mark) if _MARK.fullmatch(mark) else None
        return _file(found, "image/png")

    def sheet(self, mark: str) -> Response:
        """Return the company's accent as a style sheet, if it has this mark."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            made = branding.style(branding.read(session))
        return _file(made.text.encode() if made and made.mark == mark else None, "text/css")

    def save(self) -> BaseResponse:
        """Set the name, the accent and, where one was chosen, the logo."""
        sent = request.files.get("logo")
        # One byte more than may be, so that what is larger is told apart without reading it all.
        logo = sent.stream.read(MOST_BYTES + 1) if sent is not None and sent.filename else None
        look = Look(number("version"), field("name", _LONGEST), field("accent", _LONGEST), logo)
        return self._done("saved", lambda *each: branding.change(each[0], each[1], look, each[2]))

    def drop_logo(self) -> BaseResponse:
        """Show no logo any more."""
        seen = number("version")
        return self._done(
            "dropped", lambda *each: branding.drop_logo(each[0], each[1], seen, each[2])
        )

    def clear(self) -> BaseResponse:
        """Go back to Meridian's name, accent and mark."""
        seen = number("version")
        return self._done("cleared", lambda *each: branding.clear(each[0], each[1], seen, each[2]))

    def _done(self, done: str, change: Change) -> BaseResponse:
        """Make a change in one transaction; what is refused goes back as it was filled in."""
        actor, trace = self.asking.signed_in(), self.asking.trace()
        try:
            with self.database.session(actor.tenant) as session:
                change(session, actor, trace)
                kept_forms.forget(session, actor, appearance.FORM, trace.at)
        except BadInputError as error:
            wrong = error.field if isinstance(error, RefusedFieldError) else ""
            form, more = (appearance.FORM, ("name", "accent")), {appearance.WRONG: wrong}
            return send_back(self.database, self.asking, form, appearance.PATH, error, **more)
        return redirect(f"{appearance.PATH}?done={done}", 303)


def blueprint(database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes."""
    wardrobe, made = Wardrobe(database, asking), Blueprint("brand", __name__)
    made.add_url_rule(f"{branding.PLACE}/<mark>.png", "logo", wardrobe.logo)
    made.add_url_rule(f"{branding.PLACE}/<mark>.css", "sheet", wardrobe.sheet)
    for name, rule in (("save", ""), ("drop_logo", "/drop-logo"), ("clear", "/clear")):
        place = f"{appearance.PATH}{rule}"
        made.add_url_rule(place, name, getattr(wardrobe, name), methods=["POST"])
    return made


def around(database: Database, asking: WebAsking) -> Brand:
    """Return what stands around a form that is a page of its own: Meridian's where nobody is known.

    Only who was found out already is asked for, so that a page of the door asks nothing.
    """
    actor = asking.known_actor()
    if actor is None:
        return Brand()
    with database.session(actor.tenant) as session:
        return branding.shown(branding.read(session), tenants.get(session).name)


def _file(found: bytes | None, mimetype: str) -> Response:
    """Return a file that a browser keeps; 404 for what is not there, and for another company's."""
    if found is None:
        abort(404)
    made = Response(found, mimetype=mimetype)
    made.headers["Cache-Control"] = OWN_IMMUTABLE
    return made
