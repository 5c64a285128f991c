"""docs/kpis.md, docs/catalogue.md and docs/glossary.md tell what is so, and all of it."""

import textwrap
from typing import get_args

import pytest

from kpi_engine.crm.derived import DERIVED, ONBOARDING
from kpi_engine.definitions.described import Better, Department, KpiClass, Stage, Timing
from kpi_engine.definitions.kinds import Measure
from kpi_engine.definitions.settings import SETTINGS, Settings
from kpi_engine.definitions.takes import BalanceTake, HealthPart, HealthTake, PairTake, Take
from kpi_engine.definitions.tokens import FUNCTIONS
from kpi_engine.definitions.yaml_file import read_definitions
from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension, ScopeKind
from kpi_engine.reading import Absence, State
from kpi_engine.units import Unit
from tests.catalogue.documents import Example, examples, page, table_rows, words_in_code
from tests.catalogue.overview import overview
from tests.catalogue.shipped import written

PAGE = "kpis.md"
EXAMPLES = examples(PAGE, "yaml")
SPOKEN = [
    word
    for words in (
        KpiClass,
        Stage,
        Department,
        Timing,
        Better,
        Unit,
        Grain,
        State,
        Take,
        BalanceTake,
        PairTake,
        HealthTake,
        HealthPart,
        Dimension,
        ScopeKind,
    )
    for word in words
]
REST = """- key: an_example
  name: An example
  question: What does it show?
  class: quality
  stage: sales
  department: sales
  better: higher
"""


def read(example: Example):
    whole = example.text.startswith("- key:")
    text = example.text if whole else REST + textwrap.indent(example.text, "  ")
    return read_definitions(text, Settings(), file=PAGE)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.text.splitlines()[-1])
def test_an_example_is_a_definition(example: Example):
    found, issues = read(example)
    assert [str(issue) for issue in issues] == []
    assert len(found) == 1


def test_every_kind_of_measure_has_an_example():
    shown = {type(kpi.measure) for example in EXAMPLES for kpi in read(example)[0]}
    assert shown == set(get_args(Measure))


@pytest.mark.parametrize("word", SPOKEN)
def test_the_page_tells_every_word_of_a_definition(word: str):
    assert word in words_in_code(PAGE)


@pytest.mark.parametrize("absence", list(Absence))
def test_the_page_tells_when_each_absence_comes(absence: Absence):
    assert absence.value in [row[0] for row in table_rows(PAGE, "When there is no number")]


def test_the_page_lists_the_settings_with_their_defaults():
    rows = {row[0].strip("`"): row[1].strip("`") for row in table_rows(PAGE, "Settings")}
    for name, setting in SETTINGS.items():
        told = rows[name]
        if isinstance(setting.default, str | int | float):
            assert told == str(setting.default), name
        elif not setting.default:
            assert told == "[]", name


def test_the_page_lists_health_as_it_is_by_default():
    rows = {row[0].strip("`"): row[1:] for row in table_rows(PAGE, "Settings") if len(row) > 3}
    components = Settings()["health_components"]
    assert isinstance(components, dict)
    assert rows == {
        part: [f"{fields[word]:g}" for word in ("weight", "worst", "best", "days")]
        for part, fields in components.items()
    }


@pytest.mark.parametrize(
    "column", [f"{entity}.{column.name}" for entity in DERIVED for column in DERIVED[entity]]
)
def test_the_page_explains_each_derived_column(column: str):
    assert column in words_in_code(PAGE)


def test_the_page_explains_the_derived_entity():
    assert ONBOARDING.name in words_in_code(PAGE)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_page_names_each_function_of_the_language(name: str):
    assert any(word.startswith(name) for word in words_in_code(PAGE))


def test_the_overview_is_what_the_catalogue_makes_of_it():
    told = "run `python -m tests.catalogue.overview` after a change of the catalogue"
    assert page("catalogue.md") == overview(), told


@pytest.mark.parametrize("key", list(written()))
def test_the_overview_names_each_kpi(key: str):
    assert key in words_in_code("catalogue.md")


def test_the_glossary_is_in_order_and_explains_each_word_once():
    lines = page("glossary.md").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")][2:]
    words = [row[0].strip() for row in rows]
    assert words == sorted(set(words), key=str.lower)
    assert all(row[1].strip() for row in rows)
