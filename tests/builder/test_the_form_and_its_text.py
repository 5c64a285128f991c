"""The form writes what a definition says, reads it back, and refuses whatever is no definition."""

import pytest

from kpi_engine.crm.derived import columns_of
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.catalogue import read_own, shipped_catalogue
from kpi_engine.definitions.conditions import (
    Ask,
    Condition,
    ConditionError,
    conditions_of,
    dispensable,
    text_of,
)
from kpi_engine.definitions.expressions import parse
from kpi_engine.definitions.fingerprint import fingerprint
from kpi_engine.definitions.problems import Severity
from portal.services.builder_fields import asks_of, offered
from portal.services.builder_form import MOST_ROWS, Row, read_stored, stored, typed, with_row
from portal.services.builder_measures import condition_of
from portal.services.builder_reading import form_of
from portal.services.builder_texts import compiled
from tests.builder.conftest import WON

SHIPPED = shipped_catalogue()
ATTACKS = (
    "'; DROP TABLE opportunity; --",
    "1 OR 1=1",
    "x') UNION SELECT * FROM read_parquet('/etc/passwd') --",
    "$$; ATTACH 'evil'",
    "\\'; select 1",
    "{{7*7}}",
    "*alias",
    "!!python/object/apply:os.system ['id']",
    "a: b\n- key: win_rate",
    "&a [*a, *a]",
    "\u202e\u0000\ud7ff\U0010ffff",
    "\N{GREEK SMALL LETTER ALPHA}" * 300,
)


class Nobody:
    """A session in which no tenant has definitions of its own."""

    def scalars(self, *_: object):
        return []


@pytest.mark.parametrize("key", SHIPPED)
def test_every_shipped_definition_comes_back_from_the_form_as_the_same_number(key):
    kpi = SHIPPED[key]
    made = compiled(form_of(Nobody(), kpi))
    grown, kpis, issues = read_own(made.text, SHIPPED)
    assert made.errors == {}
    assert [one.text for one in issues if one.severity is Severity.ERROR] == []
    assert fingerprint(kpis[0], grown) == fingerprint(kpi, SHIPPED)
    assert kpis[0] == kpi


def test_most_of_what_ships_has_fields_and_the_rest_stays_as_written():
    forms = [form_of(Nobody(), kpi) for kpi in SHIPPED.values()]
    assert sum(form.kind != "written" for form in forms) >= 45


def test_a_form_survives_being_stored():
    form = with_row(typed(WON), "a")
    assert read_stored(stored(form)) == form


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", sorted(set(WON) | {"key", "source", "unit", "cadence", "goal"}))
def test_no_field_carries_text_into_the_measure_but_as_a_quoted_value(name, attack):
    made = compiled(typed({**WON, name: attack}))
    grown, kpis, issues = read_own(made.text, SHIPPED)
    wrong = bool(made.errors) or any(one.severity is Severity.ERROR for one in issues)
    assert len(kpis) <= 1
    assert set(grown) - set(SHIPPED) <= {kpi.key for kpi in kpis}
    if not wrong:
        where = kpis[0].measure.where
        assert where is None or set(where.columns) <= set(columns_of("opportunity"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_measure_as_written_cannot_leave_its_place(attack):
    made = compiled(typed({**WON, "kind": "written", "yaml": f"count: opportunity\n{attack}"}))
    _, kpis, _ = read_own(made.text, SHIPPED)
    assert all(kpi.key == "deals_we_won" for kpi in kpis)


def test_a_column_of_other_records_is_refused_beside_its_row():
    made = compiled(typed({**WON, "a_f0_column": "first_response_at", "a_f0_ask": "filled"}))
    assert made.errors["a_f0"] == "This is no column of these records; choose another."
    other = compiled(typed({**WON, "a_on": "resolved_at"}))
    assert other.errors["a_on"] == "Choose a column."
    amount = compiled(typed({**WON, "kind": "total", "a_column": "stage"}))
    assert amount.errors["a_column"] == "Choose a column."


def test_a_list_of_more_values_than_anybody_reads_is_refused():
    values = "; ".join(str(each) for each in range(60))
    made = compiled(typed({**WON, "a_f0_ask": "one_of", "a_f0_value": values}))
    assert "50 is the most" in made.errors["a_f0"]


def test_a_form_holds_so_many_conditions_and_no_more():
    sent = {f"a_f{at}_column": "stage" for at in range(40)}
    form = typed({**WON, **sent})
    assert len(form.conditions("a")) == MOST_ROWS
    assert with_row(form, "a") == form


@pytest.mark.parametrize(
    ("kind", "ask", "values", "said"),
    [
        (ColumnType.TEXT, Ask.IS, ("O'Brien",), "x = 'O''Brien'"),
        (ColumnType.TEXT, Ask.ONE_OF, ("a", "b"), "x in ('a', 'b')"),
        (ColumnType.TEXT, Ask.BEGINS, ("a'b",), "x like 'a''b%'"),
        (ColumnType.MONEY, Ask.BETWEEN, ("1", "2,5"), "x between 1 and 2.5"),
        (ColumnType.BOOLEAN, Ask.NO, (), "x = false"),
        (ColumnType.DATE, Ask.UNDER, ("2017-03-01",), "x < '2017-03-01'"),
    ],
)
def test_a_condition_is_written_and_read_back(kind, ask, values, said):
    one = Condition("x", ask, values)
    assert text_of(one, kind) == said
    found = conditions_of(parse(said, {"x": kind}))
    assert found is not None
    assert text_of(found[0], kind) == said


@pytest.mark.parametrize(
    ("kind", "ask", "values"),
    [
        (ColumnType.NUMBER, Ask.IS, ("1 or 1=1",)),
        (ColumnType.NUMBER, Ask.IS, ("1e999",)),
        (ColumnType.NUMBER, Ask.IS, ("\N{ARABIC-INDIC DIGIT ONE}",)),
        (ColumnType.NUMBER, Ask.BEGINS, ("1",)),
        (ColumnType.TEXT, Ask.BEGINS, ("%",)),
        (ColumnType.TEXT, Ask.IS, ("",)),
        (ColumnType.TEXT, Ask.IS, ("a\u0007b",)),
        (ColumnType.TEXT, Ask.IS, ("x" * 201,)),
        (ColumnType.MONEY, Ask.BETWEEN, ("1",)),
    ],
)
def test_a_value_that_is_none_is_refused(kind, ask, values):
    with pytest.raises(ConditionError):
        text_of(Condition("x", ask, values), kind)


def test_a_column_with_an_alternative_is_dispensable():
    columns = dict.fromkeys("abc", ColumnType.BOOLEAN)
    told = parse("a = true and (b = true or coalesce(c, false) = true)", columns)
    assert dispensable(told) == {"b", "c"}


def test_of_what_somebody_wrote_only_whether_it_is_there_is_asked():
    """A next step may name a person; that there is none says how well the deals are kept."""
    assert asks_of("next_step", ColumnType.TEXT) == (Ask.FILLED, Ask.EMPTY)
    assert Ask.IS in asks_of("lost_reason", ColumnType.TEXT)
    assert "next_step" in {one.name for one in offered("opportunity")}


def test_what_is_asked_of_a_column_is_what_the_form_shows_until_it_is_chosen():
    """The first choice stands in the form already: nobody is told to choose it again."""
    assert condition_of(Row("next_step", "", "", ""), ColumnType.TEXT).ask is Ask.FILLED
    assert condition_of(Row("is_complaint", "", "", ""), ColumnType.BOOLEAN).ask is Ask.YES
