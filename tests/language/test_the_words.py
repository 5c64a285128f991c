"""Every text has its translation, with the same named places, and what is compiled is what is written."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from tools import words

_PLACE = re.compile(r"\{(\w+)[^}]*\}")
_CALLS = {"tr", "trn", "trc", "mark"}


def _key(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def _forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text),)


@pytest.fixture(scope="module")
def collected() -> Catalog:
    """What the source says now."""
    return words.collected()


def test_there_is_a_language_beside_english():
    assert "de" in words.languages()


@pytest.mark.parametrize("language", words.languages())
def test_every_text_of_the_source_is_translated_and_no_other(collected: Catalog, language: str):
    held = words.held(language)
    said = {_key(each) for each in collected if each.id}
    known = {_key(each) for each in held if each.id and all(_forms(each.string)) and not each.fuzzy}
    assert len(said) > 1000
    assert sorted(map(str, said - known)) == [], "make words, then write what is missing"
    assert sorted(map(str, known - said)) == []


@pytest.mark.parametrize("language", words.languages())
def test_a_translation_has_the_places_of_its_text(language: str):
    wrong = []
    for each in words.held(language):
        if not each.id:
            continue
        asked = [set(_PLACE.findall(form)) for form in _forms(each.id)]
        # A form for one may say "one" in words.
        least, most = set.intersection(*asked), set.union(*asked)
        plural = len(asked) > 1
        for form in _forms(each.string):
            found = set(_PLACE.findall(form))
            if not found <= most or (not plural and found != least):
                wrong.append((each.id, form))
    assert wrong == []


@pytest.mark.parametrize("language", words.languages())
def test_what_is_compiled_is_what_is_written(language: str):
    compiled = words.LOCALES / language / "LC_MESSAGES" / "messages.mo"
    assert words.compiled(words.held(language)) == compiled.read_bytes(), "make words"


def _sources() -> list[Path]:
    return [file for room in words.ROOMS for file in (words.ROOT / room).rglob("*.py")]


def test_nothing_is_translated_that_nobody_can_collect():
    """An f-string, or a text put together, is not found in any catalogue."""
    wrong = []
    for file in _sources():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                inside = [each for each in ast.walk(node) if _says_literal(each)]
                wrong += [f"{file.name}:{each.lineno} inside an f-string" for each in inside]
            elif _is_said(node) and not all(map(_is_literal_or_name, node.args[: _texts(node)])):
                wrong.append(f"{file.name}:{node.lineno}")
    assert wrong == []


def test_nothing_is_translated_while_a_module_is_read():
    """Then it would be said in the language of who came first."""
    wrong = []
    for file in _sources():
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            wrong += [f"{file.name}:{each.lineno}" for each in _at_once(node) if _says_now(each)]
    assert wrong == []


def _at_once(node: ast.AST) -> list[ast.AST]:
    """What runs when the module does: all but the bodies of functions; their defaults do."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        parts = [*node.args.defaults, *node.decorator_list]
        parts += [each for each in node.args.kw_defaults if each is not None]
    elif isinstance(node, ast.Lambda):
        parts = [*node.args.defaults]
    else:
        parts = list(ast.iter_child_nodes(node))
    return [node, *(found for part in parts for found in _at_once(part))]


def _is_said(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS


def _says_literal(node: ast.AST) -> bool:
    return _is_said(node) and any(isinstance(each, ast.Constant) for each in node.args)


def _says_now(node: ast.AST) -> bool:
    return _is_said(node) and node.func.id != "mark"


def _texts(node: ast.Call) -> int:
    return 2 if node.func.id in {"trn", "trc"} else 1


def _is_literal_or_name(node: ast.AST) -> bool:
    """A name is a text that was marked; what is made on the spot was not."""
    made = (ast.JoinedStr, ast.BinOp)
    formatted = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format"
    return not isinstance(node, made) and not formatted
