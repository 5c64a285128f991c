"""A question sees the records of its tenant, its scope and its version, and leaves no trace."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from kpi_engine.definitions.settings import Settings
from kpi_engine.engine.engine import Engine
from kpi_engine.engines.duckdb import DuckDb
from kpi_engine.errors import BadQuestionError
from kpi_engine.questions import Dimension, Scope, ScopeKind
from tests.oracle.adapter import written
from tests.oracle.oracle import Asked
from tests.soundness.asking import (
    BY_OWNER,
    FIRST_LOAD,
    STAGES,
    Asking,
    a_deal,
    at,
    made,
    on,
)

PEOPLE = [made(1, name="Ada", team_id="1"), made(2, name="Bo", team_id="2"), made(3, name="Cy")]
TEAMS = [made(1, name="East"), made(2, name="Berlin", parent_id="1"), made(3, name="West")]
DEALS = [a_deal(n, owner_id=str(n), amount=10**n) for n in (1, 2, 3)]
CRM = {"opportunity": DEALS, "user": PEOPLE, "team": TEAMS}


@pytest.mark.parametrize("kind", [ScopeKind.OWN, ScopeKind.TEAM])
def test_a_scope_without_anybody_sees_nothing(kind: ScopeKind):
    """No rule for a person meant no filter: whoever had no team yet saw the whole company."""
    reading = Asking("won_revenue", scope=Scope(kind)).reading(**CRM)
    assert (reading.value, reading.n) == (None, 0)


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope(), 1110),
        (Scope(ScopeKind.OWN, ("1",)), 10),
        (Scope(ScopeKind.OWN, ("1", "3")), 1010),
        (Scope(ScopeKind.TEAM, ("1",)), 110),
        (Scope(ScopeKind.TEAM, ("2",)), 100),
        (Scope(ScopeKind.TEAM, ("3",)), None),
        (Scope(ScopeKind.OWN, ("nobody",)), None),
    ],
    ids=str,
)
def test_a_scope_sees_its_own_and_what_is_below(scope: Scope, seen: float | None):
    """A leader without the teams below misses deals; with those above sees the rivals'."""
    assert Asking("won_revenue", scope=scope).reading(**CRM).value == seen


def test_a_scope_narrows_the_groups_too():
    """A total was narrowed and the split beside it was not."""
    asked = Asking("won_revenue", scope=Scope(ScopeKind.OWN, ("2",)), split=BY_OWNER)
    assert asked.groups(**CRM) == {"Bo": 100}


def test_a_scope_cannot_be_widened_by_a_filter():
    """`or` in a typed filter reached round the scope: (owner is me and x) or y."""
    asked = Asking(
        "won_revenue", scope=Scope(ScopeKind.OWN, ("2",)), where="owner = 'Bo' or owner = 'Cy'"
    )
    assert asked.reading(**CRM).value == 100


def test_records_that_nobody_owns_are_seen_by_those_who_see_all_only():
    """Visits of a page have no owner: in a rep's scope they would count for everyone."""
    touches = [made(1, kind="visited", occurred_at=at("2017-03-05"), count=7)]
    everybody = Asking("website_visits")
    assert everybody.reading(touch=touches, **CRM).value == 7
    mine = replace(everybody, scope=Scope(ScopeKind.OWN, ("1",)))
    assert mine.reading(touch=touches, **CRM).value is None


def test_a_split_by_what_the_records_do_not_have_is_refused_by_name():
    """A dimension without a way gave one row that was the total under another name."""
    with pytest.raises(BadQuestionError, match="it has owner"):
        Asking("won_deals", split=(Dimension.PRIORITY,)).reading(**CRM)


def _engine(runner: DuckDb, asked: Asked, folder: Path, seq: int) -> Engine:
    folder.mkdir(exist_ok=True)
    facts = written(asked.crm, folder, seq, 0)
    return Engine(asked.kpis, Settings(), STAGES, facts, runner, seq)


def test_one_connection_answers_each_tenant_from_its_own_records(tmp_path: Path):
    """A result kept by the question alone was given to the next tenant that asked the same."""
    ours = Asking("won_revenue").of(opportunity=[a_deal(1)])
    theirs = Asking("won_revenue").of(opportunity=[a_deal(1, amount=1000)])
    with duckdb.connect() as connection:
        runner = DuckDb(connection)
        one = _engine(runner, ours, tmp_path / "ours", 1)
        two = _engine(runner, theirs, tmp_path / "theirs", 1)
        found = [_only(each, ours) for each in (one, two, one, two)]
    assert found == [10, 1000, 10, 1000]


def test_one_connection_answers_each_version_from_its_own_records(tmp_path: Path):
    """A result kept without its version went on showing the facts before the last load."""
    asked = Asking("won_revenue").of(
        opportunity=[a_deal(1), a_deal(2, source="them", seq=2, amount=1000)]
    )
    with duckdb.connect() as connection:
        runner = DuckDb(connection)
        found = [_only(_engine(runner, asked, tmp_path, seq), asked) for seq in (1, 2, 1, 2)]
    assert found == [10, 1010, 10, 1010]


def test_one_engine_answers_each_question_for_itself(tmp_path: Path):
    """A plan kept by KPI and period alone gave one person's numbers to another."""
    asked = Asking("won_revenue").of(**CRM)
    mine = replace(asked.question, scope=Scope(ScopeKind.OWN, ("1",)))
    filtered = replace(asked.question, where="owner = 'Cy'")
    earlier = replace(asked.question, today=on("2017-02-01"))
    with duckdb.connect() as connection:
        one = _engine(DuckDb(connection), asked, tmp_path, 1)
        questions = (asked.question, mine, filtered, earlier, asked.question)
        found = [next(one.ask(each).rows()).reading.value for each in questions]
    assert found == [1110, 10, 1000, None, 1110]


def test_a_setting_of_one_tenant_is_not_that_of_another():
    """The limit of 4 hours was kept from the first tenant that asked."""
    leads = [made(1, created_at=at("2017-03-05 08:00"))]
    calls = [made(1, kind="call", lead_id="1", created_at=at("2017-03-05 14:00"))]
    found = [
        Asking("lead_response_within_sla", settings=Settings(own)).reading(
            lead=leads, activity=calls
        )
        for own in ({}, {"lead_response_limit": "8h"}, {})
    ]
    assert [reading.value for reading in found] == [0, 1, 0]


def test_asking_writes_nothing(tmp_path: Path):
    """Looking at a KPI set its time of change, and made a version of nothing."""
    asked = Asking("won_revenue", split=BY_OWNER, known_at=FIRST_LOAD).of(**CRM)
    with duckdb.connect() as connection:
        one = _engine(DuckDb(connection), asked, tmp_path, 1)
        before = _state(tmp_path.rglob("*"))
        list(one.ask(asked.question).rows())
        assert _state(tmp_path.rglob("*")) == before
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


def _only(one: Engine, asked: Asked) -> float | None:
    (row,) = one.ask(asked.question).rows()
    return row.reading.value


def _state(files: Iterable[Path]) -> dict[Path, tuple[int, str]]:
    return {
        file: (file.stat().st_mtime_ns, hashlib.sha256(file.read_bytes()).hexdigest())
        for file in files
        if file.is_file()
    }
