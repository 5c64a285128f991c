"""The browsers of the matrix: each role of one company, and a stranger to it."""

from tests.web.conftest import browser, clock, joined

__all__ = ["browser", "clock", "joined"]
