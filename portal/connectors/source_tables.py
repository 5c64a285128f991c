"""The tables of a source file: one file's fields, checked against the entity they feed."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath, PureWindowsPath

import yaml

from kpi_engine.crm.entities import ENTITIES, Entity
from kpi_engine.crm.sources import (
    Explode,
    Field,
    FileFormat,
    FromColumn,
    Mark,
    Phrase,
    TableMap,
    Taken,
)
from kpi_engine.errors import did_you_mean
from portal.connectors.source_formats import SUFFIXES, read_format
from portal.connectors.source_forms import read_form, read_phrase, read_words
from portal.connectors.yaml_nodes import Problems, entries, mark_of, text

_KEYS = ("file", "entity", "format", "fields", "where", "explode", "per")
_SET_BY_US = ("source", "attributes")
_MOST_FIELDS = 500


def read_table(node: yaml.Node, problems: Problems) -> TableMap | None:
    """Return one table of the list, or None after adding what is wrong with it."""
    found = entries(node, _KEYS, "The table", problems)
    form = read_format(found["format"][1], problems) if "format" in found else FileFormat()
    for key in ("file", "entity", "fields"):
        if key not in found:
            problems.add(mark_of(node), f"The table lacks `{key}`.")
    if not {"file", "entity", "fields"} <= found.keys():
        return None
    file = _file(found["file"][1], problems)
    entity = _entity(found["entity"][1], problems)
    fields = _fields(found["fields"][1], entity, problems)
    explode = _explode(found, entity, problems)
    per = text(found["per"][1], "`per`", problems) if "per" in found else None
    if file is None or entity is None:
        return None
    where: Phrase | None = None
    if "where" in found:
        where = read_phrase(found["where"][1], "`where`", problems)
    table = TableMap(file, entity.name, fields, found["fields"][0], form, where, explode, per)
    _check_per(table, found, problems)
    _check_filled(table, entity, problems)
    return table


def _file(node: yaml.Node, problems: Problems) -> str | None:
    name = text(node, "`file`", problems)
    if name is None:
        return None
    parts = PurePosixPath(name).parts
    if name.startswith("/") or PureWindowsPath(name).drive or "\\" in name or ".." in parts:
        problems.add(mark_of(node), "`file` should be a path inside the data folder, with `/`.")
        return None
    if "\0" in name or PurePosixPath(name).suffix.lower() not in SUFFIXES:
        kinds = ", ".join(SUFFIXES)
        problems.add(mark_of(node), f"`file` should end in one of {kinds}; this is '{name}'.")
        return None
    return name


def _entity(node: yaml.Node, problems: Problems) -> Entity | None:
    name = text(node, "`entity`", problems)
    if name is not None and name not in ENTITIES:
        hint = did_you_mean(name, ENTITIES) or f" There are: {', '.join(ENTITIES)}."
        problems.add(mark_of(node), f"There is no entity '{name}'.{hint}")
        return None
    return ENTITIES[name] if name is not None else None


def _fields(node: yaml.Node, entity: Entity | None, problems: Problems) -> tuple[Field, ...]:
    made = []
    found = entries(node, None, "`fields`", problems)
    if len(found) > _MOST_FIELDS:
        problems.add(mark_of(node), f"`fields` has over {_MOST_FIELDS} names.")
        return ()
    for name, (mark, value) in found.items():
        if name in _SET_BY_US:
            problems.add(mark, f"'{name}' is filled by the import: leave it out of `fields`.")
            continue
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,62}", name):
            problems.add(mark, f"'{name}' should be letters, digits and `_`, 63 at most.")
            continue
        form = read_form(value, f"'{name}'", problems)
        if form is not None:
            made.append(Field(name, form, mark))
            _check_choices(made[-1], entity, problems)
    return tuple(made)


def _check_choices(field: Field, entity: Entity | None, problems: Problems) -> None:
    column = entity.column(field.name) if entity else None
    mapped = getattr(field.form, "map", None) or {}
    words = [*mapped.values(), getattr(field.form, "value", None)]
    for word in words:
        if column and column.choices and word is not None and word not in column.choices:
            problems.add(field.mark, not_a_choice(word, column.name, column.choices))


def not_a_choice(word: str, name: str, choices: tuple[str, ...]) -> str:
    """Return the sentence for a word that a column does not allow."""
    hint = did_you_mean(word, choices) or f" It may be: {', '.join(choices)}."
    return f"'{name}' may not be '{word}'.{hint}"


def _explode(
    found: Mapping[str, tuple[Mark, yaml.Node]], entity: Entity | None, problems: Problems
) -> Explode | None:
    if "explode" not in found:
        return None
    mark, node = found["explode"]
    parts = entries(node, ("to", "count", "columns"), "`explode`", problems)
    for key in ("to", "columns"):
        if key not in parts:
            problems.add(mark, f"`explode` lacks `{key}`.")
    if not {"to", "columns"} <= parts.keys():
        return None
    to = text(parts["to"][1], "`to` of `explode`", problems)
    count = text(parts["count"][1], "`count` of `explode`", problems) if "count" in parts else None
    columns = _explode_columns(parts["columns"][1], problems)
    if to is None:
        return None
    explode = Explode(to, columns, count, mark)
    if entity is not None:
        _check_explode(explode, entity, problems)
    return explode


def _check_explode(explode: Explode, entity: Entity, problems: Problems) -> None:
    for name in (explode.to, explode.count):
        if name is not None and entity.column(name) is None:
            hint = did_you_mean(name, entity.names)
            problems.add(
                explode.mark, f"`explode` names '{name}', which {entity.name} lacks.{hint}"
            )
    target = entity.column(explode.to)
    for word in explode.columns.values() if target and target.choices else ():
        if target and word not in target.choices:
            problems.add(explode.mark, not_a_choice(word, target.name, target.choices))


def _explode_columns(node: yaml.Node, problems: Problems) -> dict[str, str]:
    what = "`columns` of `explode`"
    raw = read_words(node, what, problems)
    columns = {name: word for name, word in raw.items() if word is not None}
    if not columns or len(columns) < len(raw):
        problems.add(mark_of(node), f"{what} should give each file column a word.")
    if len(set(columns.values())) < len(columns):
        problems.add(
            mark_of(node), f"{what} gives two columns the same word: their ids would meet."
        )
    return columns


def _check_per(
    table: TableMap, found: Mapping[str, tuple[Mark, yaml.Node]], problems: Problems
) -> None:
    taken = [field for field in table.fields if isinstance(field.form, Taken)]
    if table.per is None:
        for field in taken:
            head = "min, max, first, last and count"
            problems.add(field.mark, f"'{field.name}': {head} need `per`, the key of the events.")
        return
    if table.explode is not None:
        problems.add(found["explode"][0], "A table has `per` or `explode`, not both.")
    for field in table.fields:
        if field.name == "id" and not (
            isinstance(field.form, FromColumn) and field.form.column == table.per
        ):
            problems.add(field.mark, f"Under `per: {table.per}`, `id` should be '{table.per}'.")


def _check_filled(table: TableMap, entity: Entity, problems: Problems) -> None:
    exploded = (table.explode.to, table.explode.count) if table.explode else ()
    names = {field.name for field in table.fields} | {name for name in exploded if name}
    for name in exploded:
        if name is not None and any(field.name == name for field in table.fields):
            problems.add(table.mark, f"'{name}' comes from `explode`: leave it out of `fields`.")
    strays = [name for name in names if entity.column(name) is None]
    for column in entity.columns:
        if column.required and column.name not in names:
            near = did_you_mean(column.name, strays).replace("Did you mean", "Is that")
            problems.add(
                table.mark, f"{entity.name} needs '{column.name}': add it to `fields`.{near}"
            )
    if entity.one_of and not names & set(entity.one_of):
        either = " or ".join(f"'{name}'" for name in entity.one_of)
        problems.add(table.mark, f"{entity.name} needs {either}: add one to `fields`.")
