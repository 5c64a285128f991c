"""An expression means on DuckDB what it says, whatever its brackets, nulls and time zone."""

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import column, parse
from tests.definitions.sentences import COLUMNS, NUMBERS, ROWS, TRUTHS, meaning, written

_SQL = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.MONEY: "DECIMAL(18, 4)",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.DATE: "DATE",
}
at = datetime.fromisoformat
_ZONES = st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"])


@pytest.fixture(scope="module")
def database():
    with duckdb.connect() as connection:
        yield connection


def value(database, expression, row, zone="UTC"):
    """Return what DuckDB makes of an expression over one row."""
    casts = ", ".join(f'CAST(? AS {_SQL[kind]}) AS "{name}"' for name, kind in COLUMNS.items())
    sql = expression.sql(lambda name: f'"{name}"', "duckdb", zone)
    told = [row.get(name) for name in COLUMNS]
    return database.execute(f"SELECT {sql} FROM (SELECT {casts})", told).fetchone()[0]


@settings(max_examples=250, deadline=None)
@given(tree=TRUTHS, row=ROWS, zone=_ZONES)
def test_a_filter_keeps_what_it_says(database, tree, row, zone):
    expression = parse(written(tree), COLUMNS, wants=ColumnType.BOOLEAN)
    assert value(database, expression, row, zone) is meaning(tree, row, zone)


@settings(max_examples=250, deadline=None)
@given(tree=NUMBERS, row=ROWS, zone=_ZONES)
def test_a_number_is_what_it_says(database, tree, row, zone):
    expression = parse(written(tree), COLUMNS, wants=ColumnType.NUMBER)
    found, wanted = value(database, expression, row, zone), meaning(tree, row, zone)
    assert (found is None) == (wanted is None)
    assert found is None or float(found) == pytest.approx(float(wanted), rel=1e-12, abs=1e-12)


@settings(max_examples=150, deadline=None)
@given(tree=TRUTHS)
def test_the_plain_form_reads_back_as_itself(tree):
    expression = parse(written(tree), COLUMNS)
    again = parse(expression.text, COLUMNS)
    assert again == expression
    assert hash(again) == hash(expression)
    assert again.sql(str) == expression.sql(str)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("stage='won'", "  stage\n =  'won'"),
        ("stage <> 'won'", "stage != 'won'"),
        ("(seats = 1 and seats = 2) or seats = 3", "SEATS = 1".lower() + " AND seats=2 OR seats=3"),
        ("score > 1.50", "score > 1.5"),
        ("score > 100", "score > 1e2"),
        ("seats in (1,2)", "(seats IN (1, 2))"),
        ("not (stage is null)", "stage is not null"),
        ("amount - (score - 1) > -2", "amount-(score-1)>- 2"),
    ],
)
def test_what_is_spelled_differently_is_equal(one, two):
    assert parse(one, COLUMNS) == parse(two, COLUMNS)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("amount - (score - 1) > 0", "amount - score - 1 > 0"),
        ("not (active and seats = 1)", "not active and seats = 1"),
        ("stage = 'won'", "stage = 'Won'"),
    ],
)
def test_what_means_something_else_is_not_equal(one, two):
    assert parse(one, COLUMNS) != parse(two, COLUMNS)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("seats / 2", 3.5),
        ("seats / 0", None),
        ("0 / 0", None),
        ("round(score, 2)", 2.68),
        ("round(-2.5)", -3.0),
        ("round(2.5)", 3.0),
        ("1 + 2 * 3 - 4 / 2", 5.0),
        ("-seats + 10", 3.0),
        ("amount", Decimal("10.0000")),
        ("coalesce(name, 'nobody')", "nobody"),
        ("lower(stage)", "a\\b'\nÜ".lower()),
        ("stage like 'A\\B%'", True),
        ("stage like 'A%'", True),
        ("stage like 'a%'", False),
        ("stage = 'A\\B''\nÜ'", True),
        ("name = 'x'", None),
        ("name = 'x' or seats = 7", True),
        ("date_diff('hour', created_at, closed_at)", 1),
        ("date_diff('hour', closed_at, created_at)", -1),
        ("date_diff('minute', created_at, closed_at)", 119),
        ("date_diff('day', created_at, closed_at)", 1),
        ("date_diff('week', due_on, done_on)", 4),
        ("date_diff('month', due_on, done_on)", 0),
        ("date_add('minute', 1.5, created_at)", at("2017-03-25 22:31:30")),
        ("date_add('day', 1, due_on)", date(2017, 2, 1)),
        ("date_add('day', 1e14, created_at)", None),
        ("date_add('day', 1e14, due_on)", None),
        ("created_at < due_on", False),
        ("due_on = '2017-01-31'", True),
        ("created_at = '2017-03-25 22:30:00'", True),
        ("created_at = '2017-03-25T23:30+01:00'", True),
    ],
)
def test_each_sign_and_function_in_utc(database, text, wanted):
    row = {
        "stage": "A\\B'\nÜ",
        "score": 2.675,
        "amount": Decimal("10.0000"),
        "seats": 7,
        "active": True,
        "created_at": at("2017-03-25 22:30:00"),
        "closed_at": at("2017-03-26 00:29:59"),
        "due_on": date(2017, 1, 31),
        "done_on": date(2017, 2, 28),
    }
    found = value(database, parse(text, COLUMNS), row)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("zone", "created_at", "text", "wanted"),
    [
        # In Berlin the 26th of March 2017 begins an hour before it does in UTC, and skips 02:00.
        ("Europe/Berlin", at("2017-03-25 23:00:00"), "created_at >= '2017-03-26'", True),
        ("Europe/Berlin", at("2017-03-25 22:59:00"), "created_at >= '2017-03-26'", False),
        ("Europe/Berlin", at("2017-03-26 01:00:00"), "created_at = '2017-03-26 03:00'", True),
        ("Europe/Berlin", at("2017-03-26 01:00:00"), "created_at = '2017-03-26 01:00Z'", True),
        ("Europe/Berlin", at("2017-03-25 23:00:00"), "created_at >= due_on", True),
        ("Europe/Berlin", at("2017-03-25 22:00:00"), "date_diff('day', created_at, due_on)", 1),
        ("Europe/Berlin", at("2017-03-25 23:00:00"), "date_diff('day', created_at, due_on)", 0),
        # Midnight of the 28th of April 2023 did not exist in Cairo; that day began at 01:00.
        ("Africa/Cairo", at("2023-04-27 22:00:00"), "created_at = '2023-04-28'", True),
        ("Africa/Cairo", at("2023-04-27 21:59:00"), "created_at < '2023-04-28'", True),
    ],
)
def test_a_day_is_a_day_of_the_tenants_zone(database, zone, created_at, text, wanted):
    row = {"created_at": created_at, "due_on": date(2017, 3, 26)}
    assert value(database, parse(text, COLUMNS), row, zone) == wanted


def test_a_setting_stands_for_its_value():
    settings = {"limit": 4, "share": -0.25, "stages": ("won", "it's"), "strict": True}
    known = {"settings": settings}
    assert parse("score > setting.limit", COLUMNS, **known).text == "score > 4"
    assert parse("score > setting.share", COLUMNS, **known).text == "score > -0.25"
    assert parse("active = setting.strict", COLUMNS, **known).text == "active = true"
    listed = parse("stage in setting.stages", COLUMNS, **known)
    assert listed == parse("stage in ('won', 'it''s')", COLUMNS)


def test_an_expression_tells_its_columns_and_type():
    columns = {**COLUMNS, "account.industry": ColumnType.TEXT}
    found = parse("account.industry = stage and amount > 1", columns)
    assert found.columns == ("account.industry", "amount", "stage")
    assert found.type is ColumnType.BOOLEAN
    assert parse("amount * score", COLUMNS).type is ColumnType.MONEY
    assert parse("amount / amount", COLUMNS).type is ColumnType.NUMBER
    assert parse("seats + 1", COLUMNS).type is ColumnType.INTEGER
    assert column("closed_at", COLUMNS).type is ColumnType.TIME


def test_the_columns_of_a_file_may_have_names_of_more_than_one_word():
    columns = {"Close Date": ColumnType.TEXT, "größe": ColumnType.NUMBER, "end": ColumnType.NUMBER}
    found = parse('"Close Date" = \'x\' and "größe" > "end" and end < 3', columns)
    assert found.columns == ("Close Date", "end", "größe")
    assert found.text == '"Close Date" = \'x\' and "größe" > end and end < 3'


def test_a_long_chain_is_not_a_deep_one(database):
    text = " or ".join(f"seats={number}" for number in range(150))
    assert value(database, parse(text, COLUMNS), {"seats": 149}) is True
    assert value(database, parse(text, COLUMNS), {"seats": 150}) is False


def test_a_zone_that_is_none_never_reaches_the_text():
    with pytest.raises((KeyError, ValueError)):
        column("stage", COLUMNS).sql(str, "duckdb", "UTC'); DROP TABLE x; --")
