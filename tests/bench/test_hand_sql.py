"""Two ways to the same numbers: the engine, and SQL written by hand from the definitions."""

import pytest

from bench import hand
from bench.asking import LEVELS, MONTHS, catalogue_question, write_answer
from bench.equality import compare
from bench.homes import STAGES
from bench.scale import LARGE
from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.settings import Settings
from kpi_engine.engine.engine import Engine
from kpi_engine.engines.duckdb import open_duckdb


@pytest.fixture(scope="module")
def answers(made, tmp_path_factory):
    """The files of both sides' numbers."""
    folder = tmp_path_factory.mktemp("answers")
    by_hand, by_engine = folder / "hand.parquet", folder / "engine.parquet"
    base = hand.connect(made.files, LARGE.start, MONTHS, LARGE.end)
    hand.compute(base)
    base.execute(f"COPY answer TO '{by_hand}' (FORMAT parquet)")
    with open_duckdb(made.store, folder / "spill") as runner:
        engine = Engine(shipped_catalogue(), Settings(), STAGES, made.facts, runner, 1)
        write_answer(engine.ask(catalogue_question(engine.catalogue)), by_engine)
    yield by_hand, by_engine, base
    base.close()


def test_both_ways_lead_to_the_same_values_and_parts(answers):
    by_hand, by_engine, _ = answers
    compared = compare(by_engine, by_hand, ("value", "part_over", "part_under"))
    assert compared.differing == {}
    assert compared.numbers > 10_000


def test_every_kpi_has_numbers_at_every_level_that_it_has(answers):
    _, _, base = answers
    told = base.execute("SELECT kpi, level, count(*) FROM answer GROUP BY ALL").fetchall()
    levels = {}
    for kpi, level, _ in told:
        levels.setdefault(kpi, set()).add(level)
    assert set(levels) == set(shipped_catalogue())
    without_owner = {kpi for kpi, has in levels.items() if has != set(LEVELS.values())}
    assert without_owner == {
        "campaign_roi",
        "campaign_roi_by_close",
        "cost_per_qualified_lead",
        "cost_per_qualified_lead_attributed",
    }


def test_asking_again_on_the_same_connection_gives_the_same_numbers(answers):
    _, _, base = answers
    before = base.execute("SELECT count(*), sum(value) FROM answer").fetchall()
    hand.compute(base)
    after = base.execute("SELECT count(*), sum(value) FROM answer").fetchall()
    assert after[0][0] == before[0][0]
    assert after[0][1] == pytest.approx(before[0][1])
