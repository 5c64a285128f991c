"""A range is told of a number only where it stands on the very records of the number."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.engine.gaps import Tally
from kpi_engine.engine.swings import Sway, Swayed
from kpi_engine.reading import Reading, State
from portal.readmodels.formats import Formats
from portal.services import confidence_bands, record_sways, review_quality
from portal.services.confidence_evidence import Evidence, Seen
from portal.services.confidence_limits import Check, Level
from portal.services.confidence_rules import Ground
from portal.services.record_gaps import Kind
from portal.services.source_ages import SourceAge

CATALOGUE = shipped_catalogue()
RATE, WON, REVENUE = (CATALOGUE[key] for key in ("win_rate", "won_deals", "won_revenue"))
SWAY = Sway((31, 100, 31, 107, 38, 107, 0), 7, (7, 0))


def known(sway=SWAY):
    """What is known of a hundred closed deals and seven without their day."""
    swayed = Swayed("opportunity", ("closed_at", "status"), sway)
    kind = Kind(
        "opportunity", (), (), (), False, True, True, frozenset(), Tally(), Tally(), {}, swayed
    )
    age = SourceAge("crm", datetime(2017, 4, 1, tzinfo=UTC), timedelta(0), False, False)
    return Evidence((Seen(kind, Tally(), sway),), True, (age,), ())


def share(over=31.0, under=100.0):
    """A share, settled."""
    return Reading(over / under, State.FINAL, None, int(under), over, under)


def test_a_share_is_told_with_its_ends_and_what_is_lacking():
    band = confidence_bands.band(RATE, share(), known())
    assert (band.now, band.low, band.high, band.count) == (0.31, 31 / 107, 38 / 107, 7)
    assert band.columns == ("closed_at",)
    told = confidence_bands.sentence(band, Formats("en")).replace("\N{NO-BREAK SPACE}", " ")
    assert told == (
        "31.0 % now; between 29.0 % and 35.5 % if the gaps of 7 opportunities were filled in"
        " (Closed at)."
    )


def test_a_count_is_told_by_how_many_more_there_could_be():
    sway = Sway((31, 31, 31, 31, 38, 38, 0), 7, (7, 0))
    band = confidence_bands.band(WON, Reading(31.0, State.FINAL, None, 31), known(sway))
    assert (band.now, band.low, band.high) == (31.0, 31.0, 38.0)


@pytest.mark.parametrize("reading", [share(30.0), share(31.0, 101.0)])
def test_of_a_number_of_other_records_no_range_is_told(reading):
    assert confidence_bands.band(RATE, reading, known()) is None


def test_without_a_number_or_without_counts_no_range_is_told():
    nothing = Reading(None, State.ABSENT, "no rows", 0)
    assert confidence_bands.band(RATE, nothing, known()) is None
    bare = replace(known(), seen=(replace(known().seen[0], sway=None),))
    assert confidence_bands.band(RATE, share(), bare) is None
    assert confidence_bands.band(RATE, share(), replace(known(), seen=None)) is None


def test_where_a_share_could_be_of_nothing_no_range_is_told():
    sway = replace(SWAY, counts=(31, 100, 0, 0, 38, 107, 0))
    assert confidence_bands.band(RATE, share(), known(sway)) is None
    strange = replace(SWAY, counts=(*SWAY.counts[:-1], 1))
    assert confidence_bands.band(RATE, share(), known(strange)) is None


def test_a_number_that_nothing_moves_needs_no_words():
    sway = Sway((31, 100, 31, 100, 31, 100, 0), 0, (0, 0))
    band = confidence_bands.band(RATE, share(), known(sway))
    assert (band.low, band.high) == (0.31, 0.31)
    assert confidence_bands.sentence(band, Formats("en")) == ""


def test_counts_are_kept_in_few_signs_and_read_back_whole():
    one = Swayed("opportunity", ("closed_at",), SWAY, {"crm\x1fann": SWAY})
    assert record_sways.read(record_sways.kept(one)) == one
    assert record_sways.read(record_sways.kept(None)) is None


def test_a_review_keeps_a_range_and_one_from_before_has_none():
    band = confidence_bands.band(RATE, share(), known())
    kept = review_quality.frozen(Level.HIGH, Ground(Check.COUNT, Level.HIGH), band)
    assert review_quality.read(kept).band == band
    del kept["band"]
    assert review_quality.read(kept).band is None
