"""Reads one sheet in a process of its own and writes its cells as text to an Arrow file.

A workbook can make any reader use up memory or time. Here it can only end this process.
"""

import resource
import sys
from pathlib import Path

import pyarrow as pa

_MEMORY = 4 << 30
_SECONDS = 600
_BATCH = 65_536

NO_SHEET, NO_READ, TOO_LARGE = 3, 4, 5
"""Exit statuses that say why there is no Arrow file."""


def main(path: str, sheet: str, target: str) -> int:
    """Write the cells of `sheet` ("" for the first) of `path` to `target`."""
    import fastexcel  # noqa: PLC0415 - who only asks for a status here has no use for it

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = fastexcel.read_excel(path)
        if sheet and sheet not in book.sheet_names:
            Path(target).write_text("\n".join(book.sheet_names), encoding="utf-8")
            return NO_SHEET
        # From the first row on, so that a row's number is its line.
        cells = book.load_sheet(sheet or 0, header_row=None, skip_rows=0, dtypes="string")
        table = pa.Table.from_batches([cells.to_arrow()])
    except (MemoryError, pa.ArrowMemoryError):
        return TOO_LARGE
    except BaseException as error:  # noqa: BLE001 - a panic of the reader is no Exception
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return NO_READ
    with pa.OSFile(target, "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=_BATCH)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
