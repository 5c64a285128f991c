"""Runs the steps on the connection that was handed in, all in the caller's transaction."""

from alembic import context

from portal.models import METADATA
from portal.tenancy.owned import SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=lambda name, kind, _: kind != "schema" or name == SCHEMA,
    compare_server_default=True,
)
context.run_migrations()
