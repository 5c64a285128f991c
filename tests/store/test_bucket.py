"""A store in a bucket lands, reads, compacts and cleans as one in a folder does."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import duckdb
import pytest
from moto.server import ThreadedMotoServer

from kpi_engine.errors import StoreError
from kpi_engine.store.pins import Pin
from kpi_engine.store.relation import history_relation, now_relation
from kpi_engine.store.store import Store
from tests.store.records import load

ACCESS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def store(server: str, tmp_path: Path) -> Store:
    options = {**ACCESS, "AWS_ENDPOINT_URL": server, "AWS_ALLOW_HTTP": "true"}
    client = boto3.client(
        "s3",
        endpoint_url=server,
        region_name="us-east-1",
        aws_access_key_id=ACCESS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=ACCESS["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket=tmp_path.name.replace("_", "-"))
    return Store(f"s3://{tmp_path.name.replace('_', '-')}/facts", tmp_path / "cache", options)


def told(store: Store, relation: str) -> list[tuple]:
    with duckdb.connect() as con:
        store.attach(con)
        return con.execute(f"SELECT * FROM {relation} ORDER BY ALL").fetchall()


def test_each_version_reads_after_changes_compaction_and_clean_up(store: Store):
    facts = store.tenant("acme")
    first, _ = load(facts, Pin(), {"team": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]})
    second, counts = load(facts, first, {"team": [{"id": "a", "name": "A2"}]}, full=True)
    third = facts.compact(second, entities=["team"])
    removed = facts.clean([third], retention=timedelta(0))

    assert (counts["team"].changed, counts["team"].deleted) == (1, 1)
    assert removed.files == 0
    assert facts.damaged(third) == ()
    for pin, expected in (
        (first, [("a", "A"), ("b", "B")]),
        (second, [("a", "A2")]),
        (third, [("a", "A2")]),
    ):
        assert told(store, now_relation(facts.facts(pin)["team"], ["id", "name"])) == expected
    spans = told(store, history_relation(facts.facts(third)["team"], ["id", "name"]))
    assert [(id_, name) for id_, name, *_ in spans] == [("a", "A"), ("a", "A2"), ("b", "B")]


def test_a_needless_file_goes_only_when_it_was_needless_for_the_retention_time(store: Store):
    facts = store.tenant("acme")
    pin, _ = load(facts, Pin(), {"team": [{"id": "a", "name": "A"}]})
    old = facts.compact(pin, entities=["team"])
    new = facts.compact(old, entities=["team"], anew=True)

    assert facts.clean([new]).files == 0
    assert facts.clean([new]).files == 0
    assert told(store, now_relation(facts.facts(old)["team"], ["id"])) == [("a",)]
    assert facts.clean([new], retention=timedelta(0)).files == 1


def test_a_dead_load_is_taken_back(store: Store):
    facts = store.tenant("acme")
    pin, _ = load(facts, Pin(), {"team": [{"id": "a", "name": "A"}]})
    load(facts, pin, {"team": [{"id": "b", "name": "B"}], "product": [{"id": "p"}]})
    facts.roll_back(pin)
    landed, counts = load(facts, pin, {"team": [{"id": "b", "name": "B"}]}, seq=3)

    assert counts["team"].inserted == 1
    assert told(store, now_relation(facts.facts(landed)["team"], ["id"])) == [("a",), ("b",)]


def test_a_bucket_that_is_not_there_is_one_sentence(server: str, tmp_path: Path):
    options = {**ACCESS, "AWS_ENDPOINT_URL": server, "AWS_ALLOW_HTTP": "true"}
    facts = Store("s3://nowhere-at-all/facts", tmp_path / "cache", options).tenant("acme")
    with pytest.raises(StoreError, match="nowhere-at-all"):
        load(facts, Pin(), {"team": [{"id": "a", "name": "A"}]})
