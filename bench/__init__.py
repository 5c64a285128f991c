"""The bench: a generated tenant, the best SQL we can write by hand over it, and the comparison."""
