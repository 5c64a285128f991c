"""A column's date order and decimal sign are decided over all its values, or the load stops."""

import re

import pytest

from kpi_engine.errors import BadFileError
from tests.connectors.bench import a_source, read, write

_DATED = {"id": "id", "name": "id", "created_at": "day"}


def _days(folder, *values: str, table: str = ""):
    rows = "".join(f"{at},{value}\n" for at, value in enumerate(values))
    write(folder, f"id,day\n{rows}")
    found = read(folder, a_source(_DATED, entity="account", table=table))
    return [str(value)[:10] for value in found.column("created_at")]


def _prices(folder, *values: str, table: str = "", more: str = ""):
    rows = "".join(f'{at};"{value}"\n' for at, value in enumerate(values))
    write(folder, f"id;price\n{rows}{more}")
    found = read(
        folder, a_source({"id": "id", "list_price": "price"}, entity="product", table=table)
    )
    return [float(value) for value in found.column("list_price")]


def test_one_value_that_only_one_order_allows_decides_for_all(tmp_path):
    assert _days(tmp_path, "02/03/2024", "04/05/2024", "31/12/2024") == [
        "2024-03-02",
        "2024-05-04",
        "2024-12-31",
    ]
    assert _days(tmp_path, "02/03/2024", "12/31/2024") == ["2024-02-03", "2024-12-31"]


def test_the_deciding_value_may_be_the_last_of_a_large_file(tmp_path):
    values = ["2024-01-01"] * 700_000 + ["02/03/2024"] * 700_000 + ["25/12/2024"]
    found = _days(tmp_path, *values)
    assert (tmp_path / "deals.csv").stat().st_size > 2 * (12 << 20)
    assert found[0] == "2024-01-01"
    assert set(found[700_000:-1]) == {"2024-03-02"}


def test_an_order_that_nothing_decides_stops_the_load_and_names_the_column(tmp_path):
    with pytest.raises(
        BadFileError, match="'day' may be read as day, month, year or as month, day"
    ):
        _days(tmp_path, "02/03/2024", "2024-12-31")


def test_two_digit_years_have_three_orders(tmp_path):
    with pytest.raises(BadFileError, match="year, month, day"):
        _days(tmp_path, "02/03/04")
    assert _days(tmp_path, "24/01/31", "99/12/30") == ["2024-01-31", "1999-12-30"]


def test_days_that_are_the_same_in_both_orders_need_no_decision(tmp_path):
    assert _days(tmp_path, "05/05/2024", "07/07/2024") == ["2024-05-05", "2024-07-07"]


def test_orders_that_contradict_each_other_stop_the_load(tmp_path):
    with pytest.raises(BadFileError, match="not all in one order"):
        _days(tmp_path, "31/12/2024", "12/31/2024")


def test_a_value_that_is_no_day_in_any_order_is_rejected_alone(tmp_path):
    assert _days(tmp_path, "31/31/2024", "25/12/2024") == ["2024-12-25"]


def test_a_told_order_is_believed(tmp_path):
    told = 'format: {dates: "%d/%m/%Y"}'
    assert _days(tmp_path, "02/03/2024", "2024-01-31", table=told) == ["2024-03-02", "2024-01-31"]


@pytest.mark.parametrize(
    ("values", "read_as"),
    [
        (["1,5", "1.234,50"], [1.5, 1234.5]),
        (["1.5", "1,234.50"], [1.5, 1234.5]),
        (["1.234.567", "2"], [1234567, 2]),
        (["1,234", "5.5"], [1234, 5.5]),
        (["1.234", "0.5"], [1.234, 0.5]),
        (["1.234", "12345"], [1.234, 12345]),
        (["(1,234.50)", "$ 5"], [-1234.5, 5]),
        (["1 234,50", "5"], [1234.5, 5]),
        (["1'234.50", "5"], [1234.5, 5]),
        (["100", "2000"], [100, 2000]),
    ],
)
def test_the_decimal_sign_is_told_by_the_values(tmp_path, values, read_as):
    assert _prices(tmp_path, *values) == read_as


@pytest.mark.parametrize(
    "values", [["1,234"], ["1.234", "12.500"], ["1,5", "1.5"], ["1.234", "1,234"]]
)
def test_a_sign_that_may_be_either_stops_the_load_and_names_the_column(tmp_path, values):
    with pytest.raises(BadFileError, match=re.escape("the numbers in 'price' are written")):
        _prices(tmp_path, *values)


def test_a_told_sign_is_believed(tmp_path):
    assert _prices(tmp_path, "1,234", table='format: {decimal: ","}') == [1.234]
    assert _prices(tmp_path, "1,234", table='format: {thousands: ","}') == [1234]
    assert _prices(tmp_path, "1.234", table='format: {decimal: "."}') == [1.234]


def test_signs_that_are_not_the_columns_are_rejected(tmp_path):
    assert _prices(tmp_path, "1,234", "2.5", table='format: {decimal: ".", thousands: ""}') == [2.5]


def test_excel_counts_of_days_are_no_dates_in_a_text_file(tmp_path):
    assert _days(tmp_path, "45000", "2024-01-01") == ["2024-01-01"]
