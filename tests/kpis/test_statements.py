"""The statements that are shown are those that run: they can be run as they stand."""

import duckdb
import pytest
import sqlglot

from kpi_engine.compiler.needs import splits_that_fit
from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.questions import Dimension
from portal.cli.sql_text import laid_out

DAYS = ("--from", "2017-01-01", "--to", "2017-07-01")


def statements(text):
    """Return the statements of a text; a line that ends in a semicolon ends one."""
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [part for part in "\n".join(lines).split(";\n") if part.strip(" \n;")]


def shown(desk, tenant, *words):
    """Return what `portal kpi sql` prints."""
    said = desk("kpi", "sql", "--tenant", tenant, *words)
    assert (said.status, said.err) == (0, "")
    return said.out


def test_a_comment_tells_what_they_belong_to(desk, company):
    words = ("--kpi", "win_rate", "--kpi", "won_deals", "--grain", "quarter", "--by", "team")
    first = shown(desk, company, *words, *DAYS).splitlines()[0]
    assert first == (
        f"-- win_rate, won_deals; quarter, 2017-01-01 to 2017-07-01, by team; {company}, version 1"
    )


def test_a_statement_gives_the_numbers_of_the_answer(desk, company):
    text = shown(desk, company, "--kpi", "won_revenue", "--grain", "quarter", *DAYS)
    (one,) = statements(text)
    found = duckdb.sql(one)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    assert {(row["p"], row["c0"], row["c1"]) for row in rows} == {(0, 3, 1900.0), (1, 1, 400.0)}


@pytest.mark.parametrize("split", [(), (Dimension.OWNER,), (Dimension.TEAM, Dimension.PRODUCT)])
def test_the_statements_of_every_kpi_that_ships_run_in_duckdb(desk, company, split):
    catalogue = shipped_catalogue()
    keys = [key for key in catalogue if splits_that_fit(key, catalogue, [split])]
    asked = [word for key in keys for word in ("--kpi", key)]
    by = [word for dimension in split for word in ("--by", dimension.value)]
    found = statements(shown(desk, company, *asked, *by, *DAYS))
    assert len(keys) > 20
    for one in found:
        assert duckdb.sql(one).fetchall() is not None


def test_sparks_statements_are_shown_without_spark(desk, company):
    words = ("--kpi", "win_rate", "--team", "north", "--by", "owner", *DAYS, "--engine", "spark")
    text = shown(desk, company, *words)
    assert "parquet.`file:///" in text
    for one in statements(text):
        assert sqlglot.parse_one(one, read="spark").find(sqlglot.exp.Select)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a, 'from  where  (select' AS b FROM (SELECT 1 AS a WHERE x IN (SELECT 2)) AS t",
        "WITH c AS (SELECT 1 AS a UNION ALL SELECT 2) SELECT a FROM c LEFT JOIN d ON d.a = c.a",
        "SELECT CASE WHEN a = 1 AND (a > 0) THEN 'x''y' ELSE NULL END AS k FROM c CROSS JOIN e",
        "SELECT count(*) FILTER (WHERE a > 1) OVER (PARTITION BY a ORDER BY a) FROM c GROUP BY ALL",
        "SELECT \"a;b\", $1, -1, 1.5e3, a::INT, a->>'x' FROM t",
        "SELECT 'not closed",
        "",
        ")(",
    ],
)
def test_laying_out_moves_blanks_only(text):
    lines = laid_out(text, "duckdb")
    assert "".join(lines.split()) == "".join(text.split())
    if text != "SELECT 'not closed":
        assert words(lines) == words(text)


def words(sql):
    """Return the words of a statement as the parser sees them."""
    return [token.text for token in sqlglot.tokenize(sql, read="duckdb")]


def test_a_clause_begins_a_line_and_a_query_in_brackets_is_set_in():
    text = "SELECT a FROM (SELECT b AS a FROM t WHERE b IN (1, 2)) AS s JOIN u ON u.a = s.a"
    assert laid_out(text, "duckdb").splitlines() == [
        "SELECT a",
        "FROM (",
        "  SELECT b AS a",
        "  FROM t",
        "  WHERE b IN (1, 2)",
        ") AS s",
        "JOIN u ON u.a = s.a",
    ]
