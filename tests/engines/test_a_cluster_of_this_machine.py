"""A cluster of this machine starts, answers its owner alone with the same number, and stops."""

import stat
import time
from datetime import date

import pytest

from kpi_engine.engines import cluster
from kpi_engine.engines.duckdb import open_duckdb
from kpi_engine.engines.java import SparkUnavailableError
from kpi_engine.engines.spark import open_spark
from kpi_engine.periods import Grain
from kpi_engine.questions import Question
from tests.engines.crm import engine, made
from tests.engines.needs import java_or_skip

pytestmark = [pytest.mark.spark, pytest.mark.slow]


@pytest.fixture
def folder(tmp_path):
    java_or_skip()
    yield tmp_path / "spark"
    cluster.stop(tmp_path / "spark")


def test_a_kpi_through_the_cluster_is_the_same_and_nobody_else_gets_in(folder, tmp_path):
    crm = made(tmp_path / "crm")
    running = cluster.start(folder)
    assert cluster.start(folder) == running == cluster.find(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
    question = Question(
        ("win_rate",), (Grain.YEAR,), date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1)
    )
    with open_duckdb(crm.store, tmp_path / "spill") as duckdb:
        (ours,) = engine(crm.one_source, duckdb).ask(question).rows()
    with open_spark(running.address, folder) as spark:
        (theirs,) = engine(crm.one_source, spark).ask(question).rows()
    crm.store.close()
    assert ours.reading.value is not None
    assert ours == theirs
    with (
        pytest.raises(SparkUnavailableError),
        open_spark(running.address, tmp_path / "no secret here"),
    ):
        pass
    assert cluster.stop(folder)
    # A process that ends closes its door a moment after its command line is gone.
    until = time.monotonic() + 20
    while running.answers and time.monotonic() < until:
        time.sleep(0.1)
    assert not running.answers
    assert cluster.find(folder) is None
    assert not cluster.stop(folder)
