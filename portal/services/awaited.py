"""Which columns are rightly empty until something happens, so that nothing is amiss."""

from kpi_engine.crm.entities import ENTITIES
from portal.services.builder_fields import column_of
from portal.services.builder_preview import is_event
from portal.services.data_needs import Need

PLANNED = {"expected_close_on", "due_at", "due_on", "renewal_due_on", "started_on"}
"""Days that are known before they come: one that is missing is a gap at any time."""
HAPPENED = {
    ("opportunity", "closed_at"): "status",
    ("activity", "completed_at"): "outcome",
    ("renewal", "decided_on"): "outcome",
}
"""A moment that has come where the filter asks for what says so."""


def awaited(entity: str, column: str) -> bool:
    """Say whether a column is rightly empty until something happens, or where there is none."""
    far = column.rpartition(".")[2]
    if far in PLANNED:
        return False
    found = column_of(entity, column)
    if found is None or found[0] not in ENTITIES:
        return far.endswith(("_at", "_on"))
    return is_event(Need(found[0], far))
