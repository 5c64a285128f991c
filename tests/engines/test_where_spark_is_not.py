"""Where Spark cannot compute, one sentence says why and what to do next."""

import os
import subprocess
import sys

import pytest

from kpi_engine.engines import cluster
from kpi_engine.engines.java import SparkUnavailableError, need_java
from kpi_engine.engines.spark import Spark, open_spark
from kpi_engine.store.pins import EntityFacts
from tests.engines.needs import java_or_skip


def refusal(*arguments, **how) -> str:
    with pytest.raises(SparkUnavailableError) as caught, open_spark(*arguments, **how):
        pass
    return str(caught.value)


@pytest.mark.parametrize("java", [None, "/nowhere"])
def test_without_java_it_says_which_to_install(monkeypatch, tmp_path, java):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if java:
        monkeypatch.setenv("JAVA_HOME", java)
    told = refusal("local[1]")
    assert "Java 17" in told
    assert "Install it" in told
    assert java is None or java in told


def test_without_pyspark_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "pyspark", raising=False)
    monkeypatch.delenv("SPARK_HOME", raising=False)
    with pytest.raises(SparkUnavailableError, match=r"meridian\[spark\]"):
        need_java()


@pytest.mark.parametrize(
    "master", [None, "spark://127.0.0.1:1", "spark://127.0.0.1", "spark://a:b"]
)
def test_without_a_cluster_it_says_how_to_start_one(tmp_path, master):
    java_or_skip()
    told = refusal(master, tmp_path)
    assert "No Spark cluster answers" in told
    assert "make spark" in told
    assert "PORTAL_SPARK_MASTER" in told


def test_a_cluster_that_has_gone_is_told_as_none(tmp_path):
    java_or_skip()
    (tmp_path / "cluster.json").write_text('{"address": "spark://127.0.0.1:1", "secret": "x"}')
    assert "No Spark cluster answers" in refusal(None, tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"address": 1}'])
def test_a_card_that_cannot_be_read_is_no_cluster(tmp_path, text):
    (tmp_path / "cluster.json").write_text(text)
    assert cluster.find(tmp_path) is None


@pytest.mark.spark
def test_a_driver_that_ends_while_it_starts_leaves_room_for_the_next(monkeypatch):
    java_or_skip()
    from py4j.protocol import Py4JError  # noqa: PLC0415 - only where Spark is
    from pyspark.sql import SparkSession  # noqa: PLC0415

    def ended(*_):
        raise Py4JError("Cannot call methods on a stopped SparkContext")

    with monkeypatch.context() as patched:
        patched.setattr(SparkSession, "__init__", ended)
        assert "stopped SparkContext" in refusal("local[1]")
    with open_spark("local[1]") as spark:
        assert spark.run("SELECT 1 AS one").to_pylist() == [{"one": 1}]


def test_facts_in_a_bucket_are_refused_before_spark_looks():
    facts = EntityFacts("team", 1, 1, ("s3://bucket/team/current/1.parquet",), (), (), False)
    with pytest.raises(SparkUnavailableError, match="s3://bucket"):
        Spark(None).now(facts, ["id"])


def test_the_folder_of_somebody_else_is_not_used(tmp_path):
    java_or_skip()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "spark").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SparkUnavailableError, match="belongs to somebody else"):
        cluster.start(tmp_path / "spark")
    assert not any((tmp_path / "elsewhere").iterdir())


def test_processes_that_are_not_sparks_are_left_alone(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        (tmp_path / "pids").write_text(f"{other.pid}\n")
        assert not cluster.stop(tmp_path)
        assert other.poll() is None
        other.kill()


def test_the_command_tells_a_refusal_in_a_sentence(tmp_path):
    environment = {**os.environ, "JAVA_HOME": "/nowhere"}
    command = [sys.executable, "-m", "kpi_engine.engines.cluster", "start", "--folder"]
    told = subprocess.run(
        [*command, str(tmp_path)], check=False, capture_output=True, text=True, env=environment
    )
    assert told.returncode == 2
    assert told.stderr.count("\n") == 1
    assert "Java 17" in told.stderr


def test_loading_the_engine_does_not_load_spark():
    code = "import sys, kpi_engine.engines.spark; print([m for m in sys.modules if 'py4j' in m])"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "[]"
