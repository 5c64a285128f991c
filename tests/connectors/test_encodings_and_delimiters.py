"""A text file gives the same records in every encoding, with every delimiter and line end."""

import codecs

import pytest

from kpi_engine.errors import BadFileError
from tests.connectors.bench import a_source, read, write

_ROWS = [
    ("id", "owner", "stage", "amount", "note"),
    ("1", "Zoë Müller", "Won", "10.5", "naïve – “quoted”"),
    ("2", "José", "Lost", "100", 'says "no"'),
    ("3", "Ängström", "Won", "1000.25", "a, b; c | d\te"),
]
_FIELDS = {"id": "id", "owner_id": "owner", "stage": "stage", "amount": "amount", "note": "note"}


def _text(delimiter: str, end: str, *, last: bool = True) -> str:
    lines = []
    for row in _ROWS:
        quoted = ('"' + field.replace('"', '""') + '"' for field in row)
        lines.append(delimiter.join(quoted if row[0] != "id" else row))
    return end.join(lines) + (end if last else "")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_every_encoding_delimiter_and_line_end_reads_alike(tmp_path, encoding, delimiter, end):
    write(tmp_path, _text(delimiter, end, last=end != "\r").encode(encoding))
    found = read(tmp_path, a_source(_FIELDS))
    assert not found.rejected
    assert found.column("owner_id") == ["Zoë Müller", "José", "Ängström"]
    assert [float(amount) for amount in found.column("amount")] == [10.5, 100, 1000.25]
    assert found.records[2]["attributes"] == '{"note":"a, b; c | d e"}'


def test_utf16_with_the_mark_of_big_endian_is_read(tmp_path):
    write(tmp_path, codecs.BOM_UTF16_BE + _text(",", "\n").encode("utf-16-be"))
    assert len(read(tmp_path, a_source(_FIELDS)).records) == 3


def test_a_file_that_turns_out_not_to_be_utf8_late_is_windows_1252(tmp_path):
    plain = "id,owner,stage,amount\n" + "".join(f"{n},rep,Won,1\n" for n in range(1_000_000))
    write(tmp_path, plain.encode() + "x,Zoë,Won,1\n".encode("cp1252"))
    found = read(tmp_path, a_source())
    assert found.records[-1]["owner_id"] == "Zoë"
    assert len(found.records) == 1_000_001


def test_two_encodings_in_one_file_stop_the_load_and_name_the_line(tmp_path):
    head = "id,owner,stage,amount\n1,Zoë é,Won,1\n".encode()
    write(tmp_path, head + "2,Zoë,Won,1\n".encode("cp1252"))
    with pytest.raises(BadFileError, match=r"deals\.csv, line 3: .* not UTF-8"):
        read(tmp_path, a_source())


def test_an_encoding_that_is_none_of_the_usual_ones_has_to_be_named(tmp_path):
    text = "id,owner,stage,amount\n1,日本語の名前ー,Won,1\n"
    write(tmp_path, text.encode("shift_jis"))
    with pytest.raises(BadFileError, match="name the file's encoding"):
        read(tmp_path, a_source())
    told = a_source(table="format: {encoding: shift_jis}")
    assert read(tmp_path, told).column("owner_id") == ["日本語の名前ー"]


def test_a_named_encoding_that_is_wrong_stops_the_load(tmp_path):
    write(tmp_path, "id,owner,stage,amount\n1,Zoë,Won,1\n".encode("cp1252"))
    with pytest.raises(BadFileError, match="line 2"):
        read(tmp_path, a_source(table="format: {encoding: utf-8}"))


def test_the_delimiter_is_the_one_under_which_the_named_columns_appear(tmp_path):
    write(tmp_path, "id;owner;stage;amount\n1;a,b,c,d,e;Won;1,5\n2;f,g,h,i,j;Won;2,5\n")
    found = read(tmp_path, a_source())
    assert found.column("owner_id") == ["a,b,c,d,e", "f,g,h,i,j"]
    assert [float(amount) for amount in found.column("amount")] == [1.5, 2.5]


def test_rows_of_another_delimiter_are_rejected_one_by_one(tmp_path):
    write(tmp_path, "id,owner,stage,amount\n1,a,Won,1\n2;b;Won;1\n3,c,Won,1\n")
    found = read(tmp_path, a_source())
    assert found.column("id") == ["1", "3"]
    assert found.reasons() == {3: "the row has 1 fields where the header has 4"}
