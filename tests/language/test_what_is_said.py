"""A text is said in the language of who reads, with its values in their places."""

import threading

import pytest

from kpi_engine import language
from kpi_engine.language import mark, spoken, tr, trc, trn


class _Shouting:
    def gettext(self, message: str) -> str:
        return message.upper().replace("{NAME}", "{name}").replace("{DAY}", "{day}")

    def ngettext(self, one: str, many: str, count: int, /) -> str:
        return "einer" if count == 1 else "{count} viele"

    def pgettext(self, context: str, message: str) -> str:
        return f"{context}/{message}"


@pytest.fixture(autouse=True)
def _taught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(language._TAUGHT, "xx", _Shouting())


def test_english_is_what_stands_in_the_source():
    assert tr("Save {name}", name="it") == "Save it"
    assert trn("{count} task", "{count} tasks", 1) == "1 task"
    assert trn("{count} task", "{count} tasks", 0) == "0 tasks"
    assert trn("{count} task", "{count} tasks", 1234, count="1,234") == "1,234 tasks"
    assert trc("state", "Open") == mark("Open") == "Open"


def test_another_language_is_spoken_where_it_is_asked_for_and_no_longer():
    with language.speaking("xx_CH"):
        assert tr("Save {name}", name="it") == "SAVE it"
        assert (trn("a", "b", 1), trn("a", "b", 3)) == ("einer", "3 viele")
        assert trc("state", "Open") == "state/Open"
        heard = []
        other = threading.Thread(target=lambda: heard.append(spoken()))
        other.start()
        other.join()
        assert heard == ["en"], "another thread answers another reader"
    assert tr("Save") == "Save"


def test_a_language_that_nobody_taught_reads_english():
    with language.speaking("tlh"):
        assert spoken() == "en"
    assert language.known("") == language.known("../de") == "en"


def test_braces_stand_where_no_value_is_given_and_values_are_not_read_as_places():
    assert tr("{count: ENTITY}") == "{count: ENTITY}"
    assert tr("{name} is here.", name="{day}") == "{day} is here."


def test_an_empty_text_says_nothing():
    with language.speaking("xx"):
        assert tr("") == ""


def test_the_stop_of_an_abbreviation_ends_its_sentence():
    assert tr("Won by {day}. Go on.", day="22. Nov.") == "Won by 22. Nov. Go on."
    assert tr("{name} and so on...", name="A") == "A and so on..."
    assert tr("Said: {note}!", note="well..") == "Said: well..!"
