"""The page of a KPI: whose numbers, which records, what is noted, and what is not shown."""
