"""Names in a row, as a sentence lists them."""

from collections.abc import Iterable, Sequence
from functools import reduce

from kpi_engine.language import tr


def anded(names: Iterable[str]) -> str:
    """Return names with a word between each two: 'A and B and C'."""
    told = tuple(names)
    return reduce(_pair, told) if told else ""


def rowed(names: Sequence[str]) -> str:
    """Return names with commas and a word before the last: 'A, B and C'."""
    head = ", ".join(names[:-1])
    return _pair(head, names[-1]) if head else "".join(names)


def either(names: Sequence[str]) -> str:
    """Return names of which one is enough: 'A, B or C'."""
    head = ", ".join(names[:-1])
    return tr("{head} or {last}", head=head, last=names[-1]) if head else "".join(names)


def _pair(head: str, last: str) -> str:
    return tr("{head} and {last}", head=head, last=last)


def with_more(names: Sequence[str], most: int) -> str:
    """Return the first names with commas, and how many more there are: 'A, B and 3 more'."""
    told, more = ", ".join(names[:most]), len(names) - most
    return tr("{names} and {count} more", names=told, count=more) if more > 0 else told


def briefly(names: Sequence[str], most: int) -> str:
    """Return names in a row, or where they are too many the first: 'A and B', 'A, B and 3 more'."""
    return with_more(names, most) if len(names) > most else rowed(names)
