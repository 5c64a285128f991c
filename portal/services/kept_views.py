"""What is kept of the engine's answers for a page: by tenant, version, rules and whole question."""

from kpi_engine.definitions.fingerprint import fingerprints
from portal.services import loads
from portal.services.desks import Desk, View
from portal.services.shelf import Shelf

SHELF = Shelf(64)
"""So many at most; the one unused for longest goes first."""


def key_of(desk: Desk, view: View, *more: object) -> tuple[object, ...]:
    """Return what an answer is kept under: no other tenant, reach, load or definition has it."""
    load = loads.last_landed(desk.session)
    prints = tuple(sorted(fingerprints(desk.catalogue).items()))
    rules = repr((desk.card.stages, sorted(desk.card.settings.items()), desk.calendar))
    scope = (view.who.kind, view.who.id)
    return (desk.card.key, load.seq if load else 0, hash(prints), rules, scope, desk.today, *more)
