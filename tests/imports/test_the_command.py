"""`portal import`: exit 0 when it landed, 2 with one clear sentence when it could not."""

import json
import re

import pytest

from tests.connectors.test_bad_source_files import BAD
from tests.imports.bad_files import REFUSED, REJECTED
from tests.imports.sources import DEALS, PEOPLE, deals

_PEOPLE = (
    "source: crm\ntables:\n  - file: {file}\n    entity: user\n{more}"
    "    fields: {{id: id, name: name, active: active}}\n"
)


@pytest.fixture
def files(portal, tmp_path):
    """A folder with sound files, imported once into the tenant `acme`."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "source.yaml").write_text(DEALS)
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "deals.csv").write_text(deals())
    assert portal("tenant", "create", "acme", "--name", "Acme").status == 0
    said = portal("import", "--tenant", "acme", folder / "source.yaml", "--format", "json")
    assert said.status == 0
    assert json.loads(said.out)["version"] == 1
    return folder


def _loads(portal):
    return json.loads(portal("store", "loads", "--tenant", "acme", "--format", "json").out)


def test_the_report_is_one_json_document_with_every_part(portal, files):
    (files / "deals.csv").write_text(deals(_2="2,zed,Stalled,100,2024-01-02", _3="3,ann,Won,x,"))
    said = portal("import", "--tenant", "acme", files / "source.yaml", "--format", "json")
    report = json.loads(said.out)
    assert said.status == 0
    assert said.err == ""
    assert report["rows_read"] == 5
    assert (report["inserted"], report["changed"], report["unchanged"]) == (0, 1, 3)
    assert report["rejected"] == [
        {
            "file": "deals.csv",
            "line": 4,
            "column": "amount",
            "value": "x",
            "reason": "it is no number below 10^14 in this column's style",
        }
    ]
    assert report["unmapped_stages"] == [{"stage": "Stalled", "count": 1}]
    assert report["unknown_references"][0]["examples"] == ["zed"]
    assert report["version"] == 2
    assert report["tables"][1]["file"] == "deals.csv"


def test_the_table_names_what_a_person_needs(portal, files):
    (files / "deals.csv").write_text(deals(_2="2,zed,Stalled,100,2024-01-02", _3="3,ann,Won,x,"))
    said = portal("import", "--tenant", "acme", files / "source.yaml")
    assert said.status == 0
    for part in ("Landed as version 2", "opportunity", "deals.csv, line 4", "Stalled (1)", "zed"):
        assert part in said.out
    again = portal("import", "--tenant", "acme", files / "source.yaml")
    assert "Nothing changed: version 2" in again.out
    dry = portal("import", "--tenant", "acme", files / "source.yaml", "--dry-run")
    assert "A dry run" in dry.out


def test_data_may_lie_elsewhere(portal, files, tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "people.csv").write_text(PEOPLE + "eve,Eve\n")
    (other / "deals.csv").write_text(deals())
    said = portal(
        "import", "--tenant", "acme", files / "source.yaml", "--data", other, "--format", "json"
    )
    assert json.loads(said.out)["inserted"] == 1


def test_every_bad_source_file_is_refused_with_a_sentence_and_nothing_changes(portal, files):
    for kind, (text, sentence) in BAD.items():
        path = files / "source.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        said = portal("import", "--tenant", "acme", path, "--format", "json")
        assert said.status == 2, kind
        assert said.out == "", kind
        assert re.search(sentence, said.err), (kind, said.err)
        assert "Traceback" not in said.err
    assert len(_loads(portal)) == 1


def test_every_bad_file_is_refused_with_one_sentence_and_nothing_changes(portal, files):
    source = files / "people.yaml"
    for kind, (name, make, sentence) in REFUSED.items():
        folder = files / kind.replace(" ", "_")
        folder.mkdir()
        make(folder / name)
        more = "    format: {sheet: Data}\n" if name.endswith("xlsx") else ""
        source.write_text(_PEOPLE.format(file=name, more=more))
        said = portal("import", "--tenant", "acme", source, "--data", folder)
        assert said.status == 2, (kind, said)
        assert re.search(sentence, said.err), (kind, said.err)
        assert len({line.partition(":")[0] for line in said.err.splitlines()}) <= 3, said.err
        assert "Traceback" not in said.err
    assert all(load["state"] != "landed" for load in _loads(portal)[:-1])


@pytest.mark.parametrize("kind", list(REJECTED))
def test_bad_rows_are_rejected_and_counted_and_the_others_land(portal, files, kind):
    raw, people, rejected = REJECTED[kind]
    (files / "a.csv").write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    source = files / "people.yaml"
    source.write_text(_PEOPLE.format(file="a.csv", more="").replace("crm", "hr"))
    said = portal("import", "--tenant", "acme", source, "--format", "json")
    report = json.loads(said.out)
    assert said.status == 0
    assert (report["inserted"], report["rejected_rows"]) == (people, rejected)


@pytest.mark.parametrize(
    "name", ["../../x.csv", "..\\x.csv", "a/../../x.csv", "/etc/passwd.csv", "x" * 300 + ".csv"]
)
def test_a_file_name_leads_nowhere_else(portal, files, name):
    source = files / "people.yaml"
    source.write_text(_PEOPLE.format(file=json.dumps(name), more=""))
    said = portal("import", "--tenant", "acme", source)
    assert said.status == 2
    assert "Traceback" not in said.err


def test_commands_that_cannot_be_meant_are_refused(portal, files):
    source = files / "source.yaml"
    for arguments in (
        ("import", source),
        ("import", "--tenant", "acme"),
        ("import", "--tenant", "nobody", source),
        ("import", "--tenant", "../x", source),
        ("import", "--tenant", "acme", files / "none.yaml"),
        ("import", "--tenant", "acme", files),
        ("import", "--tenant", "acme", source, "--as-of", "tomorrow"),
        ("import", "--tenant", "acme", source, "--as-of", "2001-01-01"),
        ("import", "--tenant", "acme", source, "--data", files / "none"),
        ("import", "--tenant", "acme", source, "--format", "xml"),
        ("import", "--tenant", "acme", source, "--rejected", files),
    ):
        said = portal(*arguments)
        assert said.status == 2, arguments
        assert said.err.count("\n") <= 4, said.err
        assert "Traceback" not in said.err


def test_amounts_in_another_currency_are_named(portal, files):
    said = portal("import", "--tenant", "acme", files / "source.yaml")
    assert "counted as if they were in it: EUR (3). Convert them before the import." in said.out
