"""Makes workbooks, sound and unsound ones."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_BOOK = (
    b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    b'<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELATIONS = (
    b'<?xml version="1.0"?><Relationships'
    b' xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
    b' Target="worksheets/sheet1.xml"/></Relationships>'
)
_SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_ROOT = (
    b'<?xml version="1.0"?><Relationships'
    b' xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    b' Target="xl/workbook.xml"/></Relationships>'
)


def a_workbook(path: Path, rows: Sequence[Sequence[object]], *, sheet: str = "Data") -> Path:
    """Write a sound workbook of one sheet."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def a_sheet(body: bytes, *, before: bytes = b"") -> bytes:
    """Return the XML of a sheet with `body` as its rows."""
    return before + _SHEET + b"<sheetData>" + body + b"</sheetData></worksheet>"


def parts(sheet: bytes, **others: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name."""
    made = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _ROOT,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    return {**made, **{name.replace("__", "/"): part for name, part in others.items()}}


def packed(path: Path, made: dict[str, bytes]) -> Path:
    """Write the parts as an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, part in made.items():
            archive.writestr(name, part)
    return path


def a_bomb(path: Path, megabytes: int = 419) -> Path:
    """Write about 1 MB that unpacks to many."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, part in parts(b"").items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, part)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_SHEET + b"<sheetData>")
            row = (
                b'<row><c t="str"><v>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</v></c></row>'
                * 16_384
            )
            for _ in range(megabytes * 1_000_000 // len(row)):
                sheet.write(row)
    return path


def with_size(data: bytes, name: bytes, size: int) -> bytes:
    """Return an archive in which a part says that it unpacks to `size` bytes."""
    out = io.BytesIO(data)
    raw = bytearray(out.getvalue())
    at = 0
    while (at := raw.find(name, at)) >= 0:
        for start, offset in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46)):
            if raw[at - offset : at - offset + 4] == start:
                field = at - offset + (22 if offset == 30 else 24)
                raw[field : field + 4] = size.to_bytes(4, "little")
        at += 1
    return bytes(raw)
