"""Work that a request asks for and nobody waits for: done by one thread, when the answer is made.

What takes longer for one address than for another would tell them apart, if it were waited for.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Final

from portal.services import faults

_MOST: Final = 100


class Afterwards:
    """One thread of this process, and a line before it that has an end."""

    def __init__(self) -> None:
        # Its thread begins with the first work: after a fork, in the process that answers.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="afterwards")
        self._places = BoundedSemaphore(_MOST)

    def do(self, work: Callable[[], None]) -> bool:
        """Do `work` soon; False where too much is waiting already: then it is not done."""
        if not self._places.acquire(blocking=False):
            return False
        self._thread.submit(work).add_done_callback(self._ended)
        return True

    def wait(self) -> None:
        """Wait until all that was given so far is done."""
        self._thread.submit(lambda: None).result()

    def _ended(self, done: Future[None]) -> None:
        self._places.release()
        error = done.exception()
        if error is not None:
            faults.told("afterwards failed", error)


AFTERWARDS: Final = Afterwards()
"""Of this process; a server that stops does what is in the line first."""
