"""The fields of a form that was sent, each bounded before anything reads it."""

from flask import request

_LONGEST = 1000
_FIGURES = 9


def field(name: str, longest: int = _LONGEST) -> str:
    """Return what was typed into a field; empty where the form has none of that name."""
    return request.form.get(name, "")[:longest].strip()


def number(name: str, otherwise: int = 0) -> int:
    """Return a whole number, such as the version that a page was drawn from."""
    told = field(name)
    return int(told) if told.isdecimal() and len(told) <= _FIGURES else otherwise
