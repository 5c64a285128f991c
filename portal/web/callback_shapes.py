"""The shape that a callback's body has, as it was registered, and whether a body has it.

Dash checks none of this. It takes forged ids, properties that do not exist and a component that
says it is another, and fails with a 500 at whatever it does not expect.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.web.strict_json import NotOursError

_KEYS = frozenset(
    {"output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds"}
)
_MATCH, _ALL, _SMALLER = ["MATCH"], ["ALL"], ["ALLSMALLER"]
_MOST_ALIKE = 1_000
_LONGEST = 200

Bound = dict[str, object]
"""What MATCH stands for in one body, by the name of the id's part."""


@dataclass(frozen=True, slots=True)
class Wire:
    """One input, state or output: whose property it is, by an id or the pattern of ids."""

    id: str | Mapping[str, object]
    prop: str

    @property
    def is_many(self) -> bool:
        """Whether a body has a list of these."""
        return isinstance(self.id, Mapping) and any(
            part in (_ALL, _SMALLER) for part in self.id.values()
        )

    def check(self, said: object, bound: Bound, *, with_value: bool) -> list[str]:
        """Return the names of the properties that a body says here.

        Raises:
            NotOursError: if it is not what was registered.
        """
        if not self.is_many:
            return [self._one(said, bound, with_value=with_value)]
        if not isinstance(said, list) or len(said) > _MOST_ALIKE:
            raise NotOursError("A pattern of components is not a list of them.")
        names = [self._one(each, bound, with_value=with_value) for each in said]
        if len(set(names)) != len(names):
            raise NotOursError("A component stands twice in a pattern.")
        return names

    def _one(self, said: object, bound: Bound, *, with_value: bool) -> str:
        allowed = {"id", "property", "value"} if with_value else {"id", "property"}
        if not isinstance(said, dict) or not {"id", "property"} <= said.keys() <= allowed:
            raise NotOursError("A component is not said as one.")
        if said["property"] != self.prop:
            raise NotOursError("Another property was registered.")
        self._check_id(said["id"], bound)
        return f"{_text(said['id'])}.{self.prop}"

    def _check_id(self, said: object, bound: Bound) -> None:
        if isinstance(self.id, str):
            if said != self.id or not isinstance(said, str):
                raise NotOursError("Another component was registered.")
            return
        if not isinstance(said, dict) or said.keys() != self.id.keys():
            raise NotOursError("Another pattern was registered.")
        for name, part in self.id.items():
            _check_part(name, part, said[name], bound)


@dataclass(frozen=True, slots=True)
class Shape:
    """What one callback is sent."""

    outputs: tuple[Wire, ...]
    several: bool
    inputs: tuple[Wire, ...]
    state: tuple[Wire, ...]

    def check(self, body: Mapping[str, Any]) -> None:
        """Hold a body against this shape.

        Raises:
            NotOursError: if it has another one.
        """
        bound: Bound = {}
        outputs = body.get("outputs", []) if self.several else [body.get("outputs")]
        _each(self.outputs, outputs, bound, with_value=False)
        names = _each(self.inputs, body.get("inputs", []), bound, with_value=True)
        _each(self.state, body.get("state", []), bound, with_value=True)
        changed = body.get("changedPropIds", [])
        if not isinstance(changed, list) or not all(isinstance(one, str) for one in changed):
            raise NotOursError("What changed is no list of names.")
        if not set(changed) <= names or len(changed) > len(names):
            raise NotOursError("Something else changed than this callback listens to.")
        parsed = body.get("parsedChangedPropsIds", [])
        if not isinstance(parsed, list) or len(parsed) > len(names):
            raise NotOursError("What changed is no list of ids.")


def shape_of(name: str, registered: Mapping[str, Any]) -> Shape:
    """Return the shape of a callback from its name and Dash's own record of it."""
    output = registered["output"]
    several = registered["no_output"] or isinstance(output, (list, tuple))
    outputs = output if isinstance(output, (list, tuple)) else [output]
    return Shape(
        outputs=tuple(
            # Only the name has the mark that tells a property's second callback from its first.
            _wire(str(one.component_id_str()), said.rpartition(".")[2])
            for one, said in zip(outputs, _outputs_in(name), strict=False)
        ),
        several=several,
        inputs=tuple(_wire(one["id"], one["property"]) for one in registered["inputs"]),
        state=tuple(_wire(one["id"], one["property"]) for one in registered["state"]),
    )


def check_body(body: object, shapes: Mapping[str, Shape]) -> None:
    """Hold a body against the callback that it names.

    Raises:
        NotOursError: if it names none that the server answers, or has another shape.
    """
    if not isinstance(body, dict) or not body.keys() <= _KEYS:
        raise NotOursError("It is not said as a callback.")
    name = body.get("output")
    shape = shapes.get(name) if isinstance(name, str) else None
    if shape is None:
        raise NotOursError("There is no such callback.")
    shape.check(body)


def _each(wires: Sequence[Wire], said: object, bound: Bound, *, with_value: bool) -> frozenset[str]:
    if not isinstance(said, list) or len(said) != len(wires):
        raise NotOursError("More or fewer components were registered.")
    found = (
        name
        for wire, one in zip(wires, said, strict=True)
        for name in wire.check(one, bound, with_value=with_value)
    )
    return frozenset(found)


def _check_part(name: str, registered: object, said: object, bound: Bound) -> None:
    if registered not in (_MATCH, _ALL, _SMALLER):
        if said != registered or type(said) is not type(registered):
            raise NotOursError("Another component was registered.")
        return
    if not isinstance(said, str | int | float) or len(str(said)) > _LONGEST:
        raise NotOursError("A part of an id is neither text nor number.")
    if registered == _MATCH and bound.setdefault(name, said) != said:
        raise NotOursError("Components that belong together are of different ones.")


def _outputs_in(name: str) -> list[str]:
    """The outputs that a callback's name tells of."""
    return name[2:-2].split("...") if name.startswith("..") else [name]


def _wire(id_text: str, prop: str) -> Wire:
    return Wire(json.loads(id_text) if id_text.startswith("{") else id_text, prop)


def _text(said: object) -> str:
    """An id as Dash's script writes it."""
    if isinstance(said, str):
        return said
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
