"""The form of a cycle of reviews, filled in with what holds or what was typed."""

from collections.abc import Mapping
from dataclasses import replace

from kpi_engine.language import mark, tr
from portal.models.observations import ScopeKind
from portal.readmodels.actions import Option
from portal.readmodels.review_list import CycleForm
from portal.security.permissions import Permission
from portal.services import kept_forms, review_cycles, typed_words
from portal.services.desks import Desk
from portal.services.granted import require
from portal.services.kept_forms import Kept
from portal.services.review_cards import PATH, ReviewKind
from portal.services.review_cycles import USUAL, NewCycle
from portal.services.score_views import fits

NEW = "new"
FIELDS = (
    *("name", "kind", "scope", "open_after", "answer_days", "sign_days"),
    *("signer", "instructions", "kpi", "participant"),
)
"""The names of the form's fields."""
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
    sends = place_of(place)
    filled = kept_forms.kept(desk.session, desk.actor, sends, query, desk.now) or _filled(said)
    kind, scope, signer = (filled.one(name) for name in ("kind", "scope", "signer"))
    people = set(filled.fields.get("participant", ()))
    return CycleForm(
        title=tr("A new cycle") if place == NEW else said.name,
        sends=sends,
        csrf=csrf,
        version=version,
        name=filled.one("name"),
        kinds=tuple(Option(one, tr(text), one == kind) for one, text in _KINDS.items()),
        scopes=tuple(Option(one, tr(text), one == scope) for one, text in _SCOPES.items()),
        signers=(
            Option("", tr("Any leader or executive, within their reach"), not signer),
            *(
                Option(str(person), name, str(person) == signer)
                for person, name in review_cycles.signers(desk)
            ),
        ),
        kpis=_kpis(desk, ReviewKind(kind) if kind in _KINDS else said.kind, filled),
        participants=tuple(
            Option(str(person), name, str(person) in people)
            for person, name in review_cycles.people(desk)
        ),
        open_after=filled.one("open_after"),
        answer_days=filled.one("answer_days"),
        sign_days=filled.one("sign_days"),
        instructions=filled.one("instructions"),
        why=filled.why,
        ends="" if place == NEW else f"{sends}/end",
    )


def place_of(place: str) -> str:
    """Return the address of a cycle's form, which is also where it is sent."""
    return f"{PATH}/cycles/{place}"


def _kpis(desk: Desk, kind: ReviewKind, filled: Kept) -> tuple[Option, ...]:
    """Return the KPIs that such a review may look at; what was chosen stays in sight."""
    chosen = set(filled.fields.get("kpi", ()))
    return tuple(
        Option(kpi.key, kpi.name, kpi.key in chosen)
        for kpi in sorted(desk.catalogue.values(), key=lambda one: one.name)
        if fits(kpi, kind.grain) or kpi.key in chosen
    )


def _filled(said: NewCycle) -> Kept:
    """Return a cycle as its form's fields say it."""
    fields: dict[str, list[str]] = {
        "name": [said.name],
        "kind": [said.kind.value],
        "scope": [said.scope.value],
        "open_after": [str(said.open_after)],
        "answer_days": [str(said.answer_days)],
        "sign_days": [str(said.sign_days)],
        "signer": [str(said.signer or "")],
        "instructions": [said.instructions],
        "kpi": list(said.kpis),
        "participant": [str(one) for one in said.participants],
    }
    return Kept(fields, "")
