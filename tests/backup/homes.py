"""Homes with an embedded server of their own, and people who are signed in there."""

from datetime import UTC, datetime

from portal.config import Config
from portal.models.people import by_id
from portal.services.auditing import Trace
from portal.services.people import NewPerson, add
from portal.services.signing_in import Account, begin, resume, stamp
from portal.tenancy.database import open_database
from portal.tenancy.keys import TenantKey
from tests.kpis.desk import Desk

NOW = datetime(2017, 6, 1, 12, tzinfo=UTC)
YEAR = ("--kpi", "won_revenue", "--grain", "year", "--from", "2017-01-01", "--to", "2018-01-01")


class OwnDesk(Desk):
    """The command on a home with an embedded server of its own."""

    def __init__(self, home):
        super().__init__("", home)

    @property
    def config(self):
        """The settings of this home."""
        return Config.from_environ(self.environ)

    def won(self, tenant, *words):
        """Return the won revenue of the year."""
        return [row["value"] for row in self.values(tenant, *YEAR, *words)]


def signed_in(desk, tenant):
    """Add a person, let them sign in, and return what their browser keeps."""
    database = open_database(desk.config)
    with database.session(TenantKey(tenant)) as session:
        person = add(session, NewPerson(f"ann@{tenant}.example", frozenset({"rep"})), NOW)
        proof = stamp(session.scalars(by_id(person.id)).one())
    account = Account(TenantKey(tenant), "A company", person.id, proof)
    token = begin(database, account, Trace(NOW), NOW)
    database.close()
    return token


def who(desk, token):
    """Return who a session belongs to in a home; None if it is over."""
    database = open_database(desk.config)
    try:
        return resume(database, token, NOW)
    finally:
        database.close()
