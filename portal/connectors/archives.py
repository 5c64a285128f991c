"""Whether a workbook is safe to open.

It is looked at as the ZIP archive that it is, before anything unpacks it.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from kpi_engine.errors import BadFileError

_MOST_ENTRIES = 2_000
_MOST_BYTES = 1 << 30
_MOST_RATIO = 150
_SMALL = 10 << 20
_BLOCK = 1 << 20
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTITIES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


def check_workbook(path: Path) -> None:
    """Look a workbook over without unpacking it to disk or memory.

    Raises:
        BadFileError: if it is no workbook, or has more, larger or other parts than one may have.
    """
    name = path.name
    _check_start(path, name)
    _check_count(path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(parts, name)
            _check_kinds(parts, name)
            _check_layout(parts, path, name)
            for part in parts:
                if part.filename.startswith("xl/") and part.filename.endswith((".xml", ".rels")):
                    _check_content(archive, part, name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, struct.error) as error:
        raise _damaged(name) from error
    except (NotImplementedError, RuntimeError, UnicodeError) as error:
        raise _damaged(name) from error


def _check_start(path: Path, name: str) -> None:
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(_OLD_OFFICE):
        raise BadFileError(
            f"{name} is an old .xls workbook or protected by a password: save it as plain .xlsx."
        )
    if not head.startswith(b"PK\x03\x04"):
        kind = "a web page" if head.lstrip()[:1] == b"<" else "no workbook"
        raise BadFileError(f"{name} is {kind}, whatever its name says: save it as .xlsx or .csv.")


def _check_count(path: Path, name: str) -> None:
    """Read how many entries there are before any library reads them all."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise _damaged(name)
    (count,) = struct.unpack_from("<H", tail, at + 10)
    (length,) = struct.unpack_from("<I", tail, at + 12)
    if count > _MOST_ENTRIES or length > _MOST_ENTRIES * 1_000:
        raise BadFileError(f"{name} has over {_MOST_ENTRIES:,} parts: that is no workbook.")


def _check_sizes(parts: list[zipfile.ZipInfo], name: str) -> None:
    if len(parts) > _MOST_ENTRIES:
        raise BadFileError(f"{name} has over {_MOST_ENTRIES:,} parts: that is no workbook.")
    total = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    steep = any(
        part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if steep or total > _MOST_BYTES or (total > _SMALL and total > _MOST_RATIO * packed):
        raise BadFileError(
            f"{name} would unpack to {total / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB, more than a"
            " workbook may: save the sheet as CSV."
        )


def _check_kinds(parts: list[zipfile.ZipInfo], name: str) -> None:
    names = [part.filename for part in parts]
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise BadFileError(f"{name} is no Excel workbook: save it as .xlsx or .csv.")
    if len(set(names)) < len(names):
        raise BadFileError(f"{name} has two parts of one name: that is no sound workbook.")
    for entry in names:
        if entry.lower().endswith("vbaproject.bin"):
            raise BadFileError(f"{name} has macros: save it as .xlsx without them.")
        if entry.startswith("xl/externalLinks/"):
            raise BadFileError(f"{name} has links to other files: break the links and save again.")
    if any(part.flag_bits & 1 for part in parts):
        raise BadFileError(f"{name} is protected by a password: save it without.")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise _damaged(name)


def _check_layout(parts: list[zipfile.ZipInfo], path: Path, name: str) -> None:
    """Refuse parts that lie over one another or beyond the file."""
    ends = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < ends:
            raise BadFileError(f"{name} has parts that overlap: that is no sound workbook.")
        ends = part.header_offset + part.compress_size
    if ends > path.stat().st_size:
        raise _damaged(name)


def _check_content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Unpack a part piece by piece: it must be as large as it says, and have no entities."""
    size, last = 0, b""
    for block in _blocks(archive, part):
        if not size and block.startswith(_UTF16):
            raise BadFileError(f"{name} has a part that is not UTF-8: save it with Excel again.")
        size += len(block)
        if _ENTITIES.search(last + block):
            raise BadFileError(f"{name} defines XML entities, which no workbook needs.")
        last = block[-32:]
    if size != part.file_size:
        raise _damaged(name)


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            yield block


def _damaged(name: str) -> BadFileError:
    return BadFileError(f"{name} is damaged: its parts cannot be read. Save it again.")
