"""What closed periods were: kept as first known, restated with causes, never changed."""
