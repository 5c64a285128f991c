"""What people send from their inbox: plain forms, then back to what they looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from portal.security.actor import Actor
from portal.security.permissions import Access, Permission
from portal.services import digest_wishes, freshness, inbox, inbox_marks
from portal.services.addresses import address
from portal.services.digest_times import Until
from portal.services.inbox_marks import NoItemError
from portal.services.inbox_page import PATH
from portal.tenancy.database import Database
from portal.tenancy.session import TenantSession
from portal.web.asking import WebAsking
from portal.web.paths import FRESH, own_path

ROUTES: dict[str, Access] = {
    "inbox.follow": Permission.INBOX_READ,
    "inbox.fresh": Permission.INBOX_READ,
    # What is done with an item is done by the person alone: not by who looks as them.
    "inbox.acknowledge": Permission.SELF_EDIT,
    "inbox.later": Permission.SELF_EDIT,
    "inbox.read": Permission.SELF_EDIT,
    "inbox.settings": Permission.SELF_EDIT,
}
_SETTINGS = ("rhythm", "weekday", "hour", "timezone", "quiet_from", "quiet_until")
_LONGEST, _LONGEST_ZONE = 20, 64
Do = Callable[[TenantSession, Actor, datetime], object]


@dataclass(frozen=True, slots=True)
class Tray:
    """The routes of one's own inbox. Another's item is told like one that there is not."""

    database: Database
    asking: WebAsking

    def fresh(self) -> BaseResponse:
        """Tell which numbers are the newest, and how much is unread; a page asks by itself."""
        actor = self.asking.signed_in()
        with self.database.session(actor.tenant) as session:
            unread = inbox.unread(session, actor, self.asking.clock())
            return jsonify({"version": freshness.newest(session), "unread": unread})

    def follow(self, item: str) -> BaseResponse:
        """Mark an item as read and go where it leads."""
        href = self._done(lambda *each: inbox_marks.follow(each[0], each[1], item, each[2]))
        return redirect(own_path(str(href)), 303)

    def acknowledge(self, item: str) -> BaseResponse:
        """Note that the person has seen to an item."""
        self._done(lambda *each: inbox_marks.acknowledge(each[0], each[1], item, each[2]))
        return _back()

    def later(self, item: str, until: str) -> BaseResponse:
        """Put an item off."""
        if until not in [each.value for each in Until]:
            abort(404)
        word = Until(until)
        self._done(lambda *each: inbox_marks.snooze(each[0], each[1], item, word, each[2]))
        return _back()

    def read(self) -> BaseResponse:
        """Mark everything that waits as read."""
        self._done(inbox_marks.read_all)
        return _back()

    def settings(self) -> BaseResponse:
        """Take how the person wants to be told by mail."""
        actor = self.asking.signed_in()
        typed = {name: request.form.get(name, "")[:_LONGEST_ZONE] for name in _SETTINGS}
        with self.database.session(actor.tenant) as session:
            digest_wishes.change(session, actor, typed, self.asking.trace())
        return redirect("/account?done=digest#digest", 303)

    def _done(self, do: Do) -> object:
        actor = self.asking.signed_in()
        try:
            with self.database.session(actor.tenant) as session:
                return do(session, actor, self.asking.clock())
        except NoItemError:
            abort(404)


def blueprint(database: Database, asking: WebAsking) -> Blueprint:
    """Return the routes by which people deal with what they were told."""
    tray, made = Tray(database, asking), Blueprint("inbox", __name__)
    made.add_url_rule(FRESH, "fresh", tray.fresh)
    made.add_url_rule(f"{PATH}/<item>", "follow", tray.follow)
    for name, rule in (
        ("read", "read"),
        ("acknowledge", "<item>/acknowledge"),
        ("later", "<item>/later/<until>"),
    ):
        made.add_url_rule(f"{PATH}/{rule}", name, getattr(tray, name), methods=["POST"])
    made.add_url_rule("/account/digest", "settings", tray.settings, methods=["POST"])
    return made


def _back() -> BaseResponse:
    """Go back to the list as it was filtered; the page refuses words that it does not know."""
    told = {name: request.args.get(name, "")[:_LONGEST] for name in ("show", "kind")}
    return redirect(address(PATH, **told), 303)
