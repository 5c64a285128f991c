"""Opening a file by its ending."""

from collections.abc import Collection
from pathlib import Path

from kpi_engine.crm.sources import FileFormat
from kpi_engine.errors import BadFileError
from portal.connectors.delimited import open_delimited
from portal.connectors.parquet_files import open_parquet
from portal.connectors.rows import Rows
from portal.connectors.spreadsheets import open_spreadsheet


def open_rows(path: Path, form: FileFormat, asked: Collection[str], work: Path) -> Rows:
    """Open a file of rows.

    Args:
        path: The file.
        form: What the source file tells of it.
        asked: The columns that the source file names; they help to find the delimiter.
        work: A folder for what has to be unpacked.

    Raises:
        BadFileError: if it is not there, not what its ending says, or unsafe to open.
    """
    try:
        match path.suffix.lower():
            case ".xlsx":
                return open_spreadsheet(path, form.sheet, work)
            case ".parquet":
                return open_parquet(path)
            case _:
                return open_delimited(path, form, asked)
    except OSError as error:
        raise BadFileError(f"{path.name} cannot be read: {error.strerror or error}.") from error
