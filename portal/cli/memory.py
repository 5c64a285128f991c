"""Memory of a process that serves many threads."""

import ctypes

_ARENAS = -8
"""`M_ARENA_MAX` of glibc's malloc.h."""


def from_one_place() -> None:
    """Let all threads of this process, and of those forked from it, take memory from one place.

    glibc keeps eight places a core otherwise, each with gaps of its own: 30 MB a worker. They save
    threads from waiting for one another, but Python lets one at a time take memory anyway. It has
    to be said before threads are there; where malloc has no such setting nothing happens.
    """
    setting = getattr(ctypes.CDLL(None), "mallopt", None)
    if setting is not None:
        setting(_ARENAS, 1)
