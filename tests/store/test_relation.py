"""A relation is plain SQL over sets of files; only how the files are read is an engine's own."""

from dataclasses import replace

import pytest
import sqlglot

from kpi_engine.store.pins import EntityFacts, Pin
from kpi_engine.store.relation import Role, duckdb_tables, history_relation, now_relation
from kpi_engine.store.tenant import TenantFacts
from tests.store.records import connection, history, load, now, rows


def some_facts(**how: object) -> EntityFacts:
    given = {
        "entity": "team",
        "seq": 7,
        "base": 5,
        "current": ("current.parquet",),
        "tail": ("tail.parquet",),
        "changes": ("old.parquet", "tail.parquet"),
        "rewritten": True,
    }
    return EntityFacts(**{**given, **how})  # type: ignore[arg-type]


def test_without_a_tail_now_is_current_and_nothing_else():
    text = now_relation(some_facts(tail=()), ["id", "name"])
    assert text == "(SELECT c.id AS id, c.name AS name FROM read_parquet(['current.parquet']) AS c)"


def test_a_tail_that_is_unique_is_not_ranked():
    assert "row_number" in now_relation(some_facts(), ["id"])
    assert "row_number" not in now_relation(some_facts(tail_unique=True), ["id"])


def test_a_history_without_second_versions_reads_no_changes():
    text = history_relation(some_facts(rewritten=False, tail_unique=True), ["id"])
    assert "old.parquet" not in text


def test_quotes_in_a_path_stay_in_the_path():
    table = duckdb_tables(some_facts(current=("it's/[here].parquet",)))(Role.CURRENT)
    assert table == "read_parquet(['it''s/[here].parquet'])"


@pytest.mark.parametrize("current", [("current.parquet",), ()])
@pytest.mark.parametrize("relation", [now_relation, history_relation])
def test_spark_reads_the_same_text_over_its_own_tables(relation, current):
    facts = some_facts(current=current)
    text = relation(facts, ["id", "seq"], lambda role: f"team_{role.value}")
    assert "read_parquet" not in text
    (parsed,) = sqlglot.parse(f"SELECT * FROM {text} AS r", dialect="spark")
    assert parsed is not None
    tables = {table.name for table in parsed.find_all(sqlglot.exp.Table) if table.name}
    assert tables <= {"team_current", "team_tail", "team_changes"}


def test_now_and_history_say_the_same_over_views_as_over_files(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [{"id": "a", "name": "A"}, {"id": "b"}, {"id": "c"}]})
    second = facts.compact(first, entities=["team"])
    third, _ = load(facts, second, {"team": [{"id": "a", "name": "B"}, {"id": "d"}]}, full=True)
    found = facts.facts(third)["team"]
    with connection().cursor() as con:
        for role in Role:
            con.execute(f"CREATE TEMP VIEW v_{role} AS FROM {duckdb_tables(found)(role)}")
        for relation, read in ((now_relation, now), (history_relation, history)):
            text = relation(found, ["source", "id", "name"], lambda role: f"v_{role}")
            assert sorted(con.execute(f"FROM {text}").fetchall(), key=str) == sorted(
                read(found, "name"), key=str
            )


def test_a_row_that_lies_in_a_file_for_a_later_version_is_not_read(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [{"id": "a", "name": "A"}]})
    second, _ = load(facts, first, {"team": [{"id": "a", "name": "B"}, {"id": "b"}]})
    found = facts.facts(second)["team"]
    older = EntityFacts(
        entity="team",
        seq=1,
        base=0,
        current=(),
        tail=found.tail,
        changes=found.changes,
        rewritten=True,
    )
    assert now(older, "name") == [("crm", "a", "A")]
    assert [row[:3] for row in history(older, "name")] == [("crm", "a", "A")]


def test_places_that_rows_of_other_times_replace_are_not_left_out(facts: TenantFacts):
    teams = [{"id": str(number), "name": "A"} for number in range(5)]
    first, _ = load(facts, Pin(), {"team": teams})
    second = facts.compact(first, entities=["team"])
    third, _ = load(facts, second, {"team": [{"id": "4", "name": "B"}]})
    fourth, _ = load(facts, third, {"team": [{"id": "3", "name": "C"}]})
    before, later = facts.facts(third)["team"], facts.facts(fourth)["team"]
    with_more = replace(before, tail=later.tail, changes=later.changes)
    assert now(with_more, "name") == now(before, "name")
    assert history(with_more, "name") == history(before, "name")


def test_the_seq_and_time_of_a_version_can_be_asked(facts: TenantFacts):
    first, _ = load(facts, Pin(), {"team": [{"id": "a", "name": "A"}]})
    second = facts.compact(first, entities=["team"])
    third, _ = load(facts, second, {"team": [{"id": "b"}]})
    text = now_relation(facts.facts(third)["team"], ["id", "seq", "loaded_at"])
    told = rows(f"SELECT id, seq, CAST(loaded_at AS VARCHAR) FROM {text} ORDER BY id")
    assert told == [("a", 1, "2025-01-02 00:00:00"), ("b", 2, "2025-01-03 00:00:00")]
