"""Numbers, days and periods read as the reader's language has them."""

from datetime import date, datetime, timedelta

import pytest

from kpi_engine.periods import Calendar, Grain
from kpi_engine.units import Unit
from portal.readmodels.formats import Formats

_ = "\N{NO-BREAK SPACE}"
EN, DE, SV = (Formats(locale, "EUR") for locale in ("en", "de", "sv"))
OCTOBER = date(2026, 10, 5)


@pytest.mark.parametrize(
    ("amount", "unit", "en", "de", "sv"),
    [
        (4_600_000, Unit.MONEY, "€4.60M", f"4,60{_}Mio.{_}€", f"4,60{_}mn{_}€"),
        (-412_345, Unit.MONEY, "−€412K", f"−412{_}Tsd.{_}€", f"−412{_}t{_}€"),
        (0.226, Unit.RATIO, f"22.6{_}%", f"22,6{_}%", f"22,6{_}%"),
        (70, Unit.DAYS, f"70{_}days", f"70{_}Tage", f"70{_}dagar"),
        (1, Unit.DAYS, f"1{_}day", f"1{_}Tag", f"1{_}dag"),
        (16, Unit.MINUTES, f"16{_}min", f"16{_}Min.", f"16{_}min"),
        (1240, Unit.COUNT, "1,240", "1.240", f"1{_}240"),
        (4.385, Unit.SCORE, "4.39", "4,39", "4,39"),
        (
            5000,
            Unit.MONEY_PER_DAY,
            f"€5,000{_}a{_}day",
            f"5.000{_}€{_}je{_}Tag",
            f"5{_}000{_}€{_}per{_}dag",
        ),
    ],
)
def test_a_value_reads_as_the_language_has_it(amount, unit, en, de, sv):
    assert [formats.short(amount, unit) for formats in (EN, DE, SV)] == [en, de, sv]


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (999_960, "€1.00M"),
        (999_499, "€999K"),
        (9_999, "€9,999"),
        (12.5, "€12.50"),
        (0, "€0"),
        (2_500_000_000, "€2.50B"),
        (460_000_000, "€460.0M"),
    ],
)
def test_money_takes_the_step_that_it_rounds_to(amount, text):
    assert EN.short(amount, Unit.MONEY) == text


def test_money_in_full_keeps_its_thousands():
    assert EN.value(1_234_567, Unit.MONEY) == "€1,234,567"
    assert DE.value(1_234_567, Unit.MONEY) == f"1.234.567{_}€"
    assert Formats("en", "").value(1_234_567, Unit.MONEY) == "1,234,567"


@pytest.mark.parametrize("amount", [0.0004, 0.00003])
def test_what_is_not_nought_does_not_read_so(amount):
    assert EN.short(amount, Unit.RATIO).rstrip(f"{_}%").strip("0.") != ""


def test_there_is_no_negative_nought():
    assert EN.number(-0.0001, 1) == "0.0"
    assert EN.signed(-0.0001, 1) == "0.0"
    assert EN.short(-0.0, Unit.MONEY) == "€0"


def test_a_ratio_moves_in_points_as_they_are_shown():
    assert EN.change(0.2264, 0.2496, Unit.RATIO) == f"−2.4{_}pp"
    assert EN.change(0.2501, 0.2499, Unit.RATIO) == f"0.0{_}pp"
    assert DE.change(0.31, 0.28, Unit.RATIO) == f"+3,0{_}PP"


def test_the_rest_moves_in_per_cent_of_what_it_was():
    assert EN.change(4.6e6, 4.1e6, Unit.MONEY) == f"+12.2{_}%"
    assert EN.change(-5, -10, Unit.COUNT) == f"+50.0{_}%"
    assert EN.change(5, 0, Unit.COUNT) == ""


def test_a_difference_keeps_its_unit():
    assert EN.difference(1_000_000, 588_000, Unit.MONEY) == "+€412K"
    assert EN.difference(61, 70, Unit.DAYS) == f"−9{_}days"


def test_where_lower_is_better_the_target_says_so():
    assert EN.target(66, Unit.DAYS, lower_is_better=True) == f"≤{_}66{_}days"
    assert EN.target(4_200_000, Unit.MONEY) == "€4.20M"


def test_a_range_tells_its_unit_once():
    assert EN.range(0.26, 0.314, Unit.RATIO) == f"26.0–31.4{_}%"
    assert EN.range(1.46e6, 1.66e6, Unit.MONEY) == "€1.46M–€1.66M"


@pytest.mark.parametrize(
    ("grain", "full", "short", "least"),
    [
        (Grain.DAY, f"5{_}Oct{_}2026", f"5{_}Oct{_}2026", f"5{_}Oct"),
        (Grain.WEEK, f"Week{_}41, 2026", f"Week{_}41, 2026", f"Week{_}41"),
        (Grain.MONTH, f"October{_}2026", f"Oct{_}2026", "Oct"),
        (Grain.QUARTER, f"Q4{_}2026", f"Q4{_}2026", "Q4"),
        (Grain.YEAR, "2026", "2026", "2026"),
    ],
)
def test_a_period_has_three_lengths_of_name(grain, full, short, least):
    period = Calendar().holding(OCTOBER, grain)
    assert (EN.period(period), EN.period_short(period), EN.period_least(period)) == (
        full,
        short,
        least,
    )


def test_a_month_has_its_name_in_the_language():
    period = Calendar().holding(OCTOBER, Grain.MONTH)
    assert [one.period(period) for one in (DE, SV)] == [f"Oktober{_}2026", f"oktober{_}2026"]


def test_days_and_moments():
    assert EN.day(date(2026, 11, 3)) == f"3{_}Nov{_}2026"
    assert EN.day(date(2026, 11, 3), year=False) == f"3{_}Nov"
    assert DE.day(date(2026, 11, 3), year=False) == f"3.{_}Nov."
    assert EN.day(date(2026, 11, 12), weekday=True) == "Thursday 12 November 2026"
    assert EN.moment(datetime(2026, 11, 3, 6, 10)) == f"3{_}Nov{_}2026, 06:10"


@pytest.mark.parametrize(
    ("age", "en", "de"),
    [
        (timedelta(minutes=8), f"8{_}min{_}ago", f"vor{_}8{_}Min."),
        (timedelta(hours=26), f"26{_}h{_}ago", f"vor{_}26{_}Std."),
        (timedelta(days=9), f"9{_}days{_}ago", f"vor{_}9{_}Tagen"),
    ],
)
def test_an_age_is_told_roughly(age, en, de):
    assert (EN.ago(age), DE.ago(age)) == (en, de)


@pytest.mark.parametrize("locale", ["xx", "", "not a locale", "en-GB", "pt_BR"])
def test_any_locale_reads_something(locale):
    assert "4" in Formats(locale, "EUR").short(4_600_000, Unit.MONEY)


def test_ticks_are_round_as_they_are_read():
    assert EN.ticks([0.226, 0.303], Unit.RATIO) == tuple(
        (pytest.approx(at / 100), f"{at}{_}%") for at in range(22, 33, 2)
    )
    assert [text for _, text in EN.ticks([0, 1.9e6], Unit.MONEY)] == [
        "€0",
        "€0.5M",
        "€1.0M",
        "€1.5M",
        "€2.0M",
    ]


@pytest.mark.parametrize(
    "values", [[], [0.0], [3.0], [-5.0, 5.0], [1e-9, 2e-9], [1e12, 3e12], [7, 7, 7]]
)
def test_ticks_hold_all_values(values):
    ticks = [at for at, _ in EN.ticks(values, Unit.COUNT)]
    assert 2 <= len(ticks) <= 12
    assert ticks == sorted(set(ticks))
    assert all(ticks[0] - 1e-12 <= value <= ticks[-1] + 1e-12 for value in values)


def test_no_two_ticks_read_the_same():
    for values in ([3.4e6, 4.6e6], [0.0012, 0.0019], [0.5, 0.51], [66, 70]):
        for unit in (Unit.MONEY, Unit.RATIO, Unit.COUNT):
            texts = [text for _, text in EN.ticks(values, unit)]
            assert len(texts) == len(set(texts))


def test_the_x_axis_names_quarters_and_each_year_once():
    months = Calendar().periods(Grain.MONTH, date(2024, 11, 1), date(2026, 10, 5))
    assert [text for _, text in EN.axis(months)] == [
        "Jan\n2025",
        "Apr",
        "Jul",
        "Oct",
        "Jan\n2026",
        "Apr",
        "Jul",
        "Oct",
    ]
    assert EN.axis(()) == ()


def test_a_fiscal_quarter_stands_under_its_fiscal_year():
    quarters = Calendar(fiscal_start=2).periods(Grain.QUARTER, date(2026, 2, 1), date(2026, 12, 1))
    assert EN.axis(quarters)[0][1] == "\n".join(EN.period_short(quarters[0]).rsplit(_, 1))


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (1_515_000, Unit.MONEY, "€1.52M"),
        (1_505_000, Unit.MONEY, "€1.51M"),
        (-1_515_000, Unit.MONEY, "−€1.52M"),
        (0.3205, Unit.RATIO, f"32.1{_}%"),
        (2.675, Unit.SCORE, "2.68"),
        (12_500, Unit.MONEY, "€13K"),
        (0.125, Unit.MONEY, "€0.13"),
    ],
)
def test_halves_are_rounded_up_as_people_do(amount, unit, said):
    """1.515 is a little less in binary, and read 1.51."""
    assert EN.short(amount, unit) == said
