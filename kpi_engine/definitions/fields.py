"""Reading the fields of one YAML mapping, and keeping every reason why it cannot be read.

Each accessor returns what it read, or None after noting what is wrong, so that one pass tells all.
A definition with any note of an error is dropped as a whole.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression, ExpressionError, parse
from kpi_engine.definitions.nodes import MOMENTS, said
from kpi_engine.definitions.scene import MAX_NAME, Scene, columns, listed, plainly
from kpi_engine.definitions.spans import FIXED, SpanError, span
from kpi_engine.definitions.takes import Span
from kpi_engine.definitions.yaml_tree import Branch, Leaf, Node
from kpi_engine.errors import did_you_mean
from kpi_engine.language import tr

Choice = TypeVar("Choice", bound=StrEnum)

MAX_WORD = 4_000


class Fields:
    """The fields of one mapping. Every name that is asked for may be there; no other."""

    def __init__(self, scene: Scene, branch: Branch, place: str) -> None:
        self.scene = scene
        self.place = place
        self._branch = branch
        self._asked: dict[str, None] = {}
        for name, line in branch.lines.items():
            scene.lines[scene.key, self.at(name)] = line

    def at(self, name: str) -> str:
        """Return the place of a field, as `measure.ratio.over`."""
        name = name[:MAX_NAME]
        return f"{self.place}.{name}" if self.place else name

    def line(self, name: str = "") -> int:
        """Return the line of a field, or of the mapping."""
        return self._branch.lines.get(name, self._branch.line)

    def note(self, text: str, name: str = "") -> None:
        """Keep what is wrong with a field, or with the whole."""
        self.scene.note(self.line(name), self.at(name) if name else self.place, text)

    def names(self) -> tuple[str, ...]:
        """Return the names of all fields, in order."""
        return tuple(self._branch.fields)

    def items(self) -> Iterator[tuple[str, Node, int]]:
        """Yield each field's name, what stands there, and its line."""
        for name, node in self._branch.fields.items():
            yield name, node, self._branch.lines[name]

    def has(self, name: str) -> bool:
        """Say whether a field is there, be it null."""
        self._asked[name] = None
        return name in self._branch.fields

    def node(self, name: str) -> Node | None:
        """Return a field as it stands, or None when it is missing."""
        self._asked[name] = None
        return self._branch.fields.get(name)

    def close(self) -> None:
        """Note every field that was not asked for."""
        for name in self._branch.fields:
            if name not in self._asked:
                shown = name[:MAX_NAME]
                hint = did_you_mean(shown, self._asked)
                hint = hint or tr(" The fields are {names}.", names=", ".join(self._asked))
                self.note(
                    tr("There is no field '{field}' here.{hint}", field=shown, hint=hint), name
                )

    def missing(self, name: str, example: str) -> None:
        """Note that a field has to be there."""
        text = tr("'{name}' is missing; say it as {name}: {example}.", name=name, example=example)
        self.scene.note(self.line(), self.at(name), text)

    def word(self, name: str) -> str | None:
        """Return a field that is text, or None when it is missing or null."""
        node = self.node(name)
        if node is None or (isinstance(node, Leaf) and node.value is None):
            return None
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            self.note(tr("'{name}' has to be a text.", name=name), name)
            return None
        text = str(value)
        if len(text) > MAX_WORD:
            self.note(
                tr(
                    "'{name}' has {count:,} characters; {most:,} is the most.",
                    name=name,
                    count=len(text),
                    most=MAX_WORD,
                ),
                name,
            )
            return None
        return text

    def choice(self, name: str, kind: type[Choice], default: Choice | None = None) -> Choice | None:
        """Return a field that is one of a list of words."""
        text = self.word(name)
        if text is None:
            if default is None and not self.has(name):
                self.missing(name, listed(kind))
            elif default is None:
                self.note(
                    tr("'{name}' is empty; it is {names}.", name=name, names=listed(kind)), name
                )
            return default
        if text not in list(kind):
            hint = did_you_mean(text, kind) or tr(" There are {names}.", names=listed(kind))
            self.note(
                tr(
                    "'{name}' cannot be '{word}'.{hint}", name=name, word=text[:MAX_NAME], hint=hint
                ),
                name,
            )
            return None
        return kind(text)

    def entity(self, name: str) -> str | None:
        """Return a field that names an entity."""
        text = self.word(name)
        if text is None:
            self.note(
                tr("'{name}' names no entity; name one, such as opportunity.", name=name), name
            )
            return None
        return self._known_entity(text, name)

    def target(self, name: str) -> tuple[str | None, str | None]:
        """Return a field that names an entity, or an entity and its column."""
        text = self.word(name)
        entity, _, column = (text or "").partition(".")
        if text is None:
            return self.entity(name), None
        return self._known_entity(entity, name), column or None

    def _known_entity(self, text: str, name: str) -> str | None:
        if text in QUERYABLE:
            return text
        hint = did_you_mean(text, QUERYABLE) or tr(
            " There are {names}.", names=", ".join(QUERYABLE)
        )
        self.note(
            tr("There is no entity called '{word}'.{hint}", word=text[:MAX_NAME], hint=hint), name
        )
        return None

    def column(self, name: str, entity: str | None, default: str | None = None) -> str | None:
        """Return a field that names a column of an entity itself."""
        text = self.word(name) or default
        if text is None:
            self.missing(name, "COLUMN")
        if text is None or entity is None:
            return None
        known = [column for column in columns(entity) if "." not in column]
        if text in known:
            return text
        self.note(
            tr(
                "'{entity}' has no column called '{word}'.{hint}",
                entity=entity,
                word=text[:MAX_NAME],
                hint=did_you_mean(text, known),
            ),
            name,
        )
        return None

    def expression(
        self, name: str, entity: str | None, wants: ColumnType | None = None
    ) -> Expression | None:
        """Return a field that is an expression over the columns of an entity."""
        text = self.word(name)
        return None if text is None or entity is None else self.parsed(name, text, entity, wants)

    def parsed(
        self, name: str, text: str, entity: str, wants: ColumnType | None = None
    ) -> Expression | None:
        """Parse a text of the field `name`."""
        try:
            if "setting." not in text:
                return plainly(text, entity, wants)
            return parse(text, columns(entity), settings=self.scene.settings, wants=wants)
        except ExpressionError as error:
            self.refused(name, error)
            return None

    def refused(self, name: str, error: ExpressionError) -> None:
        """Keep why an expression cannot be read, at its own line of the file."""
        node = self._branch.fields.get(name)
        first = node.first if isinstance(node, Leaf) else self.line(name)
        self.scene.note(first + error.line - 1, self.at(name), str(error))

    def moment(
        self, name: str, entity: str | None, default: str | None = None
    ) -> Expression | None:
        """Return a field that is a date or a time; `default` is the column where it is missing."""
        if not self.has(name) and default is not None and entity is not None:
            return plainly(default, entity, None)
        found = self.expression(name, entity)
        if found and found.type not in MOMENTS:
            moments = listed(said(kind) for kind in MOMENTS)
            self.note(
                tr(
                    "'{name}' has to be {moments}, and this is {kind}.",
                    name=name,
                    moments=moments,
                    kind=said(found.type),
                ),
                name,
            )
        return found

    def placed(self, entity: str | None, name: str = "on") -> Expression | None:
        """Return the date or time that places a record in a period; null for none."""
        default = QUERYABLE[entity].placed_by if entity else None
        return self.moment(name, entity, default)

    def number(self, name: str, entity: str | None) -> Expression | None:
        """Return a field that is a number."""
        return self.expression(name, entity, ColumnType.NUMBER)

    def filter(self, name: str, entity: str | None) -> Expression | None:
        """Return a field that is true or false."""
        return self.expression(name, entity, ColumnType.BOOLEAN)

    def fixed_span(self, name: str) -> Span | None:
        """Return a field that is a length of time which no calendar stretches."""
        found = self.span(name)
        if found and found.unit not in FIXED:
            self.note(
                tr("'{name}' is told in days or shorter; a month has no fixed length.", name=name),
                name,
            )
        return found

    def span(self, name: str) -> Span | None:
        """Return a field that is a length of time, or names a setting that is one."""
        text = self.word(name)
        if text is None:
            return None
        if text.startswith("setting."):
            setting = text.removeprefix("setting.")
            if setting not in self.scene.settings:
                hint = did_you_mean(setting, self.scene.settings)
                self.note(
                    tr(
                        "There is no setting called '{setting}'.{hint}",
                        setting=setting[:MAX_NAME],
                        hint=hint,
                    ),
                    name,
                )
                return None
            text = str(self.scene.settings[setting])
        try:
            return span(text)
        except SpanError as error:
            self.note(str(error), name)
            return None

    def inside(self, name: str) -> "Fields | None":
        """Return a field that is a mapping."""
        node = self.node(name)
        if isinstance(node, Branch):
            return Fields(self.scene, node, self.at(name))
        self.note(tr("'{name}' has to be a mapping of fields.", name=name), name)
        return None
