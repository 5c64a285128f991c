"""A page each: a read model in, a component out."""
