"""What was activated for a later day and fits no more on it changes nothing, and says why."""

from portal.models.people import by_id
from portal.services import activations, activations_ahead, lifecycles, proposal_page
from portal.services.auditing import Trace
from portal.services.lifecycles import LifeMove, LifeState
from portal.services.proposals import ProposalState
from tests.builder.test_activated_for_a_later_day import (
    ON_THE_DAY,
    SAID,
    boss,
    change_of_won_deals,
    office,
    plan,
    state_of,
    told,
    versions,
    wisher,
)
from tests.builder.test_proposing_and_activating import named
from tests.kpi_page.conftest import NOW

__all__ = ["boss", "office", "wisher"]


def test_what_became_unusable_is_not_activated_and_who_decided_reads_why(office, boss, wisher):
    base = office.propose(wisher, named("Deals of an idea"))
    with office.at(boss) as at:
        activations.activate(at, str(base.id), "", Trace(NOW))
    ratio = f"ratio: {{over: won_deals, under: {base.key}}}"
    told_as = {"kind": "written", "yaml": ratio, "unit": "ratio"}
    made = office.propose(wisher, named("Won per idea", **told_as))
    plan(office, boss, made)
    with office.at(boss) as at:
        lifecycles.move(at, LifeMove(base.key, LifeState.RETIRED, "Nobody asks."), Trace(NOW))
    begun = activations_ahead.take_hold(office.database, office.tenant, made.id, ON_THE_DAY)
    assert begun is not None
    assert (begun.done, begun.word) == (None, "retired")
    found = state_of(office, boss, made)
    assert found.state is ProposalState.LAPSED
    subject = f"Won per idea was not activated on its day, {SAID}"
    assert subject in told(office, boss)
    assert subject in told(office, wisher)
    with office.at(boss) as at:
        page = proposal_page.read_one(office.workshop, at, str(made.id), {})
        assert made.key not in at.catalogue
    assert ("Why not", activations_ahead.LAPSES["retired"]) in page.told
    assert activations_ahead.due(office.database, office.tenant, ON_THE_DAY) == ()


def test_a_version_that_came_by_a_file_meanwhile_stays(office, boss, wisher, desk):
    made = change_of_won_deals(office, wisher)
    plan(office, boss, made)
    text = made.yaml.replace("name: Won deals", "name: Deals that were won")
    assert desk("kpi", "apply", desk.own(text), "--tenant", office.tenant).status == 0
    begun = activations_ahead.take_hold(office.database, office.tenant, made.id, ON_THE_DAY)
    assert begun is not None
    assert (begun.done, begun.word) == (None, "stale")
    assert versions(office, boss, "won_deals") == ["Version 1", "As it ships"]


def test_the_decision_stands_though_who_made_it_has_left(office, boss, wisher):
    made = office.propose(wisher, named("Decided by one who left"))
    plan(office, boss, made)
    with office.database.session(office.tenant) as session:
        person = session.scalars(by_id(boss.person)).one()
        person.disabled_at, person.roles = NOW, ["rep"]
    begun = activations_ahead.take_hold(office.database, office.tenant, made.id, ON_THE_DAY)
    assert begun is not None
    assert begun.done is not None
