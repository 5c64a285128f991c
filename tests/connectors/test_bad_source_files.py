"""A source file that cannot be used says everything that is wrong, each with its place."""

import re

import pytest

from portal.connectors.source_file import read_source
from portal.connectors.yaml_nodes import BadSourceError
from tests.connectors.bench import a_source, read, write

_TABLE = "  - {file: a.csv, entity: user, fields: {id: a, name: b}}\n"


def _problems(folder, text: str | bytes) -> tuple[str, ...]:
    path = folder / "source.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadSourceError) as told:
        read_source(path)
    return told.value.problems


def _fields(form: str, *, name: str = "x", entity: str = "user", more: str = "") -> str:
    fields = f"{{id: a, name: b, {name}: {form}}}"
    return f"source: s\ntables:\n  - {{file: a.csv, entity: {entity}, fields: {fields}{more}}}\n"


def _table(more: str) -> str:
    fields = "{id: a, name: b}"
    return f"source: s\ntables:\n  - {{file: a.csv, entity: user, fields: {fields}, {more}}}\n"


_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)
)
_DEEP = "source: " + "[" * 50_000

BAD = {
    "empty": ("", "source.yaml is empty"),
    "no mapping": ("- a\n- b\n", "A source file should be a mapping"),
    "no YAML": ("source: [a\ntables: ]: }", "this is not YAML"),
    "no UTF-8": ("source: Zoë".encode("cp1252"), "save the source file as UTF-8"),
    "binary": (b"\x00\x01\x02", "character that YAML does not allow"),
    "too large": ("# " + "x" * 1_100_000, "over 1 MB"),
    "too deep": (_DEEP, "goes deeper than a source file may"),
    "aliases that multiply": (_LAUGHS, "aliases repeat too much"),
    "an anchor that holds itself": ("source: &a [*a]\n", "an anchor holds itself|not YAML"),
    "a tag": ("source: !!python/object/apply:os.system [id]\ntables: []\n", "should be text"),
    "nothing asked": ("source: s\n", "lacks `tables`"),
    "no name": (f"tables:\n{_TABLE}", "lacks `source`"),
    "no tables": ("source: s\ntables: []\n", "`tables` is empty"),
    "tables that are none": ("source: s\ntables: {a: b}\n", "`tables` should be a list"),
    "a misspelt key": (f"source: s\ntimzone: UTC\ntables:\n{_TABLE}", "Did you mean 'timezone'"),
    "a key twice": (f"source: s\nsource: t\ntables:\n{_TABLE}", "'source' stands twice"),
    "an unknown zone": (f"source: s\ntimezone: Europe/Rom\ntables:\n{_TABLE}", "Europe/Rome"),
    "a zone that is a path": (f"source: s\ntimezone: ../etc\ntables:\n{_TABLE}", "no time zone"),
    "a currency in words": (f"source: s\ncurrency: euro\ntables:\n{_TABLE}", "three capital"),
    "a name without end": (f"source: {'s' * 200}\ntables:\n{_TABLE}", "at most 100"),
    "a stage without status": (
        f"source: s\nstages: {{A: {{order: 1}}}}\ntables:\n{_TABLE}",
        "lacks `status`",
    ),
    "a stage with an odd status": (
        f"source: s\nstages: {{A: {{status: wonn}}}}\ntables:\n{_TABLE}",
        "Did you mean 'won'",
    ),
    "a probability above one": (
        f"source: s\nstages: {{A: {{status: open, probability: 40}}}}\ntables:\n{_TABLE}",
        "from 0 to 1",
    ),
    "an order that is no number": (
        f"source: s\nstages: {{A: {{status: open, order: first}}}}\ntables:\n{_TABLE}",
        "should be a number",
    ),
    "an infinite probability": (
        f"source: s\nstages: {{A: {{status: open, probability: .inf}}}}\ntables:\n{_TABLE}",
        "should be a number",
    ),
    "stages as a list": (
        f"source: s\nstages: [A, B]\ntables:\n{_TABLE}",
        "`stages` should be a mapping",
    ),
    "an unknown entity": (_table("where: x").replace("user", "usr"), "Did you mean 'user'"),
    "a table without fields": (
        "source: s\ntables:\n  - {file: a.csv, entity: user}\n",
        "lacks `fields`",
    ),
    "a file above the folder": (
        _table("per: a").replace("a.csv", "../a.csv"),
        "inside the data folder",
    ),
    "a file from the root": (
        _table("per: a").replace("a.csv", "/etc/passwd.csv"),
        "inside the data folder",
    ),
    "a file of another system": (
        _table("per: a").replace("a.csv", "'C:\\a.csv'"),
        "inside the data folder",
    ),
    "a file with a NUL": (
        _table("per: a").replace("a.csv", '"a\\0.csv"'),
        "should end in|not YAML",
    ),
    "a file of an unknown kind": (
        _table("per: a").replace("a.csv", "a.pdf"),
        "should end in one of",
    ),
    "a required column missing": (
        _table("per: a").replace("name: b", "nane: b"),
        "needs 'name'.*Is that 'nane'",
    ),
    "an id missing": (
        "source: s\ntables:\n  - {file: a.csv, entity: user, fields: {name: b}}\n",
        "needs 'id'",
    ),
    "neither of two columns": (
        "source: s\ntables:\n  - file: a.csv\n    entity: quota\n"
        "    fields: {id: a, period_start_on: b, period_grain: c, amount: d}\n",
        "needs 'owner_id' or 'team_id'",
    ),
    "a column twice": (_fields("c", name="id"), "'id' stands twice"),
    "a column that we fill": (_fields("c", name="source"), "filled by the import"),
    "an attribute with an odd name": (_fields("c", name="'a b'"), "letters, digits"),
    "a form without a head": (_fields("{null: [x]}"), "exactly one of"),
    "a form with two heads": (_fields("{column: a, value: b}"), "exactly one of"),
    "a form with a misspelt part": (
        _fields("{column: a, replce: {x: y}}"),
        "Did you mean 'replace'",
    ),
    "replace and map together": (
        _fields("{column: a, replace: {x: y}, map: {x: y}}"),
        "both `replace` and `map`",
    ),
    "a map of lists": (_fields("{column: a, map: {x: [1]}}"), "plain words"),
    "a list for a form": (_fields("[a, b]"), "column's name or one of its forms"),
    "a choice that is none": (
        _fields("{value: calls}", name="kind", entity="activity", more=""),
        "Did you mean 'call'",
    ),
    "a map to a choice that is none": (
        _fields("{column: a, map: {x: cal}}", name="kind", entity="activity"),
        "Did you mean 'call'",
    ),
    "min without per": (_fields("{min: a}"), "need `per`"),
    "per with another id": (_table("per: c"), "`id` should be 'c'"),
    "explode without columns": (_table("explode: {to: name}"), "lacks `columns`"),
    "explode to an unknown column": (_table("explode: {to: kin, columns: {a: b}}"), "names 'kin'"),
    "explode to one word twice": (
        _table("explode: {to: role, columns: {a: x, b: x}}"),
        "the same word",
    ),
    "explode over a field": (
        _table("explode: {to: name, columns: {a: x}}"),
        "comes from `explode`",
    ),
    "per and explode": (_table("per: a, explode: {to: role, columns: {c: x}}"), "not both"),
    "an unknown encoding": (_table("format: {encoding: utf9}"), "is 'utf9', which is not known"),
    "a delimiter of two signs": (_table("format: {delimiter: ab}"), "should be one sign"),
    "a decimal sign that is none": (_table("format: {decimal: ';'}"), 'should be "."'),
    "one sign for both": (
        _table("format: {decimal: '.', thousands: '.'}"),
        "should not be the same",
    ),
    "a date form without a year": (_table("format: {dates: '%d/%m'}"), "a year, a month and a day"),
    "a date form with an odd part": (_table("format: {dates: '%Y-%m-%Q'}"), "'%Q'"),
    "an unknown part of the format": (
        _table("format: {delimeter: ','}"),
        "Did you mean 'delimiter'",
    ),
}


@pytest.mark.parametrize("kind", list(BAD))
def test_a_bad_source_file_says_what_is_wrong_and_where(tmp_path, kind):
    text, sentence = BAD[kind]
    problems = _problems(tmp_path, text)
    assert any(re.search(sentence, problem) for problem in problems), problems
    for problem in problems:
        assert problem.startswith("source.yaml")
        assert "\n" not in problem


def test_all_problems_come_at_once_from_the_top_down(tmp_path):
    text = (
        "sorce: x\ncurrency: usd\nstages: {A: {status: wun}}\ntables:\n"
        "  - file: a.csv\n    entity: oportunity\n    fields: {id: x, id: y}\n"
        "  - {file: b.csv, entity: quota, fields: [1], format: {encoding: utf9}}\n"
    )
    problems = _problems(tmp_path, text)
    lines = [int(re.search(r"line (\d+)", problem)[1]) for problem in problems]
    assert lines == sorted(lines)
    assert len(problems) == 13


_BOUND = {
    "a column that is not there": ({"name": "nme"}, "", "no column 'nme'. Did you mean 'name'"),
    "a column that is there twice": ({"name": "twin"}, "", "2 columns called 'twin'"),
    "an unknown column in where": ({}, 'where: "nme = 1"', "'nme'.*Did you mean 'name'"),
    "a where that is no condition": ({}, 'where: "lower(name)"', "true or false"),
    "a where that is no expression": ({}, 'where: "name ="', "line 6"),
    "a where that calls the system": ({}, "where: \"system('id') = 1\"", "no function called"),
    "an expression of another type": ({"created_at": '{expr: "lower(name)"}'}, "", "wanted"),
    "a where with a query": ({}, 'where: "(select 1) = 1"', "line 6"),
    "an order that is not there": (
        {"owner_id": "{last: name, order: tme}"},
        "per: id",
        "no column 'tme'",
    ),
    "a key that is not there": ({"id": "key"}, "per: key", "no column 'key'"),
    "a wide column that is not there": (
        {},
        "explode: {to: segment, columns: {clicks: x}}",
        "no column 'clicks'",
    ),
}


@pytest.mark.parametrize("kind", list(_BOUND))
def test_what_a_source_file_asks_of_a_file_is_checked_before_anything_is_read(tmp_path, kind):
    fields, table, sentence = _BOUND[kind]
    write(tmp_path, "id,name,twin,twin\n1,a,b,c\n")
    given = {"id": "id", "name": "name", **fields}
    with pytest.raises(BadSourceError, match=sentence):
        read(tmp_path, a_source(given, entity="account", table=table))


def test_a_file_that_is_not_there_names_the_nearest(tmp_path):
    write(tmp_path, "id,name\n", file="accounts.csv")
    with pytest.raises(BadSourceError, match="no file 'acounts.csv'.*Did you mean 'accounts.csv'"):
        read(tmp_path, a_source({"id": "id", "name": "name"}, file="acounts.csv", entity="account"))


def test_a_link_out_of_the_data_folder_is_refused(tmp_path):
    inside = tmp_path / "data"
    inside.mkdir()
    write(tmp_path, "id,name\n1,secret\n", file="secret.csv")
    (inside / "deals.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(BadSourceError, match="a link out of the data folder"):
        read(inside, a_source({"id": "id", "name": "name"}, entity="account"))
    with pytest.raises(BadSourceError, match="a link out of the data folder"):
        read(inside, a_source({"id": "id", "name": "name"}, file='"d*.csv"', entity="account"))


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"%PDF-1.7\n...", "a PDF"),
        (b"PK\x03\x04xxxxxxxx", "a workbook"),
        (b"\x1f\x8b\x08\x00xxxx", "compressed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx", "old Excel"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"PAR1....", "Parquet"),
        ("id,name\n1,a\n".encode("utf-32"), "UTF-32"),
        (b"other,header\n1,a\n", "no column 'id'"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(tmp_path, raw, sentence):
    write(tmp_path, raw)
    with pytest.raises(BadSourceError, match=sentence):
        read(tmp_path, a_source({"id": "id", "name": "name"}, entity="account"))


def test_odd_headers_are_only_names(tmp_path):
    odd = ["__proto__", "\u202eemag", "😀", "x" * 1000, "a;b", "'; drop table x--", ""]
    write(
        tmp_path,
        ",".join(["id", "name", *(f'"{name}"' for name in odd)]) + "\n1,a" + ",v" * 7 + "\n",
    )
    fields = {
        "id": "id",
        "name": "name",
        "one": "__proto__",
        "two": "😀",
        "three": '"\'; drop table x--"',
    }
    found = read(tmp_path, a_source(fields, entity="account"))
    assert found.records[0]["attributes"] == '{"one":"v","three":"v","two":"v"}'


def test_ten_thousand_columns_are_read(tmp_path):
    names = ",".join(f"c{n}" for n in range(10_000))
    write(tmp_path, f"id,name,{names}\n" + "1,a" + ",x" * 10_000 + "\n")
    found = read(tmp_path, a_source({"id": "id", "name": "c9999"}, entity="account"))
    assert found.column("name") == ["x"]
