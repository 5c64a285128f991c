"""The tables, a family a file, and the named questions that services ask of them.

SQLAlchemy stops here: services call these questions through a `TenantSession`.
"""

from portal.models.definitions import KpiDefinition
from portal.models.loads import Load, LoadState
from portal.models.observations import Observation, ObservationKind, ScopeKind
from portal.models.people import Person
from portal.models.tenants import Tenant
from portal.tenancy.owned import Base

METADATA = Base.metadata
"""Every table of the portal."""

__all__ = [
    "METADATA",
    "KpiDefinition",
    "Load",
    "LoadState",
    "Observation",
    "ObservationKind",
    "Person",
    "ScopeKind",
    "Tenant",
]
