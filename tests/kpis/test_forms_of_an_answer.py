"""An answer is one JSON document, a complete CSV, or a table that people read; nothing else."""

import csv
import io
import json

import pytest

from tests.kpis.desk import a_deal, a_person

KEYS = [
    "kpi",
    "period",
    "start",
    "end",
    "by",
    "value",
    "over",
    "under",
    "n",
    "state",
    "reason",
    "beside",
    "known_at",
    "version",
    "definition",
]
Q1 = ("--grain", "quarter", "--from", "2017-01-01", "--to", "2017-04-01", "--today", "2017-05-10")
_ASKED = ("--kpi", "win_rate", "--kpi", "open_opportunities", "--kpi", "sales_cycle_days")


def test_a_row_has_the_keys_of_the_contract_and_what_stands_beside(desk, company):
    rows = desk.values(company, *_ASKED, "--by", "team", *Q1)
    assert all(list(row) == KEYS for row in rows)
    assert rows[0] == {
        "kpi": "win_rate",
        "period": "2017-Q1",
        "start": "2017-01-01",
        "end": "2017-04-01",
        "by": {"team": "NORTH"},
        "value": 0.5,
        "over": 1,
        "under": 2,
        "n": 2,
        "state": "final",
        "reason": None,
        "beside": {},
        "known_at": "2017-05-10T12:00:00Z",
        "version": 1,
        "definition": rows[0]["definition"],
    }
    assert len(rows[0]["definition"]) == 12
    assert int(rows[0]["definition"], 16) >= 0


def test_the_definition_of_a_row_is_the_one_that_is_shown(desk, company):
    (row,) = desk.values(company, "--kpi", "win_rate", *Q1)
    assert row["definition"] == desk.json("kpi", "show", "win_rate")["definition"]


def test_json_is_one_document_without_nan(desk, company):
    words = ("--by", "owner", "--by", "product", "--grain", "month", "--from", "2016-01-01")
    said = desk("kpi", "values", "--tenant", company, *_ASKED, *words, "--format", "json")
    assert (said.status, said.err) == (0, "")
    rows = json.loads(said.out, parse_constant=pytest.fail)
    assert len(rows) > 100
    assert said.out.endswith("]\n")


def test_an_answer_without_a_row_is_an_empty_list(desk):
    said = desk("kpi", "values", "--tenant", desk.tenant(), "--kpi", "win_rate", "--by", "team",
                *Q1, "--format", "json")  # fmt: skip
    assert (said.status, said.out, said.err) == (0, "[]\n", "")


def test_csv_tells_all_that_json_tells(desk, company):
    words = ("kpi", "values", "--tenant", company, *_ASKED, "--by", "team", "--by", "owner", *Q1)
    found = list(csv.DictReader(io.StringIO(desk(*words, "--format", "csv").out)))
    told = json.loads(desk(*words, "--format", "json").out)
    assert len(found) == len(told)
    for cells, row in zip(found, told, strict=True):
        assert list(cells) == [*KEYS[:4], "team", "owner", *KEYS[5:]]
        flat = {**row, **row["by"]}
        beside = "; ".join(f"{name} {value}" for name, value in row["beside"].items())
        for name in set(cells) - {"beside"}:
            assert cells[name] == ("" if flat[name] is None else str(flat[name]))
        assert cells["beside"] == beside


def test_csv_without_a_row_still_has_its_head(desk):
    words = ("--tenant", desk.tenant(), "--kpi", "win_rate", "--by", "team", *Q1)
    said = desk("kpi", "values", *words, "--format", "csv")
    assert said.out.startswith("kpi,period,start,end,team,value,")
    assert said.out.count("\n") == 1


def test_a_name_that_would_run_as_a_formula_is_text_in_csv(desk):
    names = ["=1+1", "@SUM(A1)", "+1", "\uff1d1", "-x", "x=1", "1-2", "Ann; Bob"]
    tenant = desk.tenant()
    people = [a_person(f"u{n}") | {"name": name} for n, name in enumerate(names)]
    deals = [a_deal(f"o{n}", f"u{n}") for n in range(len(names))]
    desk.bring(tenant, {"user": people, "opportunity": deals})
    words = ("--tenant", tenant, "--kpi", "won_deals", "--by", "owner", *Q1, "--format", "csv")
    found = csv.DictReader(io.StringIO(desk("kpi", "values", *words).out))
    kept = names[:5]
    plain = {"x=1", "1-2", "Ann; Bob"}
    assert {row["owner"] for row in found} == {*(f"'{name}" for name in kept), *plain}


def test_a_table_sets_numbers_to_the_right_and_says_why_there_is_none(desk, company):
    words = ("--kpi", "won_revenue", "--by", "owner", "--grain", "quarter")
    days = ("--from", "2017-01-01", "--to", "2017-07-01", "--today", "2017-05-10")
    said = desk("kpi", "values", "--tenant", company, *words, *days)
    assert said.out.splitlines() == [
        "kpi          period   owner      value  n  note",
        "won_revenue  2017-Q1  Ann      100 EUR  1",
        "won_revenue  2017-Q2  Ann            -  0  no rows",
        "won_revenue  2017-Q1  Bob      200 EUR  1",
        "won_revenue  2017-Q2  Bob            -  0  no rows",
        "won_revenue  2017-Q1  Cid            -  0  no rows",
        "won_revenue  2017-Q2  Cid      400 EUR  1  so far",
        "won_revenue  2017-Q1  gone   1,600 EUR  1",
        "won_revenue  2017-Q2  gone           -  0  no rows",
    ]


def test_a_table_tells_the_parts_and_what_stands_beside(desk, company):
    said = desk("kpi", "values", "--tenant", company, *_ASKED, *Q1)
    assert said.out.splitlines() == [
        "kpi                 period       value  parts  n  note",
        "win_rate            2017-Q1     75.0 %  3 / 4  4",
        "open_opportunities  2017-Q1          2         2  undated 1",
        "sales_cycle_days    2017-Q1  41.0 days         3",
    ]


def test_nothing_in_a_name_steers_the_terminal(desk):
    tenant = desk.tenant()
    name = "A\u202enn \u009b31m"
    people = [a_person("u") | {"name": name}]
    desk.bring(tenant, {"user": people, "opportunity": [a_deal("o", "u")]})
    words = ("--tenant", tenant, "--kpi", "won_deals", "--by", "owner", *Q1)
    said = desk("kpi", "values", *words)
    assert all(letter.isprintable() or letter == "\n" for letter in said.out)
    assert "nn" in said.out
