"""Days told near midnight: those of the company's clock, which may be a day from Greenwich's."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from kpi_engine.periods import Calendar, Grain
from portal.models import people
from portal.readmodels.formats import Formats
from portal.services import account_words, confidence
from portal.services.confidence_limits import Check, Level
from portal.services.confidence_rules import Ground
from portal.services.source_ages import SourceAge

LATE = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
"""Already the first of April in Berlin."""
BERLIN = "Europe/Berlin"
FORMATS = Formats("en", "EUR")


def test_an_account_is_shut_since_a_day_of_the_company():
    row = people.Person(email="a@example.org", roles=["rep"], disabled_at=LATE)
    told = account_words.standing(row, FORMATS, ZoneInfo(BERLIN), factor=False)
    assert told.replace("\N{NO-BREAK SPACE}", " ") == "Shut since 1 Apr 2026"


def test_the_load_that_a_number_lacks_is_told_by_a_day_of_the_company():
    age = SourceAge("crm", LATE, timedelta(days=1), stale=False, failed=False)
    ground = Ground(Check.COVERED, Level.LOW, source=age)
    desk = SimpleNamespace(card=SimpleNamespace(timezone=BERLIN), formats=FORMATS)
    period = Calendar(BERLIN).holding(date(2026, 4, 2), Grain.QUARTER)
    told = confidence.said(desk, ground, period).replace("\N{NO-BREAK SPACE}", " ")
    assert "was last loaded on 1 Apr 2026" in told
