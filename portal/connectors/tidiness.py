"""Whether a column of text needs tidying at all: a cheap look at its bytes.

Most exports are tidy. Then no pattern is run over their values.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_BLANK, _DELETE = 32, 127
_ODD = "[\u0080-\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]"


def needs_tidying(column: pa.ChunkedArray) -> bool:
    """Return whether any value has blanks to trim or to join, or signs that do not show."""
    return any(_untidy(chunk) for chunk in column.chunks if len(chunk))


def _untidy(chunk: pa.StringArray) -> bool:
    _, offsets_buffer, data_buffer = chunk.buffers()
    if data_buffer is None:
        return False
    offsets = np.frombuffer(offsets_buffer, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    data = np.frombuffer(data_buffer, np.uint8)[offsets[0] : offsets[-1]]
    if not data.size:
        return False
    if data.max() >= _DELETE and _has_odd(chunk, data):
        return True
    blanks = np.flatnonzero(data <= _BLANK)
    if not blanks.size:
        return False
    return _breaks(data, blanks, offsets - offsets[0])


def _has_odd(chunk: pa.StringArray, data: np.ndarray) -> bool:
    if (data == _DELETE).any():
        return True
    return bool(pc.any(pc.match_substring_regex(chunk, _ODD)).as_py())


def _breaks(data: np.ndarray, blanks: np.ndarray, offsets: np.ndarray) -> bool:
    """Return whether a blank is no plain space, stands beside another, or at a value's edge."""
    if data[blanks].min() < _BLANK or (np.diff(blanks) == 1).any():
        return True
    filled = offsets[1:] > offsets[:-1]
    edges = (offsets[:-1][filled], offsets[1:][filled] - 1)
    return any(bool((data[edge] == _BLANK).any()) for edge in edges)
