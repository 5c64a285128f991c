"""A shelf of views that cost something to make; it holds so many and no more."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

View = TypeVar("View")


class Shelf:
    """Views by what they are of; the one asked for longest ago goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._views: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...], make: Callable[[], View]) -> View:
        """Return a view, made now if it is not kept."""
        with self._lock:
            if key in self._views:
                self._views.move_to_end(key)
                return self._views[key]  # type: ignore[return-value]
        made = make()
        with self._lock:
            self._views[key] = made
            while len(self._views) > self._most:
                self._views.popitem(last=False)
        return made
