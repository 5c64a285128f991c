"""What cannot be asked is refused in one sentence that names the nearest; nothing else is said."""

import pytest

_WORDS = [
    (["--kpi", "win_rat"], "There is no KPI called 'win_rat'. Did you mean 'win_rate'?"),
    (["--kpi", "WIN_RATE"], "There is no KPI called 'WIN_RATE'."),
    (["--kpi", "'; drop table x--"], "There is no KPI called"),
    (["--kpi", ""], "There is no KPI called ''."),
    (["--grain", "mont"], "There is no grain called 'mont'. Did you mean 'month'?"),
    (["--grain", "fortnight"], "Choose from day, week, month, quarter, year."),
    (["--by", "tem"], "There is no dimension called 'tem'. Did you mean 'team'?"),
    (["--by", "tenant_id"], "There is no dimension called 'tenant_id'."),
    (["--by", "priority"], "A KPI on opportunity cannot be split by priority; it has owner,"),
    (["--by", "team", "--by", "team"], "Split by one dimension, or by two different ones."),
    (["--by", "team", "--by", "kind", "--by", "owner"], "Split by one dimension, or by two"),
    (["--from", "2017-05-01", "--to", "2017-01-01"], "ends on 2017-01-01, but starts on 2017-05"),
    (["--from", "2017-05-01", "--to", "2017-05-01"], "Give an end after the start."),
    (["--from", "2017-13-01"], "Invalid value for '--from': '2017-13-01' does not match"),
    (["--from", "yesterday"], "Invalid value for '--from'"),
    (["--from", "0001-01-01"], "Ask for days between 1900-01-01 and 2200-01-01."),
    (["--to", "9999-12-31"], "Ask for days between 1900-01-01 and 2200-01-01."),
    (["--today", "0001-01-01"], "Ask for days between 1900-01-01 and 2200-01-01."),
    (["--today", "9999-12-31"], "Ask for days between 1900-01-01 and 2200-01-01."),
    (["--today", "1900-01-01", "--grain", "year"], "Ask for days between 1900-01-01 and"),
    (["--grain", "day", "--from", "1901-01-01", "--to", "2199-01-01"], "Ask for at most 20,000."),
    (["--known-at", "2199-01-01"], "'2199-01-01' lies ahead"),
    (["--known-at", "9999-12-31"], "Ask for days between 1900-01-01 and 2200-01-01."),
    (["--known-at", "0001-01-01T00:00+14:00"], "Ask for days between 1900-01-01 and"),
    (["--known-at", "last week"], "'last week' is no moment. Write a day (2017-03-31) or a time"),
    (["--known-at", "2017-02-30"], "'2017-02-30' is no moment."),
    (["--known-at", ""], "'' is no moment."),
    (["--where", "regin = 'N'"], "There is no column called 'regin'. Did you mean 'region'?"),
    (["--where", "region = 'N"], "does not end; close it with a single quote. (at character 10)"),
    (["--where", "region == 'N'"], "Write '=' to compare. (at character 8)"),
    (["--where", "region"], "Here true or false is wanted"),
    (["--where", "region = 1"], "they cannot be compared"),
    (["--where", "amount > 1"], "There is no column called 'amount'."),
    (["--where", "1) or 1=1"], "(at character"),
    (["--where", "region = 'N'; drop table x--"], "(at character"),
    (["--where", "(" * 5000 + "1" + ")" * 5000], "(at character"),
    (["--where", "region like '%N'"], "(at character"),
    (["--where", "region = (select 1)"], "(at character"),
    (["--team", "nort"], "There is no team with the id 'nort'. Did you mean 'north'?"),
    (["--team", "SOUTH"], "There is no team with the id 'SOUTH'. It is the name of 'south'."),
    (["--team", "north", "--team", "zzz"], "no team with the id 'zzz'. Choose from ne, north,"),
    (["--owner", "anne"], "There is no owner with the id 'anne'. Did you mean 'ann'?"),
    (["--owner", "gon"], "There is no owner with the id 'gon'. Did you mean 'gone'?"),
    (["--owner", ""], "There is no owner with the id ''."),
    (["--owner", "ann", "--team", "north"], "Name teams or owners to look at, not both."),
    (["--engine", "sparc"], "'sparc' is not one of 'duckdb', 'spark'"),
    (["--format", "xml"], "'xml' is not one of 'table', 'json', 'csv'"),
    (["--limit", "3"], "No such option '--limit'"),
    (["win_rate"], "Got unexpected extra argument"),
]


@pytest.mark.parametrize(("typed", "why"), _WORDS, ids=[" ".join(w)[:40] for w, _ in _WORDS])
def test_what_cannot_be_asked_is_said_in_a_sentence(desk, company, typed, why):
    asked = [] if "--kpi" in typed else ["--kpi", "win_rate"]
    shape = [] if "--format" in typed else ["--format", "json"]
    said = desk("kpi", "values", "--tenant", company, *asked, *typed, *shape)
    assert (said.status, said.out) == (2, "")
    assert why in said.err
    assert said.err.count("\n") == 1
    assert len(said.err) < 600


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (["values", "--kpi", "win_rate"], "Missing option '--tenant'."),
        (["values", "--tenant", "acme"], "Missing option '--kpi'."),
        (["values", "--tenant", "no-one", "--kpi", "win_rate"], "no tenant called 'no-one'"),
        (["values", "--tenant", "No One", "--kpi", "win_rate"], "'No One' can't be a tenant's key"),
        (["values", "--tenant", "../x", "--kpi", "win_rate"], "'../x' can't be a tenant's key"),
        (["sql", "--tenant", "no-one", "--kpi", "win_rate"], "no tenant called 'no-one'"),
        (["sql", "--tenant", "no-one"], "Missing option '--kpi'."),
        (["history", "--tenant", "no-one", "--kpi", "win_rate"], "no tenant called 'no-one'"),
        (["list", "--tenant", "no-one"], "no tenant called 'no-one'"),
        (["show", "win_rat"], "There is no KPI called 'win_rat'. Did you mean 'win_rate'?"),
        (["show"], "Missing argument 'KEY'."),
        (["valus"], "No such command 'valus'"),
    ],
)
def test_every_command_on_kpis_says_what_it_lacks(desk, typed, why):
    said = desk("kpi", *typed)
    assert (said.status, said.out, why in said.err) == (2, "", True)
    assert said.err.count("\n") == 1


def test_a_question_to_no_cluster_says_so(desk, company, monkeypatch):
    monkeypatch.setenv("PORTAL_SPARK_MASTER", "spark://127.0.0.1:1")
    said = desk("kpi", "values", "--tenant", company, "--kpi", "win_rate", "--engine", "spark")
    assert (said.status, said.out) == (2, "")
    assert "Spark" in said.err
    assert said.err.count("\n") == 1
