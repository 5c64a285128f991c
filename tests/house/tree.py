"""The files of the repository as git sees them, or would: what is ignored is not in it."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
_LEFT_OUT = {
    ".git",
    ".venv",
    "var",
    "build",
    "dist",
    "bench-data",
    "spark-warehouse",
    ".hypothesis",
}


def files(*endings: str) -> list[Path]:
    """Return the paths below the root, tracked or about to be, that end in one of `endings`."""
    found = _listed() or _walked()
    return sorted(path for path in found if not endings or path.suffix in endings)


def text(path: Path) -> str | None:
    """Return a file's text, or None where it is not text."""
    try:
        return (ROOT / path).read_text("utf-8")
    except UnicodeDecodeError:
        return None


def _listed() -> list[Path]:
    # Without git, or in a folder that is no clone, the tree itself is walked.
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    names = [Path(name) for name in said.stdout.split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


def _walked() -> list[Path]:
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [path for path in found if not any(_is_left_out(part) for part in path.parts)]


def _is_left_out(part: str) -> bool:
    return part in _LEFT_OUT or part.endswith(("_cache", "__pycache__", ".egg-info"))
