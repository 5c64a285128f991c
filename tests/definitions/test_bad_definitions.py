"""A definition that cannot be used is told all its reasons at once, each with line and place."""

from pathlib import Path

import pytest

from kpi_engine.definitions.catalogue import read_own
from kpi_engine.definitions.problems import DefinitionsError, Severity
from kpi_engine.definitions.settings import Settings
from kpi_engine.definitions.yaml_file import read_definitions
from tests.definitions.samples import base_catalogue, definition, issues_of


def table():
    """Return the name, the fields and the issues of each refused definition."""
    text = Path(__file__).with_name("refused_definitions.txt").read_text("utf-8")
    for block in text.split("\n\n")[1:]:
        name, *lines = block.splitlines()
        issues = [f"f.yaml, {line[3:]}" for line in lines if line.startswith("=> ")]
        fields = dict(line.split(": ", 1) for line in lines if not line.startswith("=> "))
        yield pytest.param(fields, issues, id=name.removeprefix("# "))


@pytest.mark.parametrize(("fields", "issues"), list(table()))
def test_each_reason_is_one_sentence_at_its_place(fields, issues):
    assert issues_of(definition(fields)) == issues


def ring(*keys):
    """Return definitions of which each uses the next, and the last the first."""
    after = (*keys[1:], keys[0])
    return "".join(
        definition(key=key, unit="ratio", measure=f"{{formula: x, of: {{x: {other}}}}}")
        for key, other in zip(keys, after, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "issues"),
    [
        ("", ["f.yaml, line 1: The file defines nothing; it is a list of definitions."]),
        ("# nothing", ["f.yaml, line 1: The file defines nothing; it is a list of definitions."]),
        ("hello", ["f.yaml, line 1: A definition is a mapping that begins with 'key'."]),
        ("null", ["f.yaml, line 1: A definition is a mapping that begins with 'key'."]),
        (
            "- key: [a",
            ["f.yaml, line 2: The file cannot be read as YAML: did not find expected ',' or ']'."],
        ),
        (
            "-\tkey: a\n\tname: b",
            [
                (
                    "f.yaml, line 1: The file cannot be read as YAML:"
                    " a tab or a sign such as @ stands where a word begins."
                )
            ],
        ),
        (
            "- key: &a x\n  name: *a",
            ["f.yaml, line 1: YAML anchors and aliases (& and *) are not used here; write it out."],
        ),
        (
            "- !!python/object/apply:os.system [id]",
            ["f.yaml, line 1: YAML tags (!) are not used here."],
        ),
        ("[" * 30, ["f.yaml, line 1: The file nests deeper than 20 levels."]),
        ("# " + "x" * 1_000_000, ["f.yaml, line 1: The file is larger than 1 MB."]),
        ("key: \x00", ["f.yaml, line 1: The file holds a character that YAML does not allow."]),
        ("key: \ud800", ["f.yaml, line 1: The file holds characters that are not Unicode text."]),
        ("? [a]\n: b", ["f.yaml, line 1: A key of a mapping is a word."]),
        ("1: b", ["f.yaml, line 1: A key of a mapping is a word."]),
        (
            definition() + "---\n" + definition(),
            ["f.yaml, line 10: A file is one YAML document; take out the '---'."],
        ),
        (
            definition() + "  name: Again",
            ["f.yaml, line 10: mine: 'name' is here twice; see line 2."],
        ),
        (
            definition() + definition(name="Again"),
            ["f.yaml, line 10: mine: key: 'mine' is defined twice; see line 1."],
        ),
        (
            "- key: k\n" * 1_001,
            ["f.yaml, line 1: The file defines 1,001 KPIs; 1,000 is the most."],
        ),
        (
            ring("one", "two", "three"),
            [
                "f.yaml, line 9: one: measure: It depends on itself: one → two → three → one.",
            ],
        ),
        (
            ring("one") + ring("two"),
            [
                "f.yaml, line 9: one: measure: It depends on itself: one → one.",
                "f.yaml, line 18: two: measure: It depends on itself: two → two.",
            ],
        ),
        (
            definition(
                measure="\n    count: opportunity\n    where: |\n      status = 'won'\n"
                "      and stauts = 'x'"
            ),
            [
                (
                    "f.yaml, line 13: mine: measure.where: There is no column called 'stauts'."
                    " Did you mean 'status'? (at line 2, character 5)"
                )
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_whole_file_is_told(text, issues):
    assert issues_of(text) == issues


def test_every_issue_of_a_file_is_told_at_once_and_the_good_ones_are_read():
    text = (
        definition(key="one", unit="euros", measure="{count: oportunity, where: x}")
        + definition(key="two")
        + definition(key="three", measure="{ratio: {over: won_deal, under: two}}", unit="ratio")
        + definition(key="four", measure='{sum: opportunity.amnt, where: "stge = 1", on: 3}')
        + definition(key="five", measure="{formula: a + one, of: {a: one, one: two}}")
    )
    kpis, issues = read_definitions(text, Settings(), file="mine.yaml")
    assert [kpi.key for kpi in kpis] == ["two", "three", "five"]
    assert [(issue.line, issue.key, issue.place) for issue in issues] == [
        (7, "one", "unit"),
        (9, "one", "measure.count"),
        (36, "four", "measure.sum"),
        (36, "four", "measure.where"),
        (36, "four", "measure.on"),
    ]
    told = read_own(text, base_catalogue(), file="mine.yaml")[2]
    # What cannot be read is not told as missing where it is used.
    assert [(each.line, each.key) for each in told if each not in issues] == [(27, "three")]


def test_a_change_that_breaks_another_definition_is_told_there():
    own = definition(key="deals_twice", measure="{formula: 2 * a, of: {a: won_deals}}")
    share = "{ratio: {over: won_deals, under: deals_twice}}"
    own += definition(key="a_share", unit="ratio", measure=share)
    catalogue, _, issues = read_own(own, base_catalogue())
    assert issues == ()
    days = "{duration: opportunity, to: closed_at}"
    changed = definition(key="deals_twice", unit="days", measure=days)
    _, _, issues = read_own(changed, catalogue)
    assert [str(issue) for issue in issues] == [
        (
            "the catalogue: a_share: measure.ratio: Its unit is ratio, but 'over' is count and"
            " 'under' is days; a share is of like things."
        )
    ]


def test_a_tower_of_definitions_is_refused():
    storeys = [definition(key="k0")]
    storeys += [
        definition(key=f"k{n}", measure=f"{{formula: a + b, of: {{a: k{n - 1}, b: k{n - 1}}}}}")
        for n in range(1, 60)
    ]
    issues = issues_of("".join(storeys))
    assert issues[0].endswith("k8: measure: It stands on more than 500 measures.")
    assert any("It stands on KPIs on KPIs, more than 20 deep." in issue for issue in issues)


def test_a_window_through_a_window_is_seen_through_other_definitions():
    text = (
        definition(key="rolled", measure="{rolling: won_deals, over: 3 months}")
        + definition(key="between", measure="{formula: a, of: {a: rolled}}")
        + definition(measure="{to_date: between, in: year}")
    )
    assert issues_of(text) == [
        "f.yaml, line 27: mine: measure: A window cannot look through another window; take one out."
    ]


def test_a_key_that_would_steer_a_terminal_is_shown_harmless():
    [issue] = issues_of(definition(key='"\\e[31m\\nline"'))
    assert issue.isprintable()
    [unknown] = issues_of(definition({'"\\e[2J' + "x" * 500 + '"': "1"}))
    assert unknown.isprintable()
    assert len(unknown) < 500


def test_the_error_lists_every_issue_on_a_line_of_its_own():
    _, issues = read_definitions(definition(unit="euros", better="up"), Settings(), file="f.yaml")
    error = DefinitionsError(issues)
    assert error.issues == tuple(issues)
    assert {issue.severity for issue in issues} == {Severity.ERROR}
    assert str(error) == (
        "f.yaml, line 7: mine: unit: 'unit' cannot be 'euros'. Did you mean 'hours'?\n"
        "f.yaml, line 8: mine: better: 'better' cannot be 'up'. There are higher, lower or range."
    )
