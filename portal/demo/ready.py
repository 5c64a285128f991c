"""Makes what of the demo is missing: data, numbers, targets and people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.demo import (
    brand,
    framework_actions,
    framework_bridges,
    framework_check,
    framework_goals,
    framework_reviews,
    framework_signals,
)
from portal.demo.cast import CAST, let_in
from portal.demo.companies import COMPANIES, KESTREL, RAVENSTACK, Company
from portal.demo.making import is_made, make
from portal.demo.plan import KESTREL_AIMS, RAVENSTACK_AIMS, Aim
from portal.demo.planning import Planner, set_plan, set_quotas
from portal.models import open_readings
from portal.security.roles import Role
from portal.services import moments, people, rosters, tenants
from portal.services.engines import Workshop, calendar_of, catalogue_of
from portal.services.office import Office
from portal.services.refreshing import refresh
from portal.services.targets import Author
from portal.tenancy.keys import TenantKey

_AIMS: Mapping[TenantKey, Mapping[str, Aim]] = {
    KESTREL.key: KESTREL_AIMS,
    RAVENSTACK.key: RAVENSTACK_AIMS,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What the demo is made with."""

    office: Office
    workshop: Workshop
    say: Callable[[str], None]
    """Told what is going on, in a sentence."""


def make_ready(stage: Stage) -> None:
    """Make what is missing. What is there is left as it is, also what people changed in it."""
    for company in COMPANIES:
        if not is_made(stage.office, company):
            stage.say(f"Making the demo tenant {company.profile.name} …")
            make(stage.office, company)
        if _is_ready(stage, company):
            continue
        stage.say(f"Computing the numbers of {company.profile.name}; this takes a minute …")
        refresh(stage.workshop, company.key, stage.office.now())
        let_in(stage.office, company)
        brand.show_itself(stage.office, company)
        _plan(stage, company)
        framework_goals.set_framework(stage.office, company)
        framework_bridges.replace_kpi(stage.office, company)
        framework_actions.set_actions(stage.office, company)
        framework_reviews.hold_reviews(stage.office, stage.workshop, company)
        framework_check.keep_the_past(stage.office, company)
        framework_signals.tell(stage.office, company)


def _is_ready(stage: Stage, company: Company) -> bool:
    """Whether numbers and people are there; targets are set in the same breath."""
    with stage.office.database.session(company.key) as session:
        if session.scalars(open_readings.refreshed()).one_or_none() is None:
            return False
        mine = [one for one in CAST if one.company == company.key]
        return all(people.find(session, one.email) for one in mine)


def _plan(stage: Stage, company: Company) -> None:
    """Set the targets, in the name of the first executive."""
    office, aims = stage.office, _AIMS[company.key]
    chief = next(one for one in CAST if one.company == company.key and Role.EXECUTIVE in one.roles)
    with office.database.session(company.key) as session:
        card = tenants.get(session)
        calendar = calendar_of(card)
        today = calendar.local_date(moments.naive(office.now()))
        person = people.find(session, chief.email)
        row = session.scalars(open_readings.refreshed()).one()
        planner = Planner(
            session,
            calendar,
            catalogue_of(session, card),
            rosters.roster(session),
            Author(chief.name, None if person is None else person.id),
            office.now(),
            min(today, row.last_on or today),
        )
        set_plan(planner, aims)
        if company is KESTREL:
            set_quotas(planner, company.source(office.home, today).parent / "quota.csv")
