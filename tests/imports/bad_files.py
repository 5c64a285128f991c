"""Files that cannot be imported as they are: what is in them, and what becomes of the load.

Each is a file of people (`id`, `name`, `active`) beside a sound one that was imported before.
"""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.connectors.workbooks import a_bomb, a_sheet, a_workbook, packed, parts

HEAD = "id,name,active\n"
Make = Callable[[Path], object]


def _text(text: str | bytes) -> Make:
    return lambda path: path.write_bytes(text.encode() if isinstance(text, str) else text)


REFUSED: dict[str, tuple[str, Make, str]] = {
    "nothing": ("a.csv", _text(b""), "is empty"),
    "blank lines": ("a.csv", _text(b"\n\r\n\n"), "is empty"),
    "other columns": ("a.csv", _text("key,label\n1,a\n"), "no column 'id'"),
    "a column twice": (
        "a.csv",
        _text("id,name,name,active\n1,a,b,yes\n"),
        "2 columns called 'name'",
    ),
    "a header in another language": (
        "a.csv",
        _text("id,nom,active\n1,a,yes\n"),
        "no column 'name'",
    ),
    "a page for an export": ("a.csv", _text("<html><body>Sign in</body></html>"), "a web page"),
    "a picture": ("a.csv", _text(b"\x89PNG\r\n\x1a\n"), "a picture"),
    "a PDF": ("a.csv", _text(b"%PDF-1.4\n"), "a PDF"),
    "a compressed file": ("a.csv", _text(b"\x1f\x8b\x08\0\0\0"), "a compressed file"),
    "a workbook called CSV": (
        "a.csv",
        lambda path: a_workbook(path.with_suffix(".xlsx"), [["id"]]).rename(path),
        "a workbook",
    ),
    "a database": ("a.csv", _text(b"SQLite format 3\0xxxx"), "a database"),
    "Shift-JIS": (
        "a.csv",
        _text((HEAD + "1,ー日本語,yes\n").encode("shift_jis")),
        "name the file's encoding",
    ),
    "two encodings": (
        "a.csv",
        _text((HEAD + "1,é,yes\n").encode() + "2,Zoë,yes\n".encode("cp1252")),
        "line 3",
    ),
    "UTF-8 cut within a letter": ("a.csv", _text((HEAD + "1,日本").encode()[:-1]), "line 2"),
    "UTF-32": ("a.csv", _text((HEAD + "1,a,yes\n").encode("utf-32")), "UTF-32"),
    "a line without end": ("a.csv", _text(HEAD.encode() + b"1," + b"x" * (34 << 20)), "over 16 MB"),
    "a workbook that is a bomb": ("a.xlsx", a_bomb, "would unpack to"),
    "a workbook of another age": (
        "a.xlsx",
        _text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99),
        "old .xls",
    ),
    "text called a workbook": ("a.xlsx", _text(HEAD), "no workbook"),
    "a page called a workbook": ("a.xlsx", _text("<html>"), "a web page"),
    "a workbook with macros": (
        "a.xlsx",
        lambda path: packed(path, parts(a_sheet(b""), **{"xl__vbaProject.bin": b"x"})),
        "macros",
    ),
    "a workbook with entities": (
        "a.xlsx",
        lambda path: packed(
            path,
            parts(a_sheet(b"", before=b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>')),
        ),
        "XML entities",
    ),
    "a workbook with links": (
        "a.xlsx",
        lambda path: packed(path, parts(a_sheet(b""), **{"xl__externalLinks__a.xml": b"<a/>"})),
        "links to other files",
    ),
    "a workbook cut short": (
        "a.xlsx",
        lambda path: path.write_bytes(packed(path, parts(a_sheet(b""))).read_bytes()[:-30]),
        "damaged",
    ),
    "an empty sheet": ("a.xlsx", lambda path: a_workbook(path, []), "is empty"),
    "no sheet of that name": (
        "a.xlsx",
        lambda path: a_workbook(path, [["id"]], sheet="Other"),
        "no sheet 'Data'",
    ),
    "text called Parquet": ("a.parquet", _text(HEAD), "no Parquet file"),
    "Parquet cut short": (
        "a.parquet",
        lambda path: (
            pq.write_table(pa.table({"id": ["1"]}), path),
            path.write_bytes(path.read_bytes()[:-9]),
        ),
        "no Parquet file",
    ),
    "Parquet of other columns": (
        "a.parquet",
        lambda path: pq.write_table(pa.table({"key": ["1"]}), path),
        "no column 'id'",
    ),
    "no file at all": ("a.csv", lambda path: None, "There is no file 'a.csv'"),
    "a folder": ("a.csv", lambda path: path.mkdir(), "There is no file 'a.csv'"),
    "a link to another folder": (
        "a.csv",
        lambda path: path.symlink_to("/etc/hostname"),
        "a link out of the data folder",
    ),
}
"""By kind: the file's name, how it is made, and a part of the sentence that refuses it."""

REJECTED: dict[str, tuple[str | bytes, int, int]] = {
    "too few fields": (HEAD + "1,a\n2,b,yes\n", 1, 1),
    "too many fields": (HEAD + "1,a,yes,x\n2,b,yes\n", 1, 1),
    "another delimiter midway": (HEAD + "1;a;yes\n2,b,yes\n", 1, 1),
    "a quote that is not closed": (HEAD + '1,"a,yes\n2,b,yes\n', 1, 1),
    "text after a quote": (HEAD + '1,"a"x,yes\n2,b,yes\n', 1, 1),
    "no id": (HEAD + ",a,yes\n2,b,yes\n", 1, 1),
    "an id of blanks": (HEAD + '" \u00a0\u200b ",a,yes\n2,b,yes\n', 1, 1),
    "no name": (HEAD + "1,,yes\n2,b,yes\n", 1, 1),
    "neither yes nor no": (HEAD + "1,a,perhaps\n2,b,yes\n", 1, 1),
    "NUL and control signs": (HEAD.encode() + b"1,a\x00\x01b,yes\n2,\x7f\x1b,yes\n", 1, 1),
    "lone carriage returns": (HEAD.replace("\n", "\r") + "1,a,yes\r2,b,what\r", 1, 1),
    "a blank header beside": ("id,name,active,\n1,a,yes,\n2,b,no,\n", 2, 0),
    "names that mean nothing elsewhere": (HEAD + "1,NULL,yes\n2,None,no\n3,nan,no\n", 3, 0),
    "letters of every kind": (HEAD + f"1,\u202eevil,yes\n2,😀{'e' + chr(0x301) * 1000},no\n", 2, 0),
    "formulas": (HEAD + "1,\"=cmd|' /C calc'!A1\",yes\n2,+1,no\n", 2, 0),
    "a header only": (HEAD, 0, 0),
    "no line end at the end": (HEAD + "1,a,yes", 1, 0),
}
"""By kind: the file, how many people it has, and how many of its rows are rejected."""
