"""The ids that a callback or the browser's script refers to; nothing else gets an id by hand."""

from typing import Final

URL: Final = "url"
FRAME: Final = "frame"
PAGE: Final = "page"
SIDEBAR: Final = "sidebar"
TABS: Final = "tabs"
TITLE: Final = "title"
TOAST: Final = "toast"

BELL: Final = "bell"
FRESH: Final = "fresh"

BRAND_ACCENT: Final = "brand-accent"
BRAND_SAMPLES: Final = "brand-samples"

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
CATALOGUE_SEARCH: Final = "catalogue-search"
NOTE_ADD: Final = "note-add"
NOTE_DAY: Final = "note-day"
NOTE_SAID: Final = "note-said"
NOTE_TEXT: Final = "note-text"

REVIEW_BAR: Final = "review-bar"
REVIEW_BASE: Final = "review-base"
REVIEW_CHECKS: Final = "review-checks"
REVIEW_CLASH: Final = "review-clash"
REVIEW_MOVE: Final = "review-move"
REVIEW_OUTBOX: Final = "review-outbox"
REVIEW_READERS: Final = "review-readers"
REVIEW_SAVED: Final = "review-saved"
REVIEW_TICK: Final = "review-tick"


def review_field(field: str) -> str:
    """Return the id of a field of a review, which its label names."""
    return f"review-field-{field}"


MEETING_NOTE: Final = "meeting-note"
MEETING_NOTES: Final = "meeting-notes"
MEETING_SAID: Final = "meeting-said"
MEETING_SEND: Final = "meeting-send"
MEETING_STORE: Final = "meeting-store"
MEETING_TICK: Final = "meeting-tick"

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
