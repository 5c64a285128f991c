"""What an annual review decided takes effect when it is signed off: keep, change, retire.

A KPI is the whole company's. So who signs what moves one may change the framework, and where teams
or people decided differently about a KPI, it stays as it is. What was not carried out is told.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr
from portal.errors import DeniedError
from portal.security.actor import Actor
from portal.services import lifecycles, listed, review_cycles, typed_words
from portal.services.auditing import Trace
from portal.services.desks import Desk, open_desk
from portal.services.lifecycles import MOVES, Life, LifeMove, LifeState
from portal.services.review_cards import ReviewCard, ReviewKind
from portal.services.review_records import records
from portal.services.reviews import Seen
from portal.tenancy.session import TenantSession
from portal.workflow.review import ReviewMove, ReviewState, review_moves

KEEP = "keep"
_TO = {KEEP: LifeState.ACTIVE, "change": LifeState.UNDER_REVIEW, "retire": LifeState.RETIRED}
_DONE = {
    LifeState.ACTIVE: mark("It is active again."),
    LifeState.UNDER_REVIEW: mark("It is under review now."),
    LifeState.RETIRED: mark("It is retired."),
}
_FORETOLD = {
    LifeState.RETIRED: mark("Retired from now on, for the whole company: {names}."),
    LifeState.UNDER_REVIEW: mark("Under review from now on: {names}."),
    LifeState.ACTIVE: mark("Active again from now on: {names}."),
}
_GONE = mark("Not carried out: there is no such KPI any more.")
_DIFFERENTLY: Mapping[tuple[str, ...], str] = {
    ("change", "keep"): mark("Not carried out: it was decided differently (change, keep)."),
    ("change", "retire"): mark("Not carried out: it was decided differently (change, retire)."),
    ("keep", "retire"): mark("Not carried out: it was decided differently (keep, retire)."),
    ("change", "keep", "retire"): mark(
        "Not carried out: it was decided differently (change, keep, retire)."
    ),
}
_ALREADY: Mapping[LifeState | None, str] = {
    LifeState.ACTIVE: mark("Nothing to do: the KPI is active already."),
    LifeState.UNDER_REVIEW: mark("Nothing to do: the KPI is under review already."),
    LifeState.RETIRED: mark("Nothing to do: the KPI is retired already."),
}
_STANDS: Mapping[LifeState | None, str] = {
    None: mark("Not carried out: the KPI is not adopted."),
    LifeState.PROPOSED: mark("Not carried out: the KPI is proposed."),
    LifeState.ACTIVE: mark("Not carried out: the KPI is active."),
    LifeState.UNDER_REVIEW: mark("Not carried out: the KPI is under review."),
    LifeState.RETIRED: mark("Not carried out: the KPI is retired."),
}
_KEPT = "decisions"
"""The name in the record of a sign-off under which it says what became of them."""


class NotYoursToDecideError(DeniedError):
    """What a review decided moves KPIs of the whole company, and the signer may not."""

    def __init__(self) -> None:
        super().__init__(
            tr(
                "What this review decides changes which KPIs the whole company uses, so an"
                " executive signs it off."
            )
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of one KPI: where it goes, or why it stays."""

    kpi: KpiKey
    decision: str
    to: LifeState | None
    """None: it stays where it is."""
    told: str
    """As it is kept: in English, said to a reader when it is shown."""
    words: str


def carry_out(
    session: TenantSession, actor: Actor, found: Seen, trace: Trace
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Move the KPIs of an annual review as it was decided; return what its record says of it.

    Raises:
        NotYoursToDecideError: if a KPI would move and the signer may not change the framework.
        BadInputError: if somebody else moved a KPI at the same time.
    """
    if found.card.kind is not ReviewKind.ANNUAL:
        return {}
    desk = open_desk(session, actor, trace.at)
    if ReviewMove.SIGN_OFF not in moves_of(desk, found):
        raise NotYoursToDecideError
    told = tuple(_decided(desk, found))
    for one in (each for each in told if each.to is not None):
        _move(desk, found.card, one, trace)
    kept = [
        {"kpi": one.kpi, "decision": one.decision, "to": one.to and one.to.value, "told": one.told}
        for one in told
    ]
    return {_KEPT: kept} if kept else {}


def moves_of(desk: Desk, found: Seen) -> tuple[ReviewMove, ...]:
    """Return the moves of a whole review that the desk's person has, seen what it decides."""
    return review_moves(found.card.state, found.parts, deciding=_deciding(desk, found))


def keepers(desk: Desk, found: Seen) -> tuple[str, ...]:
    """Return who signs a review that the person may not sign for what it decides.

    Nobody where the person may sign it, or has no part in signing.
    """
    card, parts = found.card, found.parts
    unhindered = ReviewMove.SIGN_OFF in review_moves(card.state, parts)
    if found.left or not unhindered or ReviewMove.SIGN_OFF in moves_of(desk, found):
        return ()
    return tuple(name for _, name in review_cycles.signers(desk, card.kind))


def _deciding(desk: Desk, found: Seen) -> bool:
    """Say whether an annual review changes which KPIs the company uses, signed as it stands."""
    if found.card.kind is not ReviewKind.ANNUAL or found.card.state is not ReviewState.OPEN:
        return False
    return any(one.to is not None for one in _decided(desk, found))


def foretold(desk: Desk, found: Seen) -> tuple[str, ...]:
    """Return what signing a review off does, a sentence each, for who is about to."""
    told = [
        tr("Its numbers, answers and approvals stay as they are now: nothing of it changes more.")
    ]
    if found.card.kind is not ReviewKind.ANNUAL:
        return tuple(told)
    names = {one.frozen.kpi: one.frozen.kpi_name for one in found.every}
    decided = tuple(_decided(desk, found))
    for to, words in _FORETOLD.items():
        if led := [names[one.kpi] for one in decided if one.to is to]:
            told.append(tr(words, names=listed.rowed(led)))
    stay = [one for one in decided if one.to is None]
    return (*told, *(f"{names[one.kpi]}: {tr(one.told)}" for one in stay))


def outcomes(session: TenantSession, card: ReviewCard) -> Mapping[KpiKey, str]:
    """Return what became of each decision of a signed review, a sentence a KPI."""
    if card.kind is not ReviewKind.ANNUAL or card.state is not ReviewState.SIGNED_OFF:
        return {}
    return {
        KpiKey(one["kpi"]): tr(str(one["told"]))
        for event in records(session, card.id)
        if event.item is None and event.done.move == ReviewMove.SIGN_OFF.value
        for one in event.done.detail.get(_KEPT, ())
    }


def _decided(desk: Desk, found: Seen) -> Iterator[Decided]:
    """Yield what is to be done or told; a KPI that is kept and in use is neither."""
    lives = lifecycles.lives(desk.session)
    for kpi in dict.fromkeys(each.frozen.kpi for each in found.every):
        answers = [each.answer for each in found.every if each.frozen.kpi == kpi]
        decisions = {one.decision for one in answers if one.decision}
        if not decisions:
            continue
        said = next((one.decision_words for one in answers if one.decision_words), "")
        to, told = _leads(desk, kpi, decisions, lives.get(kpi))
        if told:
            yield Decided(kpi, " and ".join(sorted(decisions)), to, told, said)


def _leads(
    desk: Desk, kpi: KpiKey, decisions: Collection[str], life: Life | None
) -> tuple[LifeState | None, str]:
    """Return where a KPI goes, and what is told of it; nothing where nothing is to be done."""
    if len(decisions) > 1:
        return None, _DIFFERENTLY[tuple(sorted(decisions))]
    decision = min(decisions)
    to = _TO[decision]
    if decision == KEEP and (life is None or life.state is to):
        return None, ""
    if kpi not in desk.catalogue:
        return None, _GONE
    stands = lifecycles.stand(desk, kpi, life)
    if stands is to:
        return None, _ALREADY[stands]
    revived = decision == KEEP and stands is not LifeState.UNDER_REVIEW
    if revived or to not in MOVES[stands]:
        return None, _STANDS[stands]
    return to, _DONE[to]


def _move(desk: Desk, card: ReviewCard, one: Decided, trace: Trace) -> None:
    assert one.to is not None  # noqa: S101 - the caller asks for those that move
    words = f" {one.words}" if one.words.strip() else ""
    reason = " ".join(f"{card.name}: {one.decision}.{words}".split())
    if len(reason) > typed_words.LONGEST:
        reason = f"{reason[: typed_words.LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
    lifecycles.move(desk, LifeMove(one.kpi, one.to, reason), trace)
