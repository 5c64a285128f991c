"""What is not of the language is refused in one sentence that names the word and its place."""

import json
from pathlib import Path

import pytest

from kpi_engine.crm.derived import columns_of
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import ExpressionError, parse

COLUMNS = columns_of("opportunity")
SETTINGS = {
    "limit": 4,
    "many": ("a", "b"),
    "none": (),
    "deep": {"a": 1},
    "nan": float("nan"),
}


def table():
    """Return the pairs of an expression and its sentence."""
    text = Path(__file__).with_name("refused_expressions.txt").read_text("utf-8")
    lines = [json.loads('"' + line.replace('"', '\\"') + '"') for line in text.splitlines()[1:]]
    return [
        (one, two.removeprefix("    ")) for one, two in zip(lines[::2], lines[1::2], strict=True)
    ]


def sentence_about(text, **wanted):
    with pytest.raises(ExpressionError) as caught:
        parse(text, COLUMNS, settings=SETTINGS, **wanted)
    return str(caught.value)


@pytest.mark.parametrize(("text", "sentence"), table())
def test_it_is_refused_in_one_sentence(text, sentence):
    assert sentence_about(text, wants=ColumnType.BOOLEAN) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("(" * 10_000 + "1" + ")" * 10_000, "The expression has 20,001 characters"),
        ("a" * 1_000_000, "The expression has 1,000,000 characters; 4,000 is the most."),
        ("(" * 60 + "1" + ")" * 60, "The brackets go deeper than 50. (at character 51)"),
        ("not " * 100 + "true", "There are more than 10 'not' or minus signs in a row."),
        ("- " * 100 + "1", "There are more than 10 'not' or minus signs in a row."),
        ("amount" + " + amount" * 60, "The expression goes deeper than 50 steps."),
        ("1=1" + " or 1=1" * 300, "The expression has more than 500 parts."),
        ("amount in (" + "1," * 700 + "1)", "A list has at most 500 values. (at character 1011)"),
        ("1+" * 1_000 + "1", "The expression has more than 1,500 words and signs."),
        ("1" * 3_000, "A number here has at most 15 digits. (at character 1)"),
        ("stage like 'a" + "b" * 300 + "'", "The text after 'like' has at most 200 letters"),
        ("stage = '" + "a" * 5_000, "The expression has 5,009 characters; 4,000 is the most."),
        ("a." * 1_900 + "a", "'a.a.a.a."),
        ("(a+)+$" * 600, "'$' is not part of the language."),
        ("abs(" * 49 + "1" + ")" * 49, "Here true or false is wanted, and this is a whole number."),
    ],
)
def test_hostile_size_is_refused_before_it_costs(text, sentence):
    assert sentence_about(text, wants=ColumnType.BOOLEAN).startswith(sentence)


def test_functions_that_write_their_argument_often_cannot_be_nested_without_end():
    inner = "created_at"
    for _ in range(8):
        inner = f"date_add('day', date_diff('month', created_at, {inner}), created_at)"
    assert sentence_about(inner).startswith("The expression nests its functions too deep")


def test_what_is_wanted_is_said():
    assert sentence_about("stage", wants=ColumnType.NUMBER) == (
        "Here a number is wanted, and this is text. (at character 1)"
    )
    assert parse("amount", COLUMNS, wants=ColumnType.NUMBER).type is ColumnType.MONEY


def test_a_place_on_a_later_line_is_counted_from_that_line():
    with pytest.raises(ExpressionError) as caught:
        parse("stage = 'won'\n  and\n  stge = 'x'", COLUMNS)
    assert (caught.value.line, caught.value.column) == (3, 3)
    assert caught.value.sentence == "There is no column called 'stge'. Did you mean 'stage'?"


@pytest.mark.parametrize("number", [*range(48), *range(58, 256), 0x200B, 0x202E, 0xFEFF, 0x1F600])
def test_no_sign_or_letter_stands_alone(number):
    assert sentence_about(chr(number))


@pytest.mark.parametrize("word", ["select", "from", "case", "end", "interval", "count", "date"])
def test_a_column_may_be_called_like_a_word_of_sql(word):
    found = parse(f"{word} = 1 and {word} is not null", {word: ColumnType.NUMBER})
    assert found.columns == (word,)
    assert found.sql(lambda name: f'"{name}"') == f'(("{word}" = 1) AND (NOT ("{word}" IS NULL)))'
