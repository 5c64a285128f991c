"""The tree holds what anybody may read, in files that one can read at a sitting."""

import ast
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.house.tree import ROOT, files, text

LARGEST = 3_000_000
LONGEST = 300
LONGER = {
    "tests/oracle/definitions.py": 509,
}
"""Files that are too long, as they stand: this list may only shrink."""

# Written in parts, so that this file does not hold what it looks for.
_HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "debian" + ".org/debian")
_FOLDERS = ("work", "root", "home", "opt", "Users")
_PLACES = re.compile(rf"(?<![\w.$}}/*-])/(?:{'|'.join(_FOLDERS)})/[\w.-]+")
_SECRETS = re.compile(
    "-----BEGIN [A-Z ]*PRIVATE " + r"KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36}\b"
)
_JUNK = {"utils", "helpers", "common", "misc", "util", "helper"}
_LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|raise NotImplemented" + "Error")


def _found(pattern: re.Pattern[str], *endings: str) -> list[str]:
    return [
        f"{path}: {match[0]}"
        for path in files(*endings)
        for match in pattern.finditer(text(path) or "")
    ]


def test_no_file_names_a_place_of_one_machine():
    assert _found(_PLACES) == []


def test_no_file_names_a_package_registry():
    pattern = re.compile("|".join(re.escape(host) for host in _HOSTS))
    assert _found(pattern) == []


def test_no_file_holds_a_secret():
    assert _found(_SECRETS) == []


def test_the_patterns_find_what_they_are_for():
    assert _PLACES.search("see /" + "root/thing")
    assert _PLACES.search('"/' + 'home/ann"')
    assert not _PLACES.search("tests/work/out, a$HOME/opt/x and https://example.org/home/x")
    assert _SECRETS.search("AKIA" + "0123456789ABCDEF")


def test_nothing_is_put_off_in_the_code():
    assert _found(_LATER, ".py", ".sql", ".toml", ".yaml") == []


def test_no_file_is_a_drawer_for_everything():
    assert [str(path) for path in files(".py") if path.stem in _JUNK] == []


def test_no_file_is_too_long():
    lengths = {str(path): len((text(path) or "").splitlines()) for path in files(".py")}
    long = {name: length for name, length in lengths.items() if length > LONGEST}
    assert {name for name, length in long.items() if length > LONGER.get(name, LONGEST)} == set()
    assert set(LONGER) <= set(long), "Take what has become short off the list."


def test_no_file_is_too_large():
    sizes = {str(path): (ROOT / path).stat().st_size for path in files()}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}


@pytest.mark.parametrize(
    "path",
    [path for path in files(".py") if path.parts[0] == "tests" and path.name.startswith("test_")],
    ids=str,
)
def test_a_file_of_tests_says_which_property_it_holds(path: Path):
    told = ast.get_docstring(ast.parse(text(path) or ""))
    assert told
    assert told.splitlines()[0].endswith((".", ":", ","))


def _project() -> dict:
    return tomllib.loads(text(Path("pyproject.toml")) or "")["project"]


def _pins(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (text(Path(name)) or "").splitlines():
        if match := re.match(r"([a-z0-9-]+)==([^ ;]+)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_locked_at_a_version_that_it_allows():
    project = _project()
    extras = project["optional-dependencies"]
    needs = {
        "requirements.lock": [*project["dependencies"], *extras["build"]],
        "requirements-dev.lock": [each for group in extras.values() for each in group],
    }
    for name, requirements in needs.items():
        pins = _pins(name)
        for requirement in map(Requirement, requirements):
            pinned = pins.get(_plain(requirement.name), [])
            assert pinned, f"{requirement} is not in {name}. Lock anew: make lock"
            assert all(Version(each) in requirement.specifier for each in pinned), requirement


def test_both_locks_agree():
    both = _pins("requirements.lock").keys() & _pins("requirements-dev.lock").keys()
    assert both
    assert {k: _pins("requirements.lock")[k] for k in both} == {
        key: _pins("requirements-dev.lock")[key] for key in both
    }


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_names_no_index(name: str):
    lines = (text(Path(name)) or "").splitlines()
    starts = [number for number, line in enumerate(lines) if re.match(r"[a-z0-9-]+==", line)]
    assert starts
    assert all(lines[number + 1].startswith("    --hash=sha256:") for number in starts)
    assert [line for line in lines if re.match(r"--|.*(://| @ )", line)] == []


def test_what_is_installed_is_this_package():
    assert version("meridian") == _project()["version"]


def test_data_of_others_comes_with_its_credit():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for folder in sorted({path.parent for path in files(".csv") if "demo" in path.parts}):
        credit = (ROOT / folder / "CREDIT.md").read_text("utf-8")
        assert "Permission is hereby granted" in credit
        assert f"{folder.as_posix()}/CREDIT.md" in notice
