"""The form that moves a KPI in its life: what it shows, and what was typed, read and checked."""

from collections.abc import Mapping

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from portal.errors import BadInputError
from portal.readmodels.framework_forms import LifeForm, Option
from portal.services import form_parts, life_words, lifecycles, typed_words
from portal.services.desks import Desk
from portal.services.form_parts import Typed
from portal.services.framework_tabs import CATALOGUE
from portal.services.lifecycles import MOVES, LifeMove, LifeState


def life_form(desk: Desk, kpi: str) -> LifeForm:
    """Return the form that moves a KPI in its life.

    Raises:
        BadInputError: if there is no such KPI.
    """
    found = form_parts.known_kpi(desk, kpi)
    past = lifecycles.past(desk.session, found.key)
    life = past[0] if past else None
    stands = lifecycles.stand(desk, found.key, life)
    told = f"{life_words.status(stands).word}. {life_words.note(desk, life)}".strip()
    may_retire = LifeState.RETIRED in MOVES[stands]
    others = [one for one in desk.catalogue.values() if one.key != found.key]
    return LifeForm(
        title=found.name,
        question=found.question,
        stands=told,
        moves=tuple(Option(to.value, tr(_MOVES[to])) for to in MOVES[stands]),
        kpis=form_parts.kpis(others) if may_retire else (),
        history=tuple(f"{one.state.word}: {life_words.note(desk, one)}" for one in past),
        back=f"{CATALOGUE}?search={found.key}",
    )


_MOVES: Mapping[LifeState, str] = {
    LifeState.PROPOSED: mark("Propose it"),
    LifeState.ACTIVE: mark("Take it into use"),
    LifeState.UNDER_REVIEW: mark("Put it under review"),
    LifeState.RETIRED: mark("Retire it"),
}


def life_typed(desk: Desk, kpi: str, typed: Typed) -> LifeMove:
    """Return where a KPI is to go, as it was typed.

    Raises:
        BadInputError: if a part of it is none.
    """
    to = form_parts.first(typed, "to")
    if to not in [one.value for one in LifeState]:
        raise BadInputError(tr("Choose where the KPI is to go."))
    successor = form_parts.first(typed, "successor")
    return LifeMove(
        form_parts.known_kpi(desk, kpi).key,
        LifeState(to),
        form_parts.first(typed, "reason"),
        KpiKey(successor) if successor else None,
        typed_words.perhaps_day(
            tr("The last day of both"), form_parts.first(typed, "parallel_until")
        ),
    )
