"""What a callback is handed is of the kind that it says: a browser may send anything."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter, signature
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from kpi_engine.language import tr
from portal.errors import BadInputError

Check = Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class Checks:
    """A check for each thing that a callback is handed."""

    each: tuple[Check, ...]
    rest: Check | None
    """For whatever comes after those, where the callback takes any number."""

    def refuse_others(self, values: tuple[object, ...]) -> None:
        """Refuse values that are of another kind than was said.

        Raises:
            BadInputError: if one is.
        """
        more = len(values) - len(self.each)
        checks = (*self.each, *([self.rest] * more if self.rest is not None else ()))
        if len(values) > len(checks) or not all(map(_call, checks, values)):
            raise BadInputError(tr("What was sent is not what this page sends."))


def checks_of(function: Callable[..., object]) -> Checks:
    """Return the checks of a callback, by its annotations; Any takes everything."""
    hints, each, rest = get_type_hints(function), list[Check](), None
    for name, parameter in signature(function).parameters.items():
        check = _check(hints.get(name, Any))
        if parameter.kind is Parameter.VAR_POSITIONAL:
            rest = check
        else:
            each.append(check)
    return Checks(tuple(each), rest)


def _call(check: Check, value: object) -> bool:
    return check(value)


def _check(hint: Any) -> Check:  # noqa: ANN401 - an annotation may be anything
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        several = [_check(each) for each in inner]
        return lambda value: any(check(value) for check in several)
    if origin is list:
        each = _check(inner[0])
        return lambda value: isinstance(value, list) and all(map(each, value))
    return _PLAIN.get(origin or hint, _anything)


def _anything(_: object) -> bool:
    return True


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_PLAIN: dict[Any, Check] = {
    str: lambda value: isinstance(value, str),
    bool: lambda value: isinstance(value, bool),
    int: _is_whole,
    float: _is_number,
    dict: lambda value: isinstance(value, dict),
    list: lambda value: isinstance(value, list),
    NoneType: lambda value: value is None,
}
"""The kinds that JSON has; a whole number is no truth value, though Python takes it for one."""
