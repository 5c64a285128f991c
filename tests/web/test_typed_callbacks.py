"""A callback is handed only what its annotations say, whatever a browser sends."""

from typing import Any

import pytest

from callbacks.typed import checks_of
from portal.errors import BadInputError


def one(clicks: int | None, words: list[str], rest: Any) -> None: ...


def many(clicks: int | None, *typed: str) -> None: ...


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (one, (None, [], object())),
        (one, (3, ["a"], None)),
        (many, (1,)),
        (many, (None, "a", "b", "c")),
    ],
)
def test_what_is_as_it_says_passes(function, values):
    checks_of(function).refuse_others(values)


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (one, ("3", [], None)),
        (one, (True, [], None)),
        (one, (1.5, [], None)),
        (one, (3, ["a", 1], None)),
        (one, (3, "a", None)),
        (one, (3, {}, None)),
        (one, (3, [], None, "more")),
        (many, (1, "a", 2)),
        (many, (1, None)),
    ],
)
def test_anything_else_is_refused(function, values):
    with pytest.raises(BadInputError):
        checks_of(function).refuse_others(values)
