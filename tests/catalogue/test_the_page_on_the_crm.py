"""docs/crm.md names every entity and column as they are, and its source files are ones."""

from pathlib import Path

import pytest

from kpi_engine.crm.entities import ENTITIES
from portal.connectors.source_file import read_source
from tests.catalogue.documents import Example, examples, page, table_rows, words_in_code

PAGE = "crm.md"
REST = """source: part
tables:
  - {file: a.csv, entity: user, fields: {id: a, name: b}}
"""
SOURCES = examples(PAGE, "yaml")


def test_every_entity_has_its_row_with_the_columns_in_order():
    rows = {row[0].strip("`"): row[2] for row in table_rows(PAGE, "Entities")[: len(ENTITIES)]}
    told = {
        name: " ".join(
            f"`{column.name}`{'!' if column.required else ''}" for column in entity.columns
        )
        for name, entity in ENTITIES.items()
    }
    assert rows == told


def test_every_closed_list_of_words_is_told():
    rows = table_rows(PAGE, "Entities")[len(ENTITIES) :]
    told = {
        name.strip("` "): words.replace("`", "").split(", ")
        for names, words in rows
        for name in names.split(",")
    }
    real = {
        f"{entity.name}.{column.name}": list(column.choices)
        for entity in ENTITIES.values()
        for column in entity.columns
        if column.choices
    }
    assert told == real


@pytest.mark.parametrize("example", SOURCES, ids=lambda each: each.text.splitlines()[0])
def test_an_example_of_a_source_file_can_be_read(example: Example, tmp_path: Path):
    text = example.text if example.name == "source" else f"{REST}{example.text}"
    path = tmp_path / "source.yaml"
    path.write_text(text, encoding="utf-8")
    assert read_source(path).tables


def test_the_examples_use_every_form_of_a_value():
    text = "".join(example.text for example in SOURCES)
    forms = ("column:", "value:", "expr:", "min:", "max:", "last:", "count:", "replace:", "map:")
    assert [
        form for form in (*forms, "null:", "where:", "per:", "explode:") if form not in text
    ] == []


def test_every_word_of_a_table_is_explained():
    words = {"file", "entity", "format", "fields", "where", "explode", "per"}
    assert words <= words_in_code(PAGE)


def test_the_page_speaks_of_the_whole_example_as_files():
    names = [example.name for example in examples(PAGE, "csv")]
    whole = next(example for example in SOURCES if "little_crm" in example.text)
    assert names
    assert all(name in whole.text for name in names)
    assert "portal import" in page(PAGE)
