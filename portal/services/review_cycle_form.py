"""The form of a cycle of reviews, filled in with what holds or what was typed."""

from collections.abc import Mapping
from dataclasses import replace

from kpi_engine.language import mark, tr
from portal.models.observations import ScopeKind
from portal.readmodels.actions import Option
from portal.readmodels.review_list import CycleForm
from portal.security.permissions import Permission
from portal.services import review_cycles, typed_words
from portal.services.desks import Desk
from portal.services.granted import require
from portal.services.review_cards import PATH, ReviewKind
from portal.services.review_cycles import USUAL, NewCycle
from portal.services.score_views import fits

NEW = "new"
_KINDS = {
    ReviewKind.MONTHLY: mark("Monthly: short-term performance"),
    ReviewKind.QUARTERLY: mark("Quarterly: trend, targets and goals"),
    ReviewKind.ANNUAL: mark("Annual: keep, change or retire"),
}
_SCOPES = {
    ScopeKind.TENANT: mark("The whole company"),
    ScopeKind.TEAM: mark("Each team"),
    ScopeKind.OWNER: mark("Each person"),
}


def read(desk: Desk, place: str, query: Mapping[str, str], csrf: str) -> CycleForm:
    """Return the form of a new cycle, or of one that there is.

    Raises:
        DeniedError: if the person opens no reviews.
        BadInputError: if there is no such cycle.
    """
    require(desk.actor, Permission.REVIEW_OPEN)
    version, said = 0, replace(USUAL[0], name=tr(USUAL[0].name))
    said = replace(said, instructions=tr(said.instructions))
    if place != NEW:
        found = review_cycles.cycle(desk.session, typed_words.one_id("cycle", place))
        version, said = found.version, found.said
    said = _typed(said, query)
    return CycleForm(
        title=tr("A new cycle") if place == NEW else said.name,
        sends=f"{PATH}/cycles/{place}",
        csrf=csrf,
        version=version,
        name=said.name,
        kinds=tuple(Option(kind, tr(text), kind is said.kind) for kind, text in _KINDS.items()),
        scopes=tuple(Option(kind, tr(text), kind is said.scope) for kind, text in _SCOPES.items()),
        signers=(
            Option("", tr("Any leader or executive, within their reach"), said.signer is None),
            *(
                Option(str(person), name, person == said.signer)
                for person, name in review_cycles.signers(desk)
            ),
        ),
        kpis=tuple(
            Option(kpi.key, kpi.name, kpi.key in said.kpis)
            for kpi in sorted(desk.catalogue.values(), key=lambda one: one.name)
            if fits(kpi, said.kind.grain)
        ),
        participants=tuple(
            Option(str(person), name, person in said.participants)
            for person, name in review_cycles.people(desk)
        ),
        open_after=said.open_after,
        answer_days=said.answer_days,
        sign_days=said.sign_days,
        instructions=said.instructions,
        why=query.get("why", ""),
        ends="" if place == NEW else f"{PATH}/cycles/{place}/end",
    )


def _typed(said: NewCycle, query: Mapping[str, str]) -> NewCycle:
    """Return a cycle with what was typed before it was refused."""
    if query.get("kind") in set(ReviewKind):
        said = replace(said, kind=ReviewKind(query["kind"]))
    if query.get("scope") in set(ScopeKind):
        said = replace(said, scope=ScopeKind(query["scope"]))
    return replace(said, name=query.get("name") or said.name)
