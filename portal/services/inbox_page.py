"""The inbox as a page: what waits for a person, by day, with what they can do about each item."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from kpi_engine.language import mark, tr, trn
from portal.errors import UnknownNameError
from portal.models import inbox as questions
from portal.readmodels.cards import Choice, Menu, Status, Tone
from portal.readmodels.formats import Formats
from portal.readmodels.inbox import DayOfItems, InboxPage, ItemRow, Later
from portal.security.actor import Actor
from portal.security.permissions import Allowed, Permission, may
from portal.services import digest_times, digest_wishes, inbox
from portal.services.addresses import address
from portal.services.desks import formats_of
from portal.services.digest_times import Until, Wish
from portal.services.inbox import Item, Kind
from portal.services.inbox_sights import sight_of
from portal.tenancy.session import TenantSession

PATH = "/inbox"
WAITING, UNREAD, LATER, ALL = "waiting", "unread", "later", "all"
_SHOWS = {
    WAITING: mark("Waiting"),
    UNREAD: mark("Unread"),
    LATER: mark("Put off"),
    ALL: mark("All"),
}
_KEPT = timedelta(days=120)
"""Older items are kept and not listed."""
_MOST = 200
_KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.STATUS: (mark("Status"), "bullseye"),
    Kind.SIGNAL: (mark("Signal"), "activity"),
    Kind.PACE: (mark("Pace"), "clock-history"),
    Kind.GUARDRAIL: (mark("Guardrail"), "shield-exclamation"),
    Kind.REVIEW: (mark("Review"), "calendar-check"),
    Kind.ACTION: (mark("Action"), "list-check"),
    Kind.OWNERSHIP: (mark("Ownership"), "people"),
    Kind.DEFINITION: (mark("Definition"), "journal-text"),
    Kind.DATA: (mark("Data"), "database"),
}
_MARKS = {
    Tone.GOOD: Status(Tone.GOOD, mark("Better")),
    Tone.WATCH: Status(Tone.WATCH, mark("Watch")),
    Tone.BAD: Status(Tone.BAD, mark("Worse")),
    Tone.NEUTRAL: Status(Tone.NEUTRAL, mark("For you"), "info-circle-fill"),
}
_ORDER = {Tone.BAD: 0, Tone.WATCH: 1, Tone.NEUTRAL: 2, Tone.GOOD: 3}
_LATER = {
    Until.TOMORROW: mark("Tomorrow"),
    Until.MONDAY: mark("Next Monday"),
    Until.WEEK: mark("In a week"),
}
_EMPTY = {
    WAITING: mark(
        "Nothing waits for you. What changes in your KPIs, reviews and actions comes here."
    ),
    UNREAD: mark("Everything is read."),
    LATER: mark("Nothing is put off."),
    ALL: mark(
        "Nothing was told to you yet. What changes in your KPIs, reviews and actions comes here."
    ),
}


@dataclass(frozen=True, slots=True)
class _View:
    """What the address asks for, and how it is read."""

    show: str
    kind: Kind | None
    formats: Formats
    wish: Wish
    now: datetime
    changes: bool
    """Whether the reader may change something."""

    def at(self, **changed: str | None) -> str:
        """Return the address of this page with something changed."""
        told = {
            "show": None if self.show == WAITING else self.show,
            "kind": self.kind.value if self.kind else None,
        }
        return address(PATH, **{**told, **changed})

    def action(self, path: str) -> str:
        """Return where a form posts, so that it comes back to what is shown."""
        return self.at().replace(PATH, f"{PATH}/{path}", 1)

    def moment(self, moment: datetime, *, day: bool = True) -> str:
        """Return a moment on the reader's own clock."""
        local = moment.astimezone(self.wish.zone)
        clock = f"{local:%H:%M}"
        return f"{self.formats.day(local.date(), weekday=True)}, {clock}" if day else clock


def read(
    session: TenantSession, actor: Actor, now: datetime, query: Mapping[str, str], csrf: str
) -> InboxPage:
    """Return what a person was told.

    Raises:
        UnknownNameError: if the address names a view or a kind that there is not.
    """
    view = _view(session, actor, now, query)
    sight = sight_of(session, actor, now)
    rows = session.scalars(questions.of_person(actor.person, now - _KEPT, _MOST))
    items = [one for one in map(inbox.item_of, rows) if sight.sees(one.kpi, one.who)]
    shown = [one for one in items if _is_in(view.show, one, now)]
    listed = [one for one in shown if view.kind in {None, one.kind}]
    # What was told in one go stands with the worst first.
    listed.sort(key=lambda one: (-one.at.timestamp(), _ORDER[one.tone], one.subject))
    unread = sum(_is_in(UNREAD, one, now) for one in items)
    return InboxPage(
        _sub(unread, sum(_is_in(WAITING, one, now) for one in items)),
        tuple(_choice(view, show, items) for show in _SHOWS),
        _kinds(view, shown),
        tuple(_days(view, listed)),
        view.action("read") if unread and view.changes else "",
        csrf,
        "" if listed else tr(_EMPTY[view.show]),
        tr("The newest {count} are shown.", count=_MOST) if len(items) == _MOST else "",
    )


def _view(session: TenantSession, actor: Actor, now: datetime, query: Mapping[str, str]) -> _View:
    show, kind = query.get("show") or WAITING, query.get("kind", "")
    if show not in _SHOWS:
        raise UnknownNameError(tr("view of the inbox"), show, list(_SHOWS))
    if kind and kind not in [one.value for one in Kind]:
        raise UnknownNameError(tr("kind of item"), kind, [one.value for one in Kind])
    return _View(
        show,
        Kind(kind) if kind else None,
        formats_of(session, actor),
        digest_wishes.wish_of(session, actor.person),
        now,
        isinstance(may(actor, Permission.SELF_EDIT), Allowed),
    )


def _is_in(show: str, item: Item, now: datetime) -> bool:
    later = item.snoozed_until is not None and item.snoozed_until > now
    waits = item.acknowledged_at is None and not later
    return {
        WAITING: waits,
        UNREAD: waits and item.read_at is None,
        LATER: later,
        ALL: True,
    }[show]


def _sub(unread: int, waiting: int) -> str:
    if not waiting:
        return tr("What changed in your KPIs, and what you are asked for.")
    if not unread:
        return trn("{count} item waits for you.", "{count} items wait for you.", waiting)
    return trn(
        "{count} item waits for you, {unread} unread.",
        "{count} items wait for you, {unread} unread.",
        waiting,
        unread=unread,
    )


def _choice(view: _View, show: str, items: Iterable[Item]) -> Choice:
    count = sum(_is_in(show, one, view.now) for one in items)
    text = f"{tr(_SHOWS[show])} {count}" if count else tr(_SHOWS[show])
    href = view.at(show=None if show == WAITING else show, kind=None)
    return Choice(text, href, chosen=show == view.show)


def _kinds(view: _View, shown: Iterable[Item]) -> Menu:
    there = {one.kind for one in shown}
    choices = [Choice(tr("Every kind"), view.at(kind=None), chosen=view.kind is None)]
    choices += [
        Choice(tr(word), view.at(kind=kind.value), chosen=kind is view.kind)
        for kind, (word, _) in _KINDS.items()
        if kind in there or kind is view.kind
    ]
    label = tr("Every kind") if view.kind is None else tr(_KINDS[view.kind][0])
    return Menu(tr("Kind"), label, "filter", tuple(choices))


def _days(view: _View, items: Iterable[Item]) -> Iterable[DayOfItems]:
    today = view.now.astimezone(view.wish.zone).date()
    for day, mine in groupby(items, lambda one: one.at.astimezone(view.wish.zone).date()):
        name = view.formats.day(day, weekday=True)
        near = {today: tr("Today"), today - timedelta(days=1): tr("Yesterday")}.get(day)
        yield DayOfItems(
            f"{near}, {name}" if near else name, tuple(_row(view, one) for one in mine)
        )


def _row(view: _View, item: Item) -> ItemRow:
    word, sign = _KINDS[item.kind]
    open_to_change = view.changes and item.acknowledged_at is None
    return ItemRow(
        item.subject,
        item.text,
        f"{PATH}/{item.id}",
        tr(word),
        sign,
        replace(_MARKS[item.tone], word=tr(_MARKS[item.tone].word)),
        view.moment(item.at, day=False),
        _is_in(UNREAD, item, view.now),
        _standing(view, item),
        view.action(f"{item.id}/acknowledge") if open_to_change else "",
        tuple(_later(view, item)) if open_to_change else (),
    )


def _standing(view: _View, item: Item) -> str:
    if item.acknowledged_at is not None:
        return tr("Acknowledged {day}", day=view.moment(item.acknowledged_at))
    if item.snoozed_until is not None and item.snoozed_until > view.now:
        return tr("Put off to {day}", day=view.moment(item.snoozed_until))
    return ""


def _later(view: _View, item: Item) -> Iterable[Later]:
    offered = set()
    for until, text in _LATER.items():
        moment = digest_times.put_off(view.wish, until, view.now)
        # On a Sunday the next Monday is tomorrow, on a Monday it is a week away: one time, one row.
        if moment in offered:
            continue
        offered.add(moment)
        yield Later(tr(text), view.moment(moment), view.action(f"{item.id}/later/{until.value}"))
