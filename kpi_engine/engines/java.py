"""What Spark needs to be there before it can be started: pyspark and Java."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from kpi_engine.errors import KpiError


class SparkUnavailableError(KpiError):
    """Spark cannot be started, does not answer, or gave up."""


def need_java() -> None:
    """Make sure that Spark could be started here.

    Raises:
        SparkUnavailableError: if pyspark or Java is missing.
    """
    spark_home()
    home = os.environ.get("JAVA_HOME")
    if shutil.which(str(Path(home) / "bin" / "java") if home else "java") is None:
        where = f"JAVA_HOME is {home}, but there is none" if home else "there is none here"
        raise SparkUnavailableError(
            f"Spark needs Java 17 or newer; {where}. Install it, as by:"
            " apt-get install openjdk-17-jre-headless. Or ask without --engine spark."
        )


def spark_home() -> Path:
    """Return the folder of Spark: `SPARK_HOME`, else that of the package pyspark.

    Raises:
        SparkUnavailableError: if there is none.
    """
    named = os.environ.get("SPARK_HOME")
    if named:
        return Path(named)
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise SparkUnavailableError(
            "Spark is not installed. Add it with: pip install 'meridian[spark]'."
            " Or ask without --engine spark."
        )
    return Path(found.origin).parent
