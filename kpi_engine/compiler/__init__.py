"""From definitions and a question to statements that read each entity once per date column."""
