"""The store of facts: every version of every record that was ever loaded, as Delta tables."""
