"""What the tests on Spark need of a machine."""

import pytest

from kpi_engine.engines.java import SparkUnavailableError, need_java


def java_or_skip() -> None:
    """Skip the test where Spark cannot be started, and say why."""
    try:
        need_java()
    except SparkUnavailableError as error:
        pytest.skip(str(error))
