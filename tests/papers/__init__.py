"""Review packs and minutes."""
