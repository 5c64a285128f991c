"""Workbooks and Parquet files give the records that a CSV file of the same rows gives."""

import resource
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from kpi_engine.errors import BadFileError
from tests.connectors.bench import a_source, read
from tests.connectors.workbooks import (
    a_bomb,
    a_sheet,
    a_workbook,
    packed,
    parts,
    with_size,
)

_FIELDS = {"id": "id", "name": "name", "created_at": "made", "employees": "size", "revenue": "rev"}
_ROWS = [
    ["id", "name", "made", "size", "rev"],
    [1001, "Zoë", datetime(2024, 3, 1, 10, 30), 5, 1234.5],
    ["A2", "  b  c ", date(2024, 3, 2), None, None],
    [3, "d", 45352, 7.0, 1e15],
]


def _book(folder, rows=_ROWS, **how):
    a_workbook(folder / "book.xlsx", rows)
    return read(folder, a_source(_FIELDS, file="book.xlsx", entity="account", **how))


def test_cells_of_a_workbook_are_what_they_show(tmp_path):
    found = _book(tmp_path)
    assert found.column("id") == ["1001", "A2", "3"]
    assert found.column("name") == ["Zoë", "b c", "d"]
    assert found.column("created_at") == [
        datetime(2024, 3, 1, 10, 30),
        datetime(2024, 3, 2),
        datetime(2024, 3, 1),
    ]
    assert found.column("employees") == [5, None, 7]
    assert found.column("attributes")[0] == '{"revenue":"1234.5"}'


def test_a_day_before_march_1900_is_counted_without_the_day_that_was_not(tmp_path):
    rows = [
        _ROWS[0],
        ["a", "a", 1, 1, 1],
        ["b", "b", 59, 1, 1],
        ["c", "c", 60, 1, 1],
        ["d", "d", 61, 1, 1],
    ]
    found = _book(tmp_path, rows)
    assert [str(v)[:10] for v in found.column("created_at")] == [
        "1900-01-01",
        "1900-02-28",
        "1900-03-01",
    ]
    assert list(found.reasons()) == [4]


def test_a_workbook_that_counts_from_1904_is_read_so(tmp_path):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (
        ["id", "name", "made", "size", "rev"],
        ["a", "a", datetime(2024, 1, 2), 1, 1],
        ["b", "b", 100, 1, 1],
    ):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    found = read(tmp_path, a_source(_FIELDS, file="book.xlsx", entity="account"))
    assert found.column("created_at") == [datetime(2024, 1, 2), datetime(1904, 4, 10)]


def test_a_sheet_is_found_by_name_and_lines_are_those_of_the_sheet(tmp_path):
    book = Workbook()
    book.active.title = "Cover"
    page = book.create_sheet("Deals 2024")
    for at, row in enumerate(_ROWS):
        for column, value in enumerate(row):
            page.cell(row=3 + 2 * at, column=2 + column, value=value)
    page.cell(row=9, column=5, value="many")
    book.save(tmp_path / "book.xlsx")
    how = "format: {sheet: Deals 2024}"
    found = read(tmp_path, a_source(_FIELDS, file="book.xlsx", entity="account", table=how))
    assert found.column("id") == ["1001", "A2"]
    assert list(found.reasons()) == [9]
    with pytest.raises(BadFileError, match="no sheet 'Deal 2024'. Did you mean 'Deals 2024'?"):
        read(
            tmp_path,
            a_source(_FIELDS, file="book.xlsx", entity="account", table=how.replace("s 2", " 2")),
        )


def test_the_columns_of_a_parquet_file_keep_their_meaning(tmp_path):
    table = pa.table(
        {
            "id": pa.array([1.0, 2.0, None]),
            "name": ["a", "b", "c"],
            "made": pa.array(
                [datetime(2024, 1, 1, 12, tzinfo=UTC)] * 3, pa.timestamp("us", "Europe/Rome")
            ),
            "size": pa.array([5, None, 1], pa.int32()),
            "rev": pa.array([Decimal("1.50")] * 3, pa.decimal128(10, 2)),
        }
    )
    pq.write_table(table, tmp_path / "rows.parquet")
    source = a_source(_FIELDS, file="rows.parquet", entity="account", head="timezone: Asia/Tokyo")
    found = read(tmp_path, source)
    assert found.column("id") == ["1", "2"]
    assert found.column("created_at") == [datetime(2024, 1, 1, 12)] * 2
    assert found.column("attributes") == ['{"revenue":"1.50"}'] * 2
    assert found.reasons() == {3: "'id' is required and there is nothing"}


_ROW = b'<row r="1"><c r="A1" t="str"><v>id</v></c></row>'
_PLAIN = a_sheet(_ROW)
_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


def _overlapping(folder):
    path = packed(folder / "book.xlsx", parts(_PLAIN))
    raw = bytearray(path.read_bytes())
    first = raw.find(b"PK\x01\x02")
    second = raw.find(b"PK\x01\x02", first + 4)
    raw[second + 42 : second + 46] = raw[first + 42 : first + 46]
    path.write_bytes(raw)


_UNSOUND = {
    "a bomb": (a_bomb, "would unpack to 4"),
    "a bomb that lies about its size": (
        lambda path: path.write_bytes(
            with_size(a_bomb(path, 60).read_bytes(), b"xl/worksheets/sheet1.xml", 1000)
        ),
        "damaged",
    ),
    "100,000 parts": (
        lambda path: packed(path, {**parts(_PLAIN), **{f"x{n}": b"" for n in range(100_000)}}),
        "parts: that is no workbook",
    ),
    "parts that overlap": (lambda path: _overlapping(path.parent), "overlap|damaged|two parts"),
    "entities": (
        lambda path: packed(path, parts(a_sheet(_ROW, before=_LAUGHS))),
        "XML entities",
    ),
    "shared strings with entities": (
        lambda path: packed(path, parts(_PLAIN, **{"xl__sharedStrings.xml": _LAUGHS + b"<sst/>"})),
        "XML entities",
    ),
    "macros": (
        lambda path: packed(path, parts(_PLAIN, **{"xl__vbaProject.bin": b"x"})),
        "macros",
    ),
    "links to other files": (
        lambda path: packed(
            path, parts(_PLAIN, **{"xl__externalLinks__externalLink1.xml": b"<x/>"})
        ),
        "links to other files",
    ),
    "a cell in the last corner": (
        lambda path: packed(
            path,
            parts(a_sheet(_ROW + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        ),
        "too much memory|no column",
    ),
    "an old workbook": (
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        "old .xls",
    ),
    "a web page": (lambda path: path.write_bytes(b"<html><table>"), "a web page"),
    "a PDF": (lambda path: path.write_bytes(b"%PDF-1.7 ..."), "no workbook"),
    "a plain archive": (lambda path: packed(path, {"a.txt": b"hello"}), "no Excel workbook"),
    "nothing": (lambda path: path.write_bytes(b""), "no workbook"),
    "an archive cut short": (
        lambda path: path.write_bytes(packed(path, parts(_PLAIN)).read_bytes()[:-40]),
        "damaged",
    ),
    "no sheet in it": (lambda path: packed(path, parts(b"")), "damaged|empty"),
}


@pytest.mark.parametrize("kind", list(_UNSOUND))
def test_an_unsound_workbook_is_refused_in_a_sentence(tmp_path, kind):
    make, sentence = _UNSOUND[kind]
    make(tmp_path / "book.xlsx")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadFileError, match=sentence) as told:
        read(tmp_path, a_source({"id": "id", "name": "nope"}, file="book.xlsx", entity="account"))
    assert len(told.value.problems) == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_sheet_that_claims_to_be_vast_is_read_for_what_it_holds(tmp_path):
    sheet = a_sheet(_ROW + b'<row r="2"><c r="A2" t="str"><v>1</v></c></row>')
    vast = b'<dimension ref="A1:XFD1048576"/><sheetData>'
    packed(tmp_path / "book.xlsx", parts(sheet.replace(b"<sheetData>", vast)))
    found = read(tmp_path, a_source({"id": "id", "name": "id"}, file="book.xlsx", entity="account"))
    assert found.column("id") == ["1"]


def test_parts_of_one_name_are_refused(tmp_path):
    path = packed(tmp_path / "book.xlsx", parts(_PLAIN))
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(path, "a") as archive,
    ):
        archive.writestr("xl/workbook.xml", b"<x/>")
    with pytest.raises(BadFileError, match="two parts of one name"):
        read(tmp_path, a_source({"id": "id", "name": "id"}, file="book.xlsx", entity="account"))


def test_a_workbook_with_flipped_bits_is_read_or_refused_and_never_crashes(tmp_path):
    a_workbook(tmp_path / "sound.xlsx", [["id", "name"], *([n, f"name {n}"] for n in range(300))])
    sound = (tmp_path / "sound.xlsx").read_bytes()
    source = a_source({"id": "id", "name": "name"}, file="book.xlsx", entity="account")
    for at in range(0, len(sound), len(sound) // 12):
        broken = bytearray(sound)
        broken[at] ^= 0x55
        (tmp_path / "book.xlsx").write_bytes(broken)
        try:
            rows = len(read(tmp_path, source).records)
        except BadFileError:
            rows = 0
        assert rows <= 300


def test_a_damaged_parquet_file_is_refused(tmp_path):
    pq.write_table(pa.table({"id": ["1"] * 1000, "name": ["a"] * 1000}), tmp_path / "rows.parquet")
    sound = (tmp_path / "rows.parquet").read_bytes()
    source = a_source({"id": "id", "name": "name"}, file="rows.parquet", entity="account")
    for broken in (
        b"",
        sound[: len(sound) // 2],
        b"PAR1" + b"x" * 100 + b"PAR1",
        b"id,name\n1,a\n",
    ):
        (tmp_path / "rows.parquet").write_bytes(broken)
        with pytest.raises(BadFileError, match="no Parquet file"):
            read(tmp_path, source)
