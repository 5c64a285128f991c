"""What the documents say can be done can be done, and what can be done is said."""

import re
from pathlib import Path

import click
import pytest

from portal.config import SETTINGS
from tests.house.commands import calls, leaves, parse
from tests.house.tree import ROOT, files, text

PAGES = [path for path in files(".md") if path.name != "CREDIT.md"]
RUNNING = "docs/running.md"
_FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
_NAMED = re.compile(r"\bdocs/[\w/-]+\.md\b")
_LEAVES = dict(leaves())


def _page(path: str | Path) -> str:
    return (ROOT / path).read_text("utf-8")


def _shell(path: Path) -> list[str]:
    return [line for block in _FENCE.findall(_page(path)) for line in block.splitlines() if line]


EXAMPLES = [(str(path), line) for path in PAGES for line in _shell(path)]
HELP = [(name, line) for name, command in _LEAVES.items() for line in calls(command.help or "")]


@pytest.mark.parametrize(("page", "line"), EXAMPLES)
def test_an_example_in_a_document_can_be_run(page: str, line: str):
    if line.startswith("make "):
        assert line.split()[1] in _targets(), page
        return
    parse(line)


@pytest.mark.parametrize(("command", "line"), HELP)
def test_an_example_in_a_help_text_can_be_run(command: str, line: str):
    parse(line)


def test_a_bad_example_would_be_found():
    with pytest.raises(click.ClickException):
        parse("portal kpi values --tennant acme")
    with pytest.raises(click.ClickException):
        parse("portal kpy list")


def test_a_document_shows_how_most_commands_are_called():
    shown = {line for _, line in [*EXAMPLES, *HELP]}
    told = {name for name in _LEAVES if any(line.startswith(name) for line in shown)}
    assert len(told) > len(_LEAVES) / 2


@pytest.mark.parametrize("name", _LEAVES)
def test_every_command_is_explained(name: str):
    assert f"`{name}`" in _page(RUNNING)
    assert _LEAVES[name].help


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_explained(name: str):
    assert f"| `{name}` |" in _page(RUNNING)


def test_only_settings_that_there_are_are_explained():
    told = set(re.findall(r"\bPORTAL_[A-Z_]+\b", "".join(_page(path) for path in PAGES)))
    assert told == set(SETTINGS)


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", _page("Makefile"), re.MULTILINE))


def test_every_target_that_a_page_names_is_there():
    named = {word for path in PAGES for word in re.findall(r"`make ([a-z-]+)`", _page(path))}
    assert {"demo", "test", "check", "bench"} <= named
    assert named <= _targets()


def test_the_help_of_make_names_every_target_for_people():
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)$", _page("Makefile"), re.MULTILINE)
    assert phony is not None
    told = set(re.findall(r"^([a-z][a-z-]*):.*## ", _page("Makefile"), re.MULTILINE))
    inner = {"lint", "format", "types", "imports", "spelling", "migrations", "java", "chromium"}
    assert set(phony[1].replace("\\\n", " ").split()) - inner == told


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_link_leads_somewhere(path: Path):
    for target in _LINK.findall(_page(path)):
        assert (ROOT / path.parent / target).exists(), target


def test_a_document_that_is_named_anywhere_is_there():
    named = {
        (found, str(path))
        for path in files(".py", ".md", ".toml", ".yaml", ".sql")
        for found in _NAMED.findall(text(path) or "")
    }
    assert sorted(each for each in named if not (ROOT / each[0]).exists()) == []


def test_the_readme_begins_with_a_picture_and_two_commands():
    readme = _page("README.md")
    first = re.search(r"```sh\n(.*?)```", readme, re.DOTALL)
    assert first is not None
    assert first[1].split("\n") == ["make demo", "make test", ""]
    picture = re.search(r"^!\[[^\]]{20,}\]\((.+?)\)", readme, re.MULTILINE)
    assert picture is not None
    assert picture.start() < first.start() < 2_500


def test_every_decision_is_numbered_and_linked_and_says_what_it_costs():
    folder = ROOT / "docs" / "adr"
    found = sorted(path.name for path in folder.glob("*.md"))
    assert [int(name[:4]) for name in found] == list(range(1, len(found) + 1))
    architecture = _page("docs/architecture.md")
    for name in found:
        page = _page(f"docs/adr/{name}")
        assert f"(adr/{name})" in architecture
        assert page.startswith(f"# {int(name[:4])}. ")
        assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [
            *("Context", "Decision", "What we give up"),
        ]


def test_the_changelog_has_a_place_for_what_comes_next():
    assert "\n## Unreleased\n" in _page("CHANGELOG.md")
