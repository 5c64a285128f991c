"""A text file cut into pieces of whole records, each with its first line.

A record may hold line ends inside quotes. A piece is *plain* when each quote in it opens or closes
a field or is doubled inside one: then the fast parser reads it. A piece with a stray quote
(`5" pipe`, a quote never closed) is read slowly, record by record, so that one bad row costs one
row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from kpi_engine.errors import BadFileError

_LONGEST = 16 << 20
_QUOTE = b'"'
_LF, _QUOTE_CODE = 10, 34


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole records. `final` is set on the last piece, whose last line may lack its end."""

    data: bytes
    line: int
    plain: bool
    final: bool
    done: int
    ends: int
    """How many line ends there are."""


class Pieces:
    """The pieces of one file; a reader that reads a piece slowly gives back what it left."""

    def __init__(self, blocks: Iterable[tuple[bytes, int]], delimiter: str, name: str) -> None:
        self._blocks = iter(blocks)
        self._delimiter = delimiter.encode()
        self._name = name
        self._pending = b""
        self._line = 1
        self._done = 0

    def __iter__(self) -> Iterator[Piece]:
        held = b""
        for raw, done in self._blocks:
            block, held = _one_line_end(held + raw)
            self._done = done
            yield from self._cut(self._pending + block, final=False)
        yield from self._cut(self._pending + held.replace(b"\r", b"\n"), final=True)

    def give_back(self, rest: bytes) -> None:
        """Take back the end of the piece that was last given: it stands before what comes."""
        self._pending = rest + self._pending
        self._line -= rest.count(b"\n")

    def _cut(self, data: bytes, *, final: bool) -> Iterator[Piece]:
        self._pending = b""
        if not data:
            return
        end = len(data) if final else _last_end(data)
        if not end:
            if len(data) <= _LONGEST:
                self._pending = data
                return
            end = data.rfind(b"\n") + 1
            if not end:
                raise BadFileError(
                    f"{self._name}, line {self._line}: the line is over 16 MB long; is this the"
                    " right delimiter, and are all quotes closed?"
                )
        piece, self._pending = data[:end], data[end:]
        plain = _QUOTE not in piece or _is_plain(piece, self._delimiter)
        ends = piece.count(b"\n")
        made = Piece(piece, self._line, plain, final, self._done, ends)
        self._line += ends
        yield made


def _one_line_end(block: bytes) -> tuple[bytes, bytes]:
    """Return `block` with each line end as one LF, and a last CR that may be half of one."""
    if b"\r" not in block:
        return block, b""
    held = b""
    if block.endswith(b"\r"):
        block, held = block[:-1], b"\r"
    return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), held


def _last_end(data: bytes) -> int:
    """Return where the last record that surely ended ends: a line end with all quotes closed."""
    end = data.rfind(b"\n") + 1
    quotes = data.count(_QUOTE, 0, end)
    while end and quotes % 2:
        before = data.rfind(b"\n", 0, end - 1) + 1
        quotes -= data.count(_QUOTE, before, end)
        end = before
    return end


def _is_plain(data: bytes, delimiter: bytes) -> bool:
    """Return whether each quote of `data`, which begins outside quotes, stands where one may."""
    codes = np.frombuffer(data, dtype=np.uint8)
    places = np.flatnonzero(codes == _QUOTE_CODE)
    if len(places) % 2:
        return False
    edges = (ord(delimiter), _LF, _QUOTE_CODE)
    opening, closing = places[0::2], places[1::2]
    before = codes[np.maximum(opening - 1, 0)]
    after = codes[np.minimum(closing + 1, len(codes) - 1)]
    opens = np.isin(before, edges) | (opening == 0)
    closes = np.isin(after, edges) | (closing == len(codes) - 1)
    return bool(opens.all() and closes.all())
