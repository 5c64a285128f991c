"""Actions: asked for, changed, moved on, judged and shown."""
