"""Measures that look at the records of an entity, each placed in a period by a date or time."""

from kpi_engine.crm.derived import QUERYABLE
from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.fields import Fields
from kpi_engine.definitions.kinds import (
    Aggregate,
    Cohort,
    Duration,
    First,
    FirstTouch,
    RankAccuracy,
    Slipped,
)
from kpi_engine.definitions.scene import columns
from kpi_engine.definitions.takes import Clock, Take, Within
from kpi_engine.definitions.yaml_tree import Branch, Leaf
from kpi_engine.language import tr

TIME_TAKES = (Take.MEDIAN, Take.MEAN, Take.P90, Take.MIN, Take.MAX)
_LEAST_ROWS = 100


def aggregate(fields: Fields, take: Take) -> Aggregate | None:
    """Read `{count|sum|…: ENTITY or ENTITY.column, where, on, value}`."""
    entity, value, where = counted(fields, take)
    on = fields.placed(entity)
    fields.close()
    return Aggregate(entity, take, value, where, on) if entity else None


def counted(fields: Fields, take: Take) -> tuple[str | None, Expression | None, Expression | None]:
    """Return the entity, the value and the filter of an aggregate or a stock.

    A count of a column counts the records that have it, so it becomes a part of the filter.
    """
    head = take.value
    entity, column = fields.target(head)
    if column and fields.has("value"):
        fields.note(
            tr("'{head}' names a column and 'value' says another; keep one of them.", head=head),
            "value",
        )
    wants = None if take in (Take.COUNT, Take.DISTINCT) else ColumnType.NUMBER
    value = fields.expression("value", entity, wants)
    if column and entity:
        value = fields.parsed(head, column, entity, wants)
    where = fields.filter("where", entity)
    if take is Take.COUNT:
        return entity, None, _with_value(fields, entity, where, value)
    if not column and not fields.has("value"):
        fields.note(
            tr(
                "'{head}' needs to know of what; say {head}: {entity}.COLUMN.",
                head=head,
                entity=entity or "ENTITY",
            ),
            head,
        )
    return entity, value, where


def _with_value(
    fields: Fields, entity: str | None, where: Expression | None, value: Expression | None
) -> Expression | None:
    if entity is None or value is None:
        return where
    there = f"({value.text}) is not null"
    return fields.parsed("value", f"({where.text}) and {there}" if where else there, entity)


def duration(fields: Fields) -> Duration | None:
    """Read `{duration: ENTITY, from, to, take, clock, where, on}`."""
    entity = fields.entity("duration")
    start = fields.moment("from", entity, QUERYABLE[entity].placed_by if entity else None)
    end = fields.moment("to", entity)
    if not fields.has("to"):
        fields.missing("to", "closed_at")
    take = time_take(fields)
    clock = fields.choice("clock", Clock, Clock.CALENDAR)
    where = fields.filter("where", entity)
    on = fields.moment("on", entity) if fields.has("on") else start
    fields.close()
    if entity is None or start is None or end is None or take is None or on is None:
        return None
    return Duration(entity, start, end, take, on, where, clock or Clock.CALENDAR)


def time_take(fields: Fields) -> Take | Within | None:
    """Read `take: median|mean|p90|min|max|{within: 4h}`; the median where nothing is said."""
    node = fields.node("take")
    if isinstance(node, Branch):
        inner = fields.inside("take")
        limit = inner.fixed_span("within") if inner else None
        if inner and not inner.has("within"):
            inner.missing("within", "4h")
        if inner:
            inner.close()
        return Within(limit) if limit else None
    take = fields.choice("take", Take, Take.MEDIAN)
    if take is not None and take not in TIME_TAKES:
        names = ", ".join(each.value for each in TIME_TAKES)
        fields.note(
            tr(
                "A length of time has no {take}; take {names} or within.",
                take=take.value,
                names=names,
            ),
            "take",
        )
    return take


def cohort(fields: Fields) -> Cohort | None:
    """Read `{cohort: ENTITY, on, reaches, within, where}`."""
    entity = fields.entity("cohort")
    on = fields.placed(entity)
    if entity and on is None and not (fields.has("on") and fields.word("on")):
        fields.missing("on", "created_at")
    reaches = fields.moment("reaches", entity)
    if not fields.has("reaches"):
        fields.missing("reaches", "converted_at")
    within = fields.fixed_span("within")
    where = fields.filter("where", entity)
    fields.close()
    if entity is None or on is None or reaches is None:
        return None
    return Cohort(entity, on, reaches, within, where)


def first_of(fields: Fields) -> First | None:
    """Read `{first_of: ENTITY, per, on, where}`."""
    entity = fields.entity("first_of")
    per = fields.column("per", entity)
    on = fields.placed(entity)
    where = fields.filter("where", entity)
    fields.close()
    return First(entity, per, on, where) if entity and per and on else None


def first_touch(fields: Fields) -> FirstTouch | None:
    """Read `{first: ENTITY, of: ENTITY, by, key, at, after, take, where, of_where, clock}`."""
    first = fields.entity("first")
    of = fields.entity("of")
    by = fields.column("by", first, f"{of}_id" if of else None)
    key = fields.column("key", of, "id")
    at = fields.placed(first, "at")
    after = fields.placed(of, "after")
    take = time_take(fields)
    clock = fields.choice("clock", Clock, Clock.CALENDAR) or Clock.CALENDAR
    where, of_where = fields.filter("where", first), fields.filter("of_where", of)
    fields.close()
    if not (first and of and by and key and at and after and take):
        return None
    return FirstTouch(first, at, of, key, by, after, take, where, of_where, clock)


def rank_accuracy(fields: Fields) -> RankAccuracy | None:
    """Read `{rank_accuracy: ENTITY, score, event, on, where, least}`."""
    entity = fields.entity("rank_accuracy")
    score, event = fields.number("score", entity), fields.filter("event", entity)
    for name, example in (("score", "score"), ("event", '"converted_at is not null"')):
        if not fields.has(name):
            fields.missing(name, example)
    on = fields.placed(entity)
    where = fields.filter("where", entity)
    least = _least(fields)
    fields.close()
    if entity is None or score is None or event is None or on is None:
        return None
    return RankAccuracy(entity, score, event, on, where, least)


def _least(fields: Fields) -> int:
    node = fields.node("least")
    if node is None:
        return _LEAST_ROWS
    value = node.value if isinstance(node, Leaf) else None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 < value <= 10**9:
        fields.note(tr("'least' is a whole number of records, 2 or more."), "least")
        return _LEAST_ROWS
    return value


def slipped(fields: Fields) -> Slipped | None:
    """Read `{slipped: ENTITY, expected, opened, closed, where}`."""
    entity = fields.entity("slipped")
    expected = fields.column("expected", entity, "expected_close_on")
    if entity and expected and columns(entity)[expected] is not ColumnType.DATE:
        fields.note(tr("'expected' has to be a date, such as expected_close_on."), "expected")
    opened, closed = open_and_closed(fields, entity)
    where = fields.filter("where", entity)
    fields.close()
    if entity is None or expected is None or opened is None or closed is None:
        return None
    return Slipped(entity, expected, opened, closed, where)


def open_and_closed(
    fields: Fields, entity: str | None
) -> tuple[Expression | None, Expression | None]:
    """Read `opened` (the entity's own date where it is not said) and `closed`."""
    opened = fields.placed(entity, "opened")
    closed = fields.moment("closed", entity)
    if not fields.has("closed"):
        fields.missing("closed", "closed_at")
    return opened, closed
