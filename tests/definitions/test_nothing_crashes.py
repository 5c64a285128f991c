"""Whatever is typed, it is read or refused in a sentence; nothing else comes out."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpi_engine.crm.derived import columns_of
from kpi_engine.definitions.catalogue import read_own
from kpi_engine.definitions.expressions import ExpressionError, parse
from tests.definitions.samples import base_catalogue, definition
from tests.definitions.test_forms_of_measure import FORMS

COLUMNS = columns_of("opportunity")
_WORDS = """
    status amount created_at expected_close_on account.industry 'won' 'Ü' 3 1.5 '2017-01-01' null
    true and or not in between is like = != < >= + - * / ( ) , coalesce( lower( abs( round(
    date_diff( date_add( 'day' setting.many select ; -- " '
"""
_PIECES = """
    { } [ ] : , - null 3 on where take &a *a !t | > ' " # opportunity won_deals over é \x00
"""
WORDS = st.sampled_from(_WORDS.split())
PIECES = st.sampled_from(_PIECES.split()) | st.sampled_from(["\t", "\n", "\n  ", ": ", "- ", " "])
SENTENCES = st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=40)


def outcome(text):
    try:
        return parse(text, COLUMNS, settings={"many": ("a", 1)})
    except ExpressionError as error:
        return error


@settings(max_examples=600, deadline=None)
@given(text=SENTENCES)
def test_an_expression_is_read_or_refused(text):
    found = outcome(text)
    if isinstance(found, ExpressionError):
        assert str(found).isprintable()
        assert found.line >= 1
        assert found.column >= 1
    else:
        assert parse(found.text, COLUMNS) == found
        assert found.sql(str, "duckdb", "Europe/Berlin")
        assert found.sql(str, "spark", "Europe/Berlin")


def test_a_refusal_is_short_and_on_one_line_whatever_was_written():
    for text in ("x" * 3_000, "'" + "y\n" * 900 + "' 3", '"' + "z" * 3_000 + '"', "a." * 900 + "b"):
        refused = outcome(text)
        assert isinstance(refused, ExpressionError)
        assert str(refused).isprintable()
        assert len(str(refused)) < 300


@settings(max_examples=300, deadline=None)
@given(
    form=st.sampled_from([text for text, _ in FORMS]),
    piece=PIECES,
    at=st.integers(0, 400),
    cut=st.integers(0, 30),
)
# A value that no record has, quoted in a warning.
@example(
    form="{count: opportunity, value: amount, where: \"status = 'won'\"}",
    piece="\t",
    at=195,
    cut=0,
)
# A KPI that is not defined, named with a tab in it.
@example(
    form="{ratio: {over: won_deals, under: {count: opportunity, where: \"status = 'won'\", on:"
    " closed_at}}}",
    piece="\t",
    at=394,
    cut=0,
)
def test_a_definition_that_lost_a_piece_is_read_or_refused(form, piece, at, cut):
    text = definition(measure=form, unit="ratio")
    text = text[: at % len(text)] + piece + text[at % len(text) + cut :]
    _, kpis, issues = read_own(text, base_catalogue(), file="f.yaml")
    assert kpis or issues
    for issue in issues:
        assert str(issue).isprintable()
        assert issue.line >= 1 or issue.file == ""
