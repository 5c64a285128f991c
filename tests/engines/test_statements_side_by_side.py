"""Many statements of a question run side by side: the same answers, and the first fault is told."""

from threading import Timer

import duckdb
import pytest

from kpi_engine.engines.duckdb import DuckDb

MANY = 40
ENDLESS = (
    "SELECT count(*) AS n FROM range(1000000) AS a, range(1000000) AS b WHERE a.range < b.range"
)


@pytest.fixture
def runner():
    with duckdb.connect(config={"threads": 2}) as connection:
        yield DuckDb(connection)


def test_each_answer_stands_in_the_place_of_its_statement(runner):
    asked = [f"SELECT {number} AS n FROM range(10000) LIMIT 1" for number in range(MANY)]
    for _ in range(3):
        assert [int(one["n"][0]) for one in runner.columns_of_all(asked)] == list(range(MANY))
    # A single statement has all processors again.
    assert runner.columns("SELECT current_setting('threads') AS n")["n"][0] == 2


def test_a_statement_that_fails_fails_the_whole(runner):
    asked = ["SELECT 1 AS n"] * MANY
    for place in (0, MANY // 2, MANY - 1):
        wrong = [*asked[:place], "SELECT no_such_column AS n", *asked[place + 1 :]]
        with pytest.raises(duckdb.BinderException):
            runner.columns_of_all(wrong)
    assert len(runner.columns_of_all(asked)) == MANY


def test_who_interrupts_the_connection_stops_them_all(runner):
    timer = Timer(0.5, runner.connection.interrupt)
    timer.start()
    with pytest.raises(duckdb.InterruptException):
        runner.columns_of_all([ENDLESS] * MANY)
    timer.cancel()
