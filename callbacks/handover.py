"""A page that was just drawn, kept for the question that follows it a moment later.

A browser that opens a page asks for its HTML and then for Dash's layout, which say the same. What
was drawn for the first is handed to the second: once, soon, to the same session, address and
loading. Two processes may answer the two; then one keeps what nobody takes, and what has changed
since must not be hidden by it when the page is loaded again.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from dash.development.base_component import Component

from portal.security.actor import Actor

_MOMENT = timedelta(seconds=10)
_MOST = 32


@dataclass(frozen=True, slots=True)
class Address:
    """Who asked for what: nothing is handed to another session, person, role or query."""

    actor: Actor
    path: str
    query: str
    page: str
    """Which loading of the page, by chance: what an earlier one left behind is older than now."""


@dataclass(frozen=True, slots=True)
class Framed:
    """A page as it goes to the browser, with its title."""

    title: str
    frame: Component
    status: int = 200


@dataclass(frozen=True, slots=True)
class Handover:
    """The pages that this process has drawn and not yet handed on."""

    _kept: OrderedDict[Address, tuple[datetime, Framed]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, address: Address, page: Framed, now: datetime) -> None:
        """Keep a page that was drawn well; what is too old by now, and the oldest, make room."""
        if page.status != _WELL:
            return
        with self._lock:
            self._kept.pop(address, None)
            self._kept[address] = (now, page)
            while len(self._kept) > _MOST or now - next(iter(self._kept.values()))[0] > _MOMENT:
                self._kept.popitem(last=False)

    def take(self, address: Address, now: datetime) -> Framed | None:
        """Take the page of an address, if it was drawn a moment ago; nobody gets it again."""
        with self._lock:
            found = self._kept.pop(address, None)
        if found is None or now - found[0] > _MOMENT:
            return None
        return found[1]


_WELL = 200
