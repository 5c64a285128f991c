"""Alarms of guardrails as pages tell them: on a KPI's own page, and on the company's."""

from portal.readmodels.moved import Guarded
from portal.services import addresses, guardrails, lifecycles, viewpoints
from portal.services.desks import Desk, View
from portal.services.guardrails import Alarm
from portal.services.kpi_sights import Sight
from portal.services.numbers import Who

MOST = 2
"""So many stand on a page of the company; a page is no list of alarms."""


def of_kpi(sight: Sight) -> tuple[Guarded, ...]:
    """Return the alarms in which a KPI is the one that got better, or the one that guards it."""
    desk, key = sight.desk, sight.kpi.key
    guards = [other for other in desk.catalogue if key in desk.catalogue[other].guardrails]
    found = guardrails.alarms(desk, [key, *guards], sight.view.who, sight.period)
    told = [alarm for alarms in found.values() for alarm in alarms]
    return tuple(
        _told(desk, sight.view.who, alarm, other=alarm.primary == key)
        for alarm in told
        if key in {alarm.primary, alarm.guardrail}
    )


def of_company(desk: Desk, view: View) -> tuple[Guarded, ...]:
    """Return the alarms of the KPIs that were adopted, up to a page's last period."""
    keys = sorted(lifecycles.adopted(desk.session, desk.catalogue))
    found = guardrails.alarms(desk, keys, view.who, view.last)
    told = [alarm for alarms in found.values() for alarm in alarms]
    return tuple(_told(desk, view.who, alarm, other=False) for alarm in told[:MOST])


def _told(desk: Desk, who: Who, alarm: Alarm, *, other: bool) -> Guarded:
    """Return an alarm with the way to the guardrail's page, or else to the primary's."""
    key = alarm.guardrail if other else alarm.primary
    href = addresses.kpi_page(key, **dict(viewpoints.of_who(desk, who).query))
    name = desk.catalogue[key].name
    return Guarded(alarm.sentence, alarm.evidence, alarm.question, name, href)
