"""What people type as a figure is read in the way of their language, or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.units import Unit
from portal.errors import BadInputError
from portal.services.typed_figures import figure


@pytest.mark.parametrize(
    ("typed", "unit", "locale", "value"),
    [
        ("27", Unit.RATIO, "en", 0.27),
        ("27 %", Unit.RATIO, "en", 0.27),
        ("27,5 %", Unit.RATIO, "de", 0.275),
        ("4.2M", Unit.MONEY, "en", 4_200_000),
        ("€4.2M", Unit.MONEY, "en", 4_200_000),
        ("1,240.5", Unit.MONEY, "en", 1240.5),
        ("1.240,5", Unit.MONEY, "de", 1240.5),
        ("\u22123", Unit.COUNT, "en", -3),
        ("66 days", Unit.DAYS, "en", 66),
        ("36K", Unit.MONEY, "xx", 36_000),
    ],
)
def test_a_figure_is_read(typed, unit, locale, value):
    assert figure("The target", typed, unit, locale) == pytest.approx(value)


@pytest.mark.parametrize("typed", ["", "  ", None])
def test_nothing_typed_is_no_figure(typed):
    assert figure("The target", typed, Unit.COUNT, "en") is None


@pytest.mark.parametrize(
    "typed", ["abc", "1e999", "NaN", "inf", "=1+1", "<b>4</b>5", "1,2,3", "9" * 39, "9" * 60]
)
def test_what_is_no_figure_is_refused_in_a_sentence(typed):
    with pytest.raises(BadInputError, match=r"The target"):
        figure("The target", typed, Unit.COUNT, "en")


@given(st.text(max_size=60))
def test_any_text_is_a_figure_or_is_refused(typed):
    try:
        found = figure("The target", typed, Unit.RATIO, "en")
    except BadInputError:
        return
    assert found is None or abs(found) < 1e15
