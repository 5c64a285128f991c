"""What was written down stays as it was, whoever asks the database to change it."""

import psycopg
import pytest

from portal.services import auditing
from portal.services.auditing import Event, Trace
from portal.tenancy.names import OWNER
from tests.web.portals import START


@pytest.fixture
def written(database, tenant):
    with database.session(tenant) as session:
        trace = Trace(START, "abc", "10.0.0.1")
        auditing.note(session, None, Event.EXPORTED, "a\nb\x00c" + "x" * 900, trace=trace)
    return tenant


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE portal.audit_event SET ip = 'x'",
        "DELETE FROM portal.audit_event",
        "TRUNCATE portal.audit_event",
    ],
)
@pytest.mark.parametrize("role", ["superuser", OWNER])
def test_no_event_is_changed_or_taken_away_not_even_by_the_owner(server, written, statement, role):
    connection = server.superuser()
    with connection:
        if role == OWNER:
            connection.execute(f"SET ROLE {OWNER}")
        with pytest.raises(psycopg.errors.RestrictViolation, match="only ever added"):
            connection.execute(statement)


def test_an_event_is_one_line_of_printable_letters(database, written):
    with database.session(written) as session:
        (entry,) = auditing.read(session)
    assert entry.object.startswith("a�b�c")
    assert len(entry.object) == 300
    assert (entry.event, entry.request_id, entry.ip) == ("exported", "abc", "10.0.0.1")


def test_events_of_one_tenant_are_no_other_s(database, written, new_tenant):
    with database.session(new_tenant()) as session:
        assert auditing.read(session) == ()
