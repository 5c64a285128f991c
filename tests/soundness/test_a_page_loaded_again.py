"""What a process drew for an earlier loading of a page is never shown for a later one."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from callbacks.handover import Address, Handover
from callbacks.routing import Drawn
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.tenancy.keys import TenantKey

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN = Actor(TenantKey("acme"), UUID(int=1), "ann@acme.example", "Ann", frozenset({Role.REP}))


def test_two_processes_answer_in_turn_and_none_shows_what_it_kept_before():
    one, other = Handover(), Handover()
    first, second = (Address(ANN, "/", "", page) for page in ("first", "second"))
    one.keep(first, Drawn("before the change", None, None), NOW)
    assert other.take(first, NOW) is None, "the layout is asked of the other process"
    later = NOW + timedelta(seconds=2)
    other.keep(second, Drawn("after it", None, None), later)
    assert one.take(second, later) is None, "and not what the first one still keeps"
    told = other.take(second, later)
    assert told is not None
    assert told.title == "after it"
