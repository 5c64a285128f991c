"""Tenants: making one, and what it has set for its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kpi_engine.crm.stages import StageMap, StageRule
from portal.errors import TenantExistsError, UnknownTenantError
from portal.models import tenants as questions
from portal.models.tenants import Tenant
from portal.services import inputs
from portal.services.remembering import remembered
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says of a new tenant."""

    name: str
    timezone: str = "UTC"
    currency: str = "USD"
    fiscal_start: int = 1
    week_start: str = "monday"


@dataclass(frozen=True, slots=True)
class TenantCard:
    """One tenant as it stands."""

    key: TenantKey
    name: str
    timezone: str
    currency: str
    fiscal_start: int
    """The month that the fiscal year begins with, 1-12."""
    week_start: int
    """0 for Monday to 6 for Sunday."""
    settings: Mapping[str, Any]
    """Only what the tenant has set; the rest has its default."""
    stages: StageMap
    created_at: datetime


def create(session: TenantSession, profile: Profile, now: datetime) -> TenantCard:
    """Make the tenant whose key the session has.

    Raises:
        TenantExistsError: if it is there.
        BadInputError: if the profile can't be used; names the nearest zone, currency or weekday.
    """
    made = Tenant(
        tenant_id=session.tenant,
        name=inputs.line("The tenant's name", profile.name),
        timezone=inputs.timezone(profile.timezone),
        currency=inputs.currency(profile.currency),
        fiscal_start=inputs.month(profile.fiscal_start),
        week_start=inputs.weekday(profile.week_start),
        settings={},
        stages={},
        created_at=now,
    )
    if not session.insert_new(made):
        raise TenantExistsError(session.tenant)
    return _card(made)


@remembered
def get(session: TenantSession) -> TenantCard:
    """Return the session's tenant.

    Raises:
        UnknownTenantError: if it was never made.
    """
    return _card(_row(session))


def set_setting(session: TenantSession, name: str, value: object) -> TenantCard:
    """Set one of the engine's settings, or with None go back to its default.

    Raises:
        BadSettingsError: if there is no such setting or it may not be that.
        UnknownTenantError: if there is no such tenant.
    """
    # The settings' checks bring the definitions' parser with them; other intents do without.
    from kpi_engine.definitions.settings import Settings  # noqa: PLC0415

    row = _row(session, held=True)
    own = {key: kept for key, kept in row.settings.items() if key != name}
    # Checked also when it is taken back: a misspelt name changes nothing and must say so.
    Settings({name: Settings().get(name) if value is None else value})
    row.settings = own if value is None else {**own, name: value}
    session.flush()
    return _card(row)


def merge_stages(session: TenantSession, stages: StageMap) -> StageMap:
    """Add `stages` to the tenant's map; those that it has already are replaced. Return the map.

    Raises:
        UnknownTenantError: if there is no such tenant.
    """
    row = _row(session, held=True)
    given = {name: _rule(rule) for name, rule in stages.items()}
    if merged := {**row.stages, **given}:
        row.stages = merged
    session.flush()
    return _card(row).stages


def _row(session: TenantSession, *, held: bool = False) -> Tenant:
    asked = questions.its_row_held() if held else questions.its_row()
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise UnknownTenantError(session.tenant)
    return found


def _rule(rule: StageRule) -> dict[str, Any]:
    """The parts of a rule that say something."""
    parts = {
        "status": rule.status,
        "order": rule.order,
        "probability": rule.probability,
        "forecast": rule.forecast,
    }
    return {name: part for name, part in parts.items() if part is not None}


def _place(named: tuple[str, StageRule]) -> tuple[bool, int, str]:
    """Stages stand in their order, those without one last, by name."""
    name, rule = named
    return rule.order is None, rule.order or 0, name


def _card(row: Tenant) -> TenantCard:
    rules = {name: StageRule.from_json(rule) for name, rule in row.stages.items()}
    return TenantCard(
        key=TenantKey(row.tenant_id),
        name=row.name,
        timezone=row.timezone,
        currency=row.currency,
        fiscal_start=row.fiscal_start,
        week_start=row.week_start,
        settings=dict(row.settings),
        stages=dict(sorted(rules.items(), key=_place)),
        created_at=row.created_at,
    )
