"""The canonical CRM: entities and their typed columns, and raw rows made into records."""
