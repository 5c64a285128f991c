"""Those who need a KPI propose it; an analyst activates it, and only then it makes numbers."""

from datetime import timedelta

import psycopg
import pytest

from kpi_engine.definitions.catalogue import read_own
from portal.errors import BadInputError, DeniedError
from portal.models.audit import newest
from portal.security.roles import Role
from portal.services import (
    activations,
    builder_drafts,
    definition_history,
    definitions,
    impact,
    people,
    proposal_page,
    proposal_refusals,
    proposals,
    viewpoints,
)
from portal.services.auditing import Trace
from portal.services.builder_drafts import NoDraftError
from portal.services.builder_form import stored
from portal.services.builder_preview import Built
from portal.services.builder_reading import form_of
from portal.services.kpi_page import read as read_kpi
from portal.services.proposal_refusals import REFUSALS
from portal.services.proposals import NoProposalError, ProposalState
from portal.services.refreshing import last_refresh
from portal.services.refreshing_soon import refresh_soon
from tests.builder.conftest import WON
from tests.kpi_page.conftest import NOW

LATER = NOW + timedelta(minutes=5)


def activate(place, analyst, proposal, note="", at=NOW):
    with place.at(analyst) as desk:
        return activations.activate(desk, str(proposal.id), note, Trace(at))


def named(name: str, **other: str) -> dict[str, str]:
    return {**WON, "name": name, **other}


def test_a_proposal_makes_no_number_until_an_analyst_activates_it(place, proposer, analyst, desk):
    made = place.propose(proposer, named("Won for the journey"))
    listed = desk.json("kpi", "list", "--tenant", place.tenant)
    assert made.key not in {one["key"] for one in listed}
    with place.at(analyst) as at:
        assert made.id in {one.id for one in proposals.waiting(at.session)}
    done = activate(place, analyst, made, "Fine.")
    assert (done.key, done.version, done.moved) == (made.key, 1, {made.key})
    assert refresh_soon(place.workshop, place.tenant, done.moved, done.before, NOW)
    with place.at(proposer) as at:
        page = read_kpi(place.workshop, at, made.key, {"period": "2017-03"})
        assert page.cells[0].value == "2"
        events = [row.event for row in at.session.scalars(newest(10))]
        assert {"definition.proposed", "definition.activated"} <= set(events)
    values = desk.values(
        place.tenant, "--kpi", made.key, "--from", "2017-03-01", "--to", "2017-04-01"
    )
    assert [row["value"] for row in values] == [2]


def test_a_refresh_of_one_kpi_leaves_nothing_to_do_for_the_next(place, owner, analyst):
    with place.at(owner) as at:
        before = last_refresh(at.session)
    made = place.propose(owner, named("Won once more, with feeling", a_f0_value="lost"))
    done = activate(place, analyst, made)
    assert refresh_soon(place.workshop, place.tenant, done.moved, done.before, NOW)
    with place.at(owner) as at:
        after = last_refresh(at.session)
    assert before is not None
    assert after is not None
    assert after.version == before.version


def test_nobody_activates_their_own_unless_there_is_no_other_analyst(place, analyst, database):
    made = place.propose(analyst, named("My own"))
    done = activate(place, analyst, made)
    with place.at(analyst) as at:
        row = proposals.one(at.session, str(made.id))
        assert (row.alone, done.version) == (True, 1)
        told = definition_history.read(at, made.key, {}).versions[0].decided
        assert "being the only analyst" in told
    place.actor(Role.ANALYST, "second")
    again = place.propose(analyst, named("My own again", a_f0_value="open"))
    with pytest.raises(DeniedError, match="Another analyst"):
        activate(place, analyst, again)
    other = place.actor(Role.ANALYST, "second")
    assert activate(place, other, again).version == 1


@pytest.mark.parametrize("role", [Role.REP, Role.ADMIN])
def test_who_may_propose_nothing_is_refused(place, role):
    nobody = place.actor(role, "bob")
    with pytest.raises(DeniedError):
        place.begin(nobody, WON)


def test_who_proposes_may_not_activate_or_decline(place, owner):
    made = place.propose(owner, named("Only proposed"))
    with pytest.raises(DeniedError):
        activate(place, owner, made)
    with place.at(owner) as at, pytest.raises(DeniedError):
        activations.decline(at, str(made.id), "no", Trace(NOW))


def test_a_draft_is_nobodys_but_its_makers(place, owner, analyst):
    draft = place.begin(owner, named("Secret plans"))
    with place.at(owner) as at:
        assert builder_drafts.read(at, draft).form.get("name") == "Secret plans"
    for wanted in (draft, "x", "00000000-0000-0000-0000-000000000000"):
        with place.at(analyst) as at, pytest.raises(NoDraftError):
            builder_drafts.read(at, wanted)
    with place.at(analyst) as at, pytest.raises(NoDraftError):
        proposals.propose(at, draft, Trace(NOW))


def test_a_person_has_so_many_drafts_and_no_more(place):
    busy = place.actor(Role.OWNER, "busy")
    for _ in range(builder_drafts.MOST_DRAFTS):
        draft = place.begin(busy, WON)
    with pytest.raises(BadInputError, match="the most"):
        place.begin(busy, WON)
    with place.at(busy) as at:
        builder_drafts.throw_away(at, draft)
    assert place.begin(busy, WON)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"reason": ""}, "why"),
        ({"question": ""}, "wrong"),
        ({"a_entity": "galaxy"}, "wrong"),
        ({"unit": "money"}, "wrong"),
        ({"key": "win_rate"}, "taken"),
        ({"key": "proposals"}, "wrong"),
        ({"key": "Not A Key"}, "wrong"),
        ({"guardrail_1": "no_such_kpi"}, "wrong"),
    ],
)
def test_what_is_missing_or_wrong_is_not_proposed_and_nothing_typed_is_lost(
    place, owner, changes, word
):
    draft = place.begin(owner, named("Half done", **changes))
    with place.at(owner) as at:
        with pytest.raises(BadInputError) as refused:
            proposals.propose(at, draft, Trace(NOW))
        assert proposal_refusals.word_of(refused.value) == word
        assert builder_drafts.read(at, draft).form.get("name") == "Half done"
        builder_drafts.throw_away(at, draft)


def test_two_people_do_not_propose_the_same_kpi_blindly(place, owner, leader):
    place.propose(owner, named("Twice wanted"))
    draft = place.begin(leader, named("Twice wanted"))
    with place.at(leader) as at, pytest.raises(BadInputError) as refused:
        proposals.propose(at, draft, Trace(NOW))
    assert str(refused.value) == REFUSALS["another"]


def changed(place, actor, key: str, **other: str) -> dict[str, str]:
    """Return the form of a KPI as somebody changed it."""
    with place.at(actor) as at:
        kept = stored(form_of(at.session, at.catalogue.kpi(key)))
    sent = dict(kept["values"])
    for side, rows in kept["rows"].items():
        for at_row, row in enumerate(rows):
            names = ("column", "ask", "value", "more")
            sent |= {
                f"{side}_f{at_row}_{name}": cell for name, cell in zip(names, row, strict=True)
            }
    return {**sent, "reason": "It was wrong.", **other}


def test_a_change_shows_before_it_is_saved_what_it_moves(place, proposer):
    sent = changed(place, proposer, "win_rate", b_f0_ask="is", b_f0_value="lost")
    page = place.page(proposer, sent, kpi="win_rate")
    told = {bar.label: (bar.old, bar.value) for bar in page.impact.bars}
    assert told["Feb"] == ("50.0\N{NO-BREAK SPACE}%", "100.0\N{NO-BREAK SPACE}%")
    assert "periods move" in page.impact.finding
    facts = {name: (links, words) for name, links, words in page.impact.facts}
    assert {link.href for link in facts["KPIs built on it"][0]} >= {"/kpis/pipeline_velocity"}
    assert "Faster growth" in facts["Goals and the scorecard"][1]


def test_a_change_of_words_moves_no_number(place, proposer):
    sent = changed(place, proposer, "win_rate", description="Said otherwise.")
    page = place.page(proposer, sent, kpi="win_rate")
    assert page.impact.finding.startswith("No number moves")
    assert page.impact.bars == ()
    assert place.page(proposer, changed(place, proposer, "win_rate"), kpi="win_rate").impact is None


def test_the_preview_of_a_change_is_what_the_engine_then_tells(place, proposer, analyst, desk):
    sent = changed(place, proposer, "won_deals", a_f0_ask="one_of", a_f0_value="won; lost")
    with place.at(proposer) as at:
        before = at.catalogue
    made = place.propose(proposer, sent, "won_deals")
    with place.at(proposer) as at:
        grown, kpis, _ = read_own(made.yaml, before)
        built = Built(at, kpis[0], grown, viewpoints.viewpoint_of_any(at, {}), "/")
        promised = {bar.label: bar.value for bar in impact.impact(place.workshop, built).bars}
    done = activate(place, analyst, made)
    assert done.version == 1
    rows = desk.values(
        place.tenant, "--kpi", "won_deals", "--from", "2017-02-01", "--to", "2017-05-01"
    )
    assert [str(int(row["value"])) for row in rows] == [
        promised[name] for name in ("Feb", "Mar", "Apr")
    ]
    with place.at(proposer) as at:
        page = definition_history.read(at, "won_deals", {})
        assert [card.name for card in page.versions] == ["Version 1", "As it ships"]
        assert page.versions[0].why == "It was wrong."
        changes = {row.name for row in page.comparison.words if row.changed}
        assert "Formula" in changes
        assert any(line.gone or line.come for line in page.comparison.lines)


def test_a_proposal_whose_ground_has_changed_is_not_activated(place, owner, analyst, desk):
    sent = changed(place, owner, "average_deal_size", description="One way.")
    made = place.propose(owner, sent, "average_deal_size")
    with place.at(analyst) as at:
        text = proposals.one(at.session, str(made.id)).yaml.replace("One way.", "Another way.")
    assert desk("kpi", "apply", desk.own(text), "--tenant", place.tenant).status == 0
    with pytest.raises(BadInputError) as refused:
        activate(place, analyst, made, at=LATER)
    assert str(refused.value) == REFUSALS["stale"]


def test_a_declined_proposal_says_why_and_can_be_mended(place, owner, analyst):
    made = place.propose(owner, named("To be declined"))
    with place.at(analyst) as at, pytest.raises(BadInputError, match="Say why"):
        activations.decline(at, str(made.id), "  ", Trace(NOW))
    with place.at(analyst) as at:
        activations.decline(at, str(made.id), "There is one already.", Trace(NOW))
    with pytest.raises(BadInputError, match="decided"):
        activate(place, analyst, made)
    with place.at(owner) as at:
        page = proposal_page.read_one(place.workshop, at, str(made.id), {})
        assert ("Because", "There is one already.") in page.told
        assert page.decide.mend
        draft = proposals.mend(at, str(made.id))
        assert builder_drafts.read(at, str(draft)).form.get("name") == "To be declined"
    with place.at(analyst) as at, pytest.raises(DeniedError):
        proposals.mend(at, str(made.id))


def test_only_who_proposed_it_takes_it_back(place, owner, leader):
    made = place.propose(owner, named("To be taken back"))
    with place.at(leader) as at, pytest.raises(DeniedError):
        proposals.withdraw(at, str(made.id), Trace(NOW))
    with place.at(owner) as at:
        proposals.withdraw(at, str(made.id), Trace(NOW))
        assert proposals.one(at.session, str(made.id)).state is ProposalState.WITHDRAWN
    with place.at(owner) as at, pytest.raises(BadInputError):
        proposals.withdraw(at, str(made.id), Trace(NOW))


def test_a_decided_proposal_stays_as_it_was_decided(place, owner, analyst, server):
    made = place.propose(owner, named("Once and for all"))
    activate(place, analyst, made)
    with server.superuser() as connection:
        for statement in ("UPDATE portal.kpi_proposal SET decision_note = 'x' WHERE id = %s",):
            with pytest.raises(psycopg.errors.Error):
                connection.execute(statement, [made.id])
        with pytest.raises(psycopg.errors.Error):
            connection.execute("DELETE FROM portal.kpi_proposal WHERE id = %s", [made.id])


def test_another_tenant_sees_neither_draft_nor_proposal(place, owner, new_tenant):
    draft = place.begin(owner, named("Ours alone"))
    made = place.propose(owner, named("Ours alone, proposed"))
    stranger = people.NewPerson("stranger@example.org", ("analyst",))
    other = new_tenant()
    with place.database.session(other) as session:
        person = people.add(session, stranger, NOW).id
    actor = type(owner)(other, person, "s", "S", frozenset({Role.ANALYST}))
    with place.at(actor) as at:
        with pytest.raises(NoDraftError):
            builder_drafts.read(at, draft)
        with pytest.raises(NoProposalError):
            proposals.one(at.session, str(made.id))
        assert definitions.catalogue(at.session).get("ours_alone_proposed") is None
