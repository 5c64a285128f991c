"""The ids that a callback or the browser's script refers to; nothing else gets an id by hand."""

from typing import Final

URL: Final = "url"
FRAME: Final = "frame"
PAGE: Final = "page"
SIDEBAR: Final = "sidebar"
TABS: Final = "tabs"
TITLE: Final = "title"
TOAST: Final = "toast"

PALETTE: Final = "palette"
PALETTE_INPUT: Final = "palette-input"
PALETTE_RESULTS: Final = "palette-results"

TASK: Final = "task"
TASK_DONE: Final = "task-done"
TASK_UNDONE: Final = "task-undone"


def task(token: str) -> dict[str, str]:
    """Return the id of a task's row."""
    return {"type": TASK, "token": token}


def task_done(token: str) -> dict[str, str]:
    """Return the id of the circle that completes a task."""
    return {"type": TASK_DONE, "token": token}


def task_undone(token: str) -> dict[str, str]:
    """Return the id of what takes that back."""
    return {"type": TASK_UNDONE, "token": token}


KPI_SEARCH: Final = "kpi-search"
NOTE_ADD: Final = "note-add"
NOTE_DAY: Final = "note-day"
NOTE_SAID: Final = "note-said"
NOTE_TEXT: Final = "note-text"

TARGET_AMBER: Final = "target-amber"
TARGET_COPY: Final = "target-copy"
TARGET_HIGH: Final = "target-high"
TARGET_KPI: Final = "target-kpi"
TARGET_LOW: Final = "target-low"
TARGET_NOTE: Final = "target-note"
TARGET_QUOTA: Final = "target-quota"
TARGET_RED: Final = "target-red"
TARGET_SAID: Final = "target-said"
TARGET_SAVE: Final = "target-save"
TARGET_VALUE: Final = "target-value"
