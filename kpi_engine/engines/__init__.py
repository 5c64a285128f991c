"""Who runs the statements: DuckDB in this process, or Spark."""
