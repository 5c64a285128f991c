"""The HTTP door: who may come in, what is sent back with every answer, and signing in and out."""
