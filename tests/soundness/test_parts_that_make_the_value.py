"""Beside a value stand only the two parts that make it: not the error of an accuracy."""

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.reading import Reading, State
from portal.readmodels.formats import Formats
from portal.services import kpi_split, kpi_strip, stories
from portal.services.quotients import makes_it

KPIS, FORMATS = shipped_catalogue(), Formats("en", "EUR")
ACCURACY, WIN = KPIS.kpi("forecast_accuracy"), KPIS.kpi("win_rate")


def reading(value: float | None, over: float, under: float, n: int = 24) -> Reading:
    state = State.FINAL if value is not None else State.IMMATURE
    return Reading(value, state, None, n, over, under)


def test_an_accuracy_is_not_told_by_its_error():
    now, before = reading(0.728, 693_700, 2_546_600), reading(0.729, 648_800, 2_396_000)
    assert kpi_strip.parts_text(ACCURACY, now, FORMATS) == "n 24"
    told = stories.story(stories.Told(ACCURACY, now, before, "Q2 2026"), FORMATS)
    assert "stands on" not in told.text
    assert (
        kpi_split._note(reading(0.813, 94_900, 508_800, 6), FORMATS, few=True) == "n 6; too small"
    )


def test_an_accuracy_that_is_cut_at_0_is_not_told_by_its_error_either():
    assert not makes_it(reading(0.0, 1_498_300, 1_258_400))


def test_a_share_is_told_by_its_parts_as_ever():
    now, before = reading(0.25, 25, 100), reading(0.5, 40, 80)
    assert kpi_strip.parts_text(WIN, now, FORMATS) == "25 of 100"
    told = stories.story(stories.Told(WIN, now, before, "Q2 2026"), FORMATS)
    assert "It stands on 25 of 100, before on 40 of 80." in told.text
    assert kpi_split._note(reading(0.5, 1, 2, 2), FORMATS, few=True) == "1 of 2; n too small"


def test_parts_of_what_has_no_value_yet_are_told():
    assert makes_it(reading(None, 3, 9))
    assert makes_it(reading(0.0, 0, 12))
