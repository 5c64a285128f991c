"""The `portal` command: one module a family of commands, each loaded when it is called."""

from portal.cli.main import main

__all__ = ["main"]
