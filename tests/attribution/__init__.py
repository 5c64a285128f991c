"""Who moved it, and what it did to its guardrail."""
