"""The store of facts: what was landed is read as it was, whatever happens to the process."""
