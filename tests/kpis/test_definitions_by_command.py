"""Definitions are listed, shown, checked and applied: all of a file or none of it, and once."""

import json

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from portal.models.definitions import DefinitionState, KpiDefinition
from tests.conftest import NOW
from tests.kpis.desk import Said, a_deal

MINE = """
- key: {key}
  name: {name}
  question: How much?
  class: outcome
  stage: sales
  department: sales
  unit: money
  better: higher
  measure: {{sum: opportunity.amount, where: "{where}", on: closed_at}}
"""
YEAR = ("--grain", "year", "--from", "2017-01-01", "--to", "2018-01-01")


def mine(key="big_deals", name="Big deals", where="amount >= 100"):
    """Return the text of one definition."""
    return MINE.format(key=key, name=name, where=where)


def applied(desk, tenant, text):
    """Apply a text and return what became of it: key, version and whether it changed."""
    rows = desk.json("kpi", "apply", desk.own(text), "--tenant", tenant)
    assert all(list(row) == ["kpi", "version", "definition", "changed"] for row in rows)
    return [(row["kpi"], row["version"], row["changed"]) for row in rows]


def test_every_kpi_that_ships_is_listed_and_shown(desk):
    rows = desk.json("kpi", "list")
    assert [row["key"] for row in rows] == list(shipped_catalogue())
    table = desk("kpi", "list").out.splitlines()
    assert len(table) == 1 + len(rows)
    assert table[0].split() == ["key", "name", "stage", "class", "unit", "cadence"]
    shown = desk.json("kpi", "show", "win_rate")
    assert shown == next(row for row in rows if row["key"] == "win_rate")
    assert shown["formula"] == (
        "(number of opportunities where status = 'won', by closed_at)"
        " / (number of opportunities where status in ('won', 'lost'), by closed_at)"
    )
    card = desk("kpi", "show", "win_rate").out
    assert all(line.split("  ")[0] in shown for line in card.splitlines())


def test_a_ratio_that_reads_as_a_multiple_is_told_as_a_ratio(desk):
    coverage = desk.json("kpi", "show", "pipeline_coverage")
    assert coverage["unit"] == "ratio"
    listed = {row["key"]: row["unit"] for row in desk.json("kpi", "list")}
    assert listed["pipeline_coverage"] == listed["pipeline_coverage_remaining"] == "ratio"
    row = next(
        line for line in desk("kpi", "list").out.splitlines() if "Weighted pipeline cov" in line
    )
    assert " ratio " in row


def test_a_definition_of_ones_own_is_asked_for_like_any_other(desk):
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=10), a_deal("b", amount=100)]})
    assert applied(desk, tenant, mine()) == [("big_deals", 1, True)]
    (row,) = desk.values(tenant, "--kpi", "big_deals", *YEAR)
    assert row["value"] == 100
    assert (
        row["definition"] == desk.json("kpi", "show", "big_deals", "--tenant", tenant)["definition"]
    )
    assert desk.json("kpi", "list", "--tenant", tenant)[-1]["key"] == "big_deals"
    assert "There is no KPI" in desk("kpi", "show", "big_deals").err


def test_the_same_again_makes_no_version_however_it_is_laid_out(desk):
    tenant = desk.tenant()
    assert applied(desk, tenant, mine()) == [("big_deals", 1, True)]
    assert applied(desk, tenant, mine()) == [("big_deals", 1, False)]
    laid_out = "# Ours.\n" + mine().replace("{sum:", "{ sum:  ").replace(
        "  class", "  # x\n  class"
    )
    assert applied(desk, tenant, laid_out) == [("big_deals", 1, False)]
    one_alone = "\n".join(line[2:] for line in mine().splitlines())
    assert applied(desk, tenant, one_alone) == [("big_deals", 1, False)]


def test_another_text_is_the_next_version_and_another_measure_another_fingerprint(desk):
    tenant = desk.tenant()
    desk.json("kpi", "apply", desk.own(mine()), "--tenant", tenant)
    (named,) = desk.json("kpi", "apply", desk.own(mine(name="Large")), "--tenant", tenant)
    (meant,) = desk.json("kpi", "apply", desk.own(mine(where="amount > 1")), "--tenant", tenant)
    first = desk.json("kpi", "apply", desk.own(mine()), "--tenant", tenant)[0]
    assert [named["version"], meant["version"], first["version"]] == [2, 3, 4]
    assert named["definition"] == first["definition"] != meant["definition"]


def test_one_that_ships_can_be_replaced_and_what_is_built_on_it_follows(desk):
    tenant = desk.tenant()
    desk.bring(tenant, {"opportunity": [a_deal("a", amount=10), a_deal("b", amount=100)]})
    own = mine("won_revenue", "Won revenue", "status = 'won' and amount < 100")
    built = (
        mine("half", "Half").split("  measure")[0]
        + '  measure: {formula: "w / 2", of: {w: won_revenue}}\n'
    )
    before = desk.json("kpi", "show", "won_revenue", "--tenant", tenant)["definition"]
    assert applied(desk, tenant, own + built) == [("won_revenue", 1, True), ("half", 1, True)]
    rows = desk.values(tenant, "--kpi", "won_revenue", "--kpi", "half", *YEAR)
    assert [row["value"] for row in rows] == [10, 5]
    assert rows[0]["definition"] != before


def test_own_definitions_may_build_on_each_other_in_any_order(desk):
    tenant = desk.tenant()
    head = mine("a_half", "Half").split("  measure")[0]
    built = head + '  measure: {formula: "z / 2", of: {z: z_total}}\n'
    assert [row[0] for row in applied(desk, tenant, built + mine("z_total"))] == [
        "a_half",
        "z_total",
    ]
    assert desk.values(tenant, "--kpi", "a_half", *YEAR)[0]["kpi"] == "a_half"


_OFF = {
    "unknown column": (mine(where="amuont > 1"), "Did you mean 'amount'?"),
    "unknown field": (mine() + "  clas: x\n", "clas"),
    "sql": (mine(where="1) or 1=1"), "character"),
    "no list": ("hello", "A definition is a mapping that begins with 'key'."),
    "empty": ("", "The file defines nothing"),
    "broken yaml": ("- key: [a", "cannot be read as YAML"),
    "tag": ("- !!python/object/apply:os.system [id]", "YAML tags (!) are not used here."),
    "itself": (
        mine().split("  measure")[0] + '  measure: {formula: "b", of: {b: big_deals}}\n',
        "big_deals",
    ),
    "missing part": (
        mine().split("  measure")[0] + '  measure: {formula: "b", of: {b: won_revnue}}\n',
        "Did you mean 'won_revenue'?",
    ),
    "hostile key": (mine(key="../../etc"), "A key is 2 to 64 of a-z, 0-9 and _"),
}


@pytest.mark.parametrize(("text", "why"), list(_OFF.values()), ids=list(_OFF))
def test_a_file_that_cannot_be_used_is_told_and_changes_nothing(desk, text, why):
    tenant = desk.tenant()
    applied(desk, tenant, mine("kept", "Kept"))
    before = desk.json("kpi", "list", "--tenant", tenant)
    file = desk.own(mine("sound", "Sound") + text if text.startswith("\n") else text)
    for command in (["lint"], ["apply"]):
        said = desk("kpi", *command, file, "--tenant", tenant)
        assert (said.status, said.out, why in said.err) == (2, "", True)
        assert all(line.startswith(file.name) for line in said.err.splitlines())
    assert desk.json("kpi", "list", "--tenant", tenant) == before


@pytest.mark.parametrize("key", ["data", "drafts", "new", "proposals"])
def test_the_address_of_a_page_is_no_key_of_a_kpi(desk, key):
    tenant = desk.tenant()
    file = desk.own(mine(key))
    for command in (["lint"], ["apply"]):
        said = desk("kpi", *command, file, "--tenant", tenant)
        where = f"{file.name}, line 2: {key}: key"
        told = f"{where}: '{key}' is the address of a page. Choose another key."
        assert (said.status, said.out, said.err.strip()) == (2, "", told)


def test_a_kpi_that_had_such_a_key_before_stops_nothing_else(desk, database):
    tenant = desk.tenant()
    with database.session(tenant) as session:
        session.add(
            KpiDefinition(
                key="data",
                version=1,
                yaml=mine("data", "Of old"),
                fingerprint="0" * 12,
                state=DefinitionState.PUBLISHED,
                created_at=NOW,
            )
        )
    assert applied(desk, tenant, mine()) == [("big_deals", 1, True)]
    assert {"data", "big_deals"} <= {
        row["key"] for row in desk.json("kpi", "list", "--tenant", tenant)
    }


def test_every_issue_has_a_line_of_its_own(desk):
    text = mine("one", where="amuont > 1") + mine("two", where="stag = 'x'")
    file = desk.own(text)
    said = desk("kpi", "lint", file)
    assert [line.split(": ")[:2] for line in said.err.splitlines()] == [
        [f"{file.name}, line 10", "one"],
        [f"{file.name}, line 20", "two"],
    ]
    told = desk("kpi", "lint", file, "--format", "json")
    assert told.status == 2
    assert [(one["line"], one["kpi"], one["severity"]) for one in json.loads(told.out)] == [
        (10, "one", "error"),
        (20, "two", "error"),
    ]


def test_a_sound_file_has_nothing_wrong(desk):
    file = desk.own(mine())
    assert desk("kpi", "lint", file) == Said(0, "Nothing is wrong.\n", "")
    assert desk.json("kpi", "lint", file) == []


@pytest.mark.parametrize("command", [["lint"], ["apply", "--tenant", "acme"]])
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(desk, tmp_path, command):
    (tmp_path / "latin.yaml").write_bytes(b"- key: \xe9\n")
    (tmp_path / "large.yaml").write_text("#" * 1_000_001)
    for name, why in (
        ("nowhere.yaml", "can't be read: No such file or directory."),
        (".", "can't be read: Is a directory."),
        ("latin.yaml", "latin.yaml is not text in UTF-8. Save it as UTF-8."),
        ("large.yaml", "large.yaml is larger than 1 MB. Split it into several files."),
    ):
        said = desk("kpi", *command, tmp_path / name)
        assert (said.status, said.out, why in said.err) == (2, "", True)
        assert said.err.count("\n") == 1


def test_a_setting_that_a_definition_names_is_followed(desk):
    tenant = desk.tenant()
    head = mine().split("  measure")[0].replace("money", "ratio")
    cohort = "cohort: lead, on: created_at, reaches: qualified_at"
    own = head + f"  measure: {{{cohort}, within: setting.qualification_window}}\n"
    applied(desk, tenant, own)
    before = desk.json("kpi", "show", "big_deals", "--tenant", tenant)
    assert desk("tenant", "set", tenant, "qualification_window", "45d").status == 0
    after = desk.json("kpi", "show", "big_deals", "--tenant", tenant)
    assert ("30 days" in before["formula"], "45 days" in after["formula"]) == (True, True)
    assert before["definition"] != after["definition"]
    assert applied(desk, tenant, own) == [("big_deals", 1, False)]


def test_a_definition_that_is_broken_is_never_left_out_in_silence_and_can_be_mended(desk, database):
    tenant = desk.tenant()
    applied(desk, tenant, mine() + mine("other"))
    with database.session(tenant) as session:
        # As a later release may find it: a column that it no longer has.
        session.add(
            KpiDefinition(
                key="big_deals",
                version=2,
                yaml=mine(where="colour = 'red'"),
                fingerprint="0" * 12,
                state=DefinitionState.PUBLISHED,
                created_at=NOW,
            )
        )
    said = desk("kpi", "values", "--tenant", tenant, "--kpi", "other")
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("this tenant's own definitions: big_deals: measure.where: There is")
    assert applied(desk, tenant, mine()) == [("big_deals", 3, True)]
    assert desk("kpi", "values", "--tenant", tenant, "--kpi", "other").status == 0
