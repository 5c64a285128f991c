"""Bytes of a text file as blocks of UTF-8, whatever encoding they were written in."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from kpi_engine.errors import BadFileError

BLOCK = 12 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, None),
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_TEXT = (
    (b"PK\x03\x04", "a ZIP archive or a workbook"),
    (b"PK\x05\x06", "a ZIP archive or a workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook or a protected one"),
    (b"%PDF", "a PDF"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3\0", "a database"),
)
_WEB_PAGE = re.compile(rb"\s*<(!doctype|html|head|body|table|\?xml|svg)\b", re.IGNORECASE)
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")


def detect(head: bytes, name: str) -> str:
    """Return the codec that `head`, the file's first bytes, speaks for; UTF-8 where nothing does.

    Raises:
        BadFileError: if this is not text at all.
    """
    for start, kind in _NOT_TEXT:
        if head.startswith(start):
            raise BadFileError(f"{name} is {kind}, not a text file: give it its right ending.")
    if _WEB_PAGE.match(head):
        raise BadFileError(f"{name} is a web page or XML, not a table: export it as CSV.")
    for mark, codec in _MARKS:
        if head.startswith(mark):
            if codec is None:
                raise BadFileError(f"{name} is in UTF-32: save it as UTF-8.")
            return codec
    return _by_zeros(head[:4096])


def utf8_blocks(path: Path, codec: str, *, told: bool) -> Iterator[tuple[bytes, int]]:
    """Yield the file as UTF-8 without a byte order mark, with the bytes read so far.

    Args:
        path: The file.
        codec: What `detect` said or the source file tells.
        told: Whether the source file tells it. If not, a file that turns out not to be UTF-8 is
            read as Windows-1252, provided that everything before was plain ASCII.

    Raises:
        BadFileError: at the first line that is not in the encoding.
    """
    decoder = _Decoder(path.name, codec, told=told)
    done = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield decoder.decode(block, first=done == 0, final=False), done + len(block)
            done += len(block)
    if rest := decoder.decode(b"", first=False, final=True):
        yield rest, done


class _Decoder:
    """Turns one encoding into UTF-8, block by block."""

    def __init__(self, name: str, codec: str, *, told: bool) -> None:
        self._name = name
        self._told = told
        self._line = 1
        self._ascii_so_far = True
        self._held = b""
        self._use(codec)

    def _use(self, codec: str) -> None:
        self._codec = codecs.lookup(codec).name
        self._is_utf8 = self._codec in ("utf-8", "utf-8-sig")
        self._incremental = codecs.getincrementaldecoder(self._codec)("strict")

    def decode(self, block: bytes, *, first: bool, final: bool) -> bytes:
        """Return `block` as UTF-8; bytes of an unfinished character wait for the next block."""
        if first:
            block = self._without_mark(block)
        if self._is_utf8:
            text = self._utf8(self._held + block, final=final)
        else:
            text = self._other(block, final=final)
        self._line += text.count(b"\n")
        return text

    def _without_mark(self, block: bytes) -> bytes:
        for mark, codec in _MARKS:
            if codec is not None and block.startswith(mark):
                same = self._codec.startswith(codec) or self._codec == "utf-16"
                return block[len(mark) :] if same or not self._told else block
        return block

    def _utf8(self, block: bytes, *, final: bool) -> bytes:
        """Check that `block` is UTF-8: cheap for ASCII, one decoding for the rest."""
        self._held = b""
        if block.isascii():
            return block
        try:
            block.decode()
        except UnicodeDecodeError as error:
            if not final and error.reason == "unexpected end of data":
                self._held = block[error.start :]
                block = block[: error.start]
            else:
                return self._not_utf8(block, error.start, final=final)
        self._ascii_so_far = self._ascii_so_far and block.isascii()
        return block

    def _not_utf8(self, block: bytes, at: int, *, final: bool) -> bytes:
        line = self._line + block.count(b"\n", 0, at)
        sequences = sum(len(found) for found in _SEQUENCE.findall(block))
        mixed = sequences * 2 > len(_HIGH.findall(block))
        if self._told or mixed or not self._ascii_so_far:
            raise BadFileError(
                f"{self._name}, line {line}: a character is not UTF-8 as the rest of the file is;"
                " save the file in one encoding, or name it in `format`."
            )
        self._use("cp1252")
        return self._other(block, final=final)

    def _other(self, block: bytes, *, final: bool) -> bytes:
        try:
            return self._incremental.decode(block, final).encode()
        except (UnicodeDecodeError, UnicodeEncodeError) as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            line = self._line + block.count(b"\n", 0, start)
            tried = self._codec if self._told else "UTF-8, UTF-16 or Windows-1252"
            raise BadFileError(
                f"{self._name}, line {line}: this is not {tried}; name the file's encoding in"
                " `format`."
            ) from error


def _by_zeros(sample: bytes) -> str:
    """Tell UTF-16 without a mark by the zero bytes of its ASCII letters."""
    half = len(sample) // 2
    low, high = sample[0 : half * 2 : 2].count(0), sample[1 : half * 2 : 2].count(0)
    most = half * 2 // 5
    if half and high > most and low * 10 < high:
        return "utf-16-le"
    if half and low > most and high * 10 < low:
        return "utf-16-be"
    return "utf-8"
