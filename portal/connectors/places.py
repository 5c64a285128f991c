"""Where a table's files lie: inside the data folder, and nowhere else."""

from pathlib import Path

from kpi_engine.crm.sources import TableMap
from kpi_engine.errors import did_you_mean
from portal.connectors.yaml_nodes import Problems

_GLOB = frozenset("*?[")
_MOST_FILES = 10_000


def find_files(table: TableMap, folder: Path, problems: Problems) -> list[Path]:
    """Return the files that `table` names, in the order of their names.

    A name with `*`, `?` or `[` is a glob. A file that a link leads out of `folder` is refused.
    What is wrong is added to `problems`.
    """
    root = folder.resolve()
    try:
        found = _named(table.file, root)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        problems.add(table.mark, f"'{table.file[:100]}' cannot be looked for: {said}.")
        return []
    if len(found) > _MOST_FILES:
        problems.add(table.mark, f"'{table.file}' matches over {_MOST_FILES:,} files.")
        return []
    if not found:
        hint = _near(table, root)
        problems.add(table.mark, f"There is no file '{table.file}' in {folder}.{hint}")
    inside = [path for path in found if path.resolve().is_relative_to(root)]
    for path in found:
        if path not in inside:
            problems.add(table.mark, f"'{path.name}' is a link out of the data folder {folder}.")
    return inside


def _named(name: str, root: Path) -> list[Path]:
    if _GLOB & set(name):
        return sorted(path for path in root.glob(name) if path.is_file())[: _MOST_FILES + 1]
    return [path for path in (root / name,) if path.is_file()]


def _near(table: TableMap, root: Path) -> str:
    if not root.is_dir():
        return " That folder is not there: name it with --data."
    folder = (root / table.file).parent
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return did_you_mean(Path(table.file).name, names)
