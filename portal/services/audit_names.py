"""Whose and what's name stands for the ids that the audit log keeps.

An action is told by its KPI and not by its title: who reads the log need not read actions.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from kpi_engine.definitions.problems import DefinitionsError
from kpi_engine.language import tr, trc
from portal.models import actions, people, reviews
from portal.services import definitions, rosters
from portal.tenancy.session import TenantSession

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def of(session: TenantSession) -> Mapping[str, str]:
    """Return the names of people, reviews, cycles, actions, KPIs and teams, by what names them.

    What is no longer there has none. A company whose own definitions can't be read has no names
    of KPIs: the log is read then most of all.
    """
    kpis = _kpis(session)
    found = {one.key: one.name for one in rosters.roster(session).teams.values()} | kpis
    for action in session.scalars(actions.every()):
        kpi = kpis.get(action.kpi, action.kpi)
        found[str(action.id)] = tr("action on {kpi}", kpi=kpi)
    for cycle in session.scalars(reviews.cycles()):
        found[str(cycle.id)] = cycle.name
    for review in session.scalars(reviews.reviews()):
        found[str(review.id)] = review.name
    for person in session.scalars(people.everybody()):
        found[str(person.id)] = person.name or person.email
    return found


def detail(told: Mapping[str, object], names: Mapping[str, str]) -> str:
    """Return what was kept with an event, names in the place of ids; empty where nothing was."""
    return "; ".join(f"{_key(key)}: {_said(one, names)}" for key, one in sorted(told.items()))


def _key(key: str) -> str:
    """Return what is told, in words; one that another release kept reads as it was kept."""
    words = {
        "approved_by_nobody_else": trc("kept with an event", "approved by nobody else"),
        "accent": trc("kept with an event", "accent"),
        "at": trc("kept with an event", "at"),
        "before": trc("kept with an event", "before"),
        "carried": trc("kept with an event", "carried over"),
        "changed": trc("kept with an event", "changed"),
        "component": trc("kept with an event", "component"),
        "copies": trc("kept with an event", "copies"),
        "day": trc("kept with an event", "day"),
        "done": trc("kept with an event", "done"),
        "ended": trc("kept with an event", "ended"),
        "files": trc("kept with an event", "files"),
        "from": trc("kept with an event", "from"),
        "hour": trc("kept with an event", "hour"),
        "items": trc("kept with an event", "items"),
        "kind": trc("kept with an event", "kind"),
        "kpi": trc("kept with an event", "KPI"),
        "logo": trc("kept with an event", "logo"),
        "move": trc("kept with an event", "step"),
        "name": trc("kept with an event", "name"),
        "own": trc("kept with an event", "approved by its author"),
        "owner": trc("kept with an event", "owner"),
        "percent": trc("kept with an event", "share in per cent"),
        "period": trc("kept with an event", "period"),
        "person": trc("kept with an event", "person"),
        "place": trc("kept with an event", "place"),
        "proposal": trc("kept with an event", "proposal"),
        "refused": trc("kept with an event", "refused"),
        "rhythm": trc("kept with an event", "rhythm"),
        "role": trc("kept with an event", "role"),
        "roles": trc("kept with an event", "roles"),
        "scope": trc("kept with an event", "scope"),
        "shares": trc("kept with an event", "shares"),
        "stands": trc("kept with an event", "stands"),
        "successor": trc("kept with an event", "successor"),
        "team": trc("kept with an event", "team"),
        "through": trc("kept with an event", "until the end of"),
        "to": trc("kept with an event", "to"),
        "until": trc("kept with an event", "until"),
        "user": trc("kept with an event", "user of the CRM"),
        "version": trc("kept with an event", "version"),
        "weekday": trc("kept with an event", "weekday"),
        "why": trc("kept with an event", "reason"),
    }
    return words.get(key) or key.replace("_", " ")


def _kpis(session: TenantSession) -> dict[str, str]:
    try:
        return {str(key): kpi.name for key, kpi in definitions.catalogue(session).items()}
    except DefinitionsError:
        return {}


def _said(told: object, names: Mapping[str, str]) -> str:
    if isinstance(told, bool):
        return trc("an answer", "yes") if told else trc("an answer", "no")
    if isinstance(told, Iterable) and not isinstance(told, str | Mapping):
        return ", ".join(_said(one, names) for one in told)
    text = str(told)
    # A share is kept as '<person> 60 %': the id is one word of several.
    return names.get(text) or _ID.sub(lambda found: names.get(found[0], found[0]), text)
