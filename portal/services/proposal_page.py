"""The pages of proposals: what waits, and one of them with all that its decision needs."""

from collections.abc import Mapping
from dataclasses import replace

from kpi_engine.definitions.catalogue import read_own, shipped_catalogue
from kpi_engine.errors import KpiError
from kpi_engine.language import mark, tr
from portal.errors import PortalError
from portal.models.proposals import ProposalState
from portal.readmodels.builder import Note
from portal.readmodels.cards import Choice, Head, Status, Tone
from portal.readmodels.proposals import Decide, ProposalPage, ProposalRow, ProposalsPage
from portal.security.permissions import Permission
from portal.services import (
    activations,
    builder_drafts,
    builder_notes,
    builder_preview,
    builder_reading,
    comparing,
    impact,
    proposal_words,
    proposals,
    viewpoints,
)
from portal.services.builder_page import NEW
from portal.services.builder_preview import Built
from portal.services.builder_trial import tried
from portal.services.desks import Desk, NoReachError
from portal.services.engines import Workshop
from portal.services.proposal_refusals import REFUSALS
from portal.services.proposals import MENDABLE, Proposal

HOME = "/kpis/proposals"
_AHEAD = (ProposalState.OPEN, ProposalState.PENDING)
_SAID = {
    "proposed": mark("Proposed. An analyst decides; the draft is no more."),
    "declined": mark("Declined. Who proposed it sees why."),
    "planned": mark("Activated for a later day. Until then what holds now holds on."),
    "called_back": mark("Called back. What holds now holds on."),
    "discarded": mark("The draft was thrown away."),
}


def read_all(desk: Desk, query: Mapping[str, str]) -> ProposalsPage:
    """Return the proposals that wait and those decided last."""
    proposes = desk.may(Permission.DEFINITION_PROPOSE)
    own = builder_drafts.own(desk) if proposes else ()
    return ProposalsPage(
        Head(
            tr("Proposals"),
            tr(
                "Definitions on their way: proposed by those who need them, activated by an"
                " analyst."
            ),
            (Choice(tr("KPIs"), "/kpis"),),
        ),
        tuple(_row(desk, one) for one in proposals.waiting(desk.session)),
        tuple(_row(desk, one) for one in proposals.pending(desk.session)),
        tuple(_row(desk, one) for one in proposals.decided(desk.session)),
        tuple(
            (
                one.form.get("name") or tr("Without a name"),
                f"{NEW}/{one.id}",
                desk.formats.ago(desk.now - one.changed_at),
            )
            for one in own
        ),
        proposes,
        tr(_SAID.get(query.get("said", ""), "")),
    )


def _row(desk: Desk, one: Proposal) -> ProposalRow:
    outcome, why = proposal_words.outcome(desk, one), proposal_words.why(one)
    return ProposalRow(
        one.name,
        f"{HOME}/{one.id}",
        _kind(one),
        one.by_name,
        desk.day_of(one.at),
        one.reason,
        proposal_words.status(one.state),
        f"{outcome}: {why}" if outcome and why else outcome,
    )


def _kind(one: Proposal) -> str:
    if one.base_version:
        return tr("Changes version {version}", version=one.base_version)
    return tr("Changes what ships") if one.key in shipped_catalogue() else tr("New KPI")


def read_one(
    workshop: Workshop, desk: Desk, proposal: str, query: Mapping[str, str]
) -> ProposalPage:
    """Return one proposal, with what it gives for the reader's reach.

    Raises:
        NoProposalError: if there is none of that id.
    """
    one = proposals.one(desk.session, proposal)
    grown, kpis, issues = read_own(one.yaml, desk.catalogue)
    before = desk.catalogue.get(one.key)
    kpi = kpis[0] if kpis else None
    text = builder_reading.definition_text(desk.session, one.key) if before else ""
    names = (tr("As it holds now") if before else "", tr("As proposed"))
    by = f"{one.by_name}, {desk.moment(one.at)}"
    page = ProposalPage(
        head=_head(one),
        status=proposal_words.status(one.state),
        reason=one.reason,
        told=((tr("Proposed by"), by), *proposal_words.told(desk, one)),
        comparison=comparing.compared(names, (before, kpi), (text, one.yaml), grown),
        trial=None,
        trial_absence="",
        notes=tuple(Note(Status(Tone.BAD, tr("Wrong")), issue.text) for issue in issues),
        needs=(),
        impact=None,
        decide=_decide(desk, one),
        yaml=one.yaml,
        said=tr(_SAID.get(query.get("said", ""), "")),
        refused=tr(REFUSALS.get(query.get("said", ""), "")),
    )
    if kpi is None or issues:
        return replace(page, trial_absence=tr("The definition can't be used any more."))
    try:
        built = Built(
            desk, kpi, grown, viewpoints.viewpoint_of_any(desk, query), f"{HOME}/{one.id}"
        )
        return _with_numbers(workshop, page, built, one)
    except NoReachError:
        why = tr(
            "You see no preview, because a definition that is not in use yet could tell numbers"
            " that are not open to you. An analyst looks at what it gives, and decides."
        )
        return replace(page, trial_absence=why)
    except (PortalError, KpiError) as error:
        return replace(page, trial_absence=str(error))


def _with_numbers(
    workshop: Workshop, page: ProposalPage, built: Built, one: Proposal
) -> ProposalPage:
    points = tried(workshop, built.desk, built.kpi, built.grown, built.view)
    return replace(
        page,
        trial=builder_preview.drawn(built, points),
        notes=builder_notes.opinions(built.desk, built.kpi, points),
        needs=builder_preview.needs(workshop, built),
        impact=impact.impact(workshop, built) if one.state in _AHEAD else None,
    )


def _head(one: Proposal) -> Head:
    crumbs = (Choice(tr("KPIs"), "/kpis"), Choice(tr("Proposals"), HOME))
    return Head(one.name, tr("{kind}. Key {key}.", kind=_kind(one), key=one.key), crumbs)


def _decide(desk: Desk, one: Proposal) -> Decide:
    mine = one.by == desk.actor.person
    stem = f"{HOME}/{one.id}"
    if not one.is_open:
        again = one.state in MENDABLE and mine
        return Decide(
            call_back=f"{stem}/call-back" if _may_call_back(desk, one) else "",
            mend=f"{stem}/mend" if again else "",
        )
    why_not = activations.refusal(desk, one)
    edits = desk.may(Permission.DEFINITION_EDIT)
    alone = tr("You proposed it and are the only analyst: that is written down with it.")
    return Decide(
        activate="" if why_not else f"{stem}/activate",
        decline=f"{stem}/decline" if edits else "",
        withdraw=f"{stem}/withdraw" if mine else "",
        why_not=tr(why_not),
        alone=alone if mine and not why_not else "",
        today=desk.today.isoformat(),
    )


def _may_call_back(desk: Desk, one: Proposal) -> bool:
    """Say whether an activation can still be taken back, and by this person."""
    ahead = one.state is ProposalState.PENDING and one.day is not None and one.day > desk.today
    return ahead and desk.may(Permission.DEFINITION_EDIT)
