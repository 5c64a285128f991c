"""Arrow types of canonical columns: the one place where a column type meets a file type."""

import pyarrow as pa

from kpi_engine.crm.entities import ENTITIES, ColumnType, Entity

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.NUMBER: pa.float64(),
    # Money is exact: sums do not depend on the order in which rows are read.
    ColumnType.MONEY: pa.decimal128(18, 4),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.BOOLEAN: pa.bool_(),
    # Naive UTC: no engine can shift it by its own session zone.
    ColumnType.TIME: pa.timestamp("us"),
    ColumnType.DATE: pa.date32(),
}


def record_schema(entity: Entity | str) -> pa.Schema:
    """Return the Arrow schema of a record: the entity's columns, then `source`, `attributes`.

    `attributes` is a JSON object as text, or null.
    """
    found = ENTITIES[entity] if isinstance(entity, str) else entity
    fields = [pa.field(column.name, ARROW_TYPES[column.type]) for column in found.columns]
    return pa.schema(
        [*fields, pa.field("source", pa.string()), pa.field("attributes", pa.string())]
    )
