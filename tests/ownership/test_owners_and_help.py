"""Exactly one accountable owner a KPI, scope and day; who helps; what hands over; what is listed."""

from datetime import date, timedelta

import pytest

from kpi_engine.definitions.kinds import KpiKey
from portal.errors import BadInputError, DeniedError
from portal.models.observations import ScopeKind
from portal.models.ownership import Help
from portal.services import (
    goal_changes,
    goals,
    handovers,
    lifecycles,
    linting,
    owner_words,
    ownership,
    ownership_changes,
    ownership_lists,
)
from portal.services.framework import Support
from portal.services.goal_changes import GoalEdit
from portal.services.handovers import Handover
from portal.services.numbers import Who
from portal.services.ownership_changes import NewHelp, OwnerChange
from tests.ownership.company import NOW, TODAY, TRACE

WIN = KpiKey("win_rate")
DAY = timedelta(days=1)


def own(company, person, from_day=TODAY, kpi=WIN, by="chief"):
    with company.desk(by) as desk:
        wanted = None if person is None else company.ids[person]
        return ownership_changes.set_owner(desk, OwnerChange(kpi, wanted, from_day), TRACE)


def owner_on(company, day, kpi=WIN):
    with company.desk() as desk:
        found = ownership.owners(desk.session, [kpi], day).get(kpi)
        return None if found is None else found.accountable.name


def helps(company, person, kind=Help.COVER, first=TODAY, last=TODAY + DAY, kpi=WIN):
    with company.desk() as desk:
        new = NewHelp(kpi, kind, company.ids[person], first, last)
        ownership_changes.add_help(desk, new, TRACE)


def owned(company, today=TODAY, kpi=WIN):
    with company.desk() as desk:
        return ownership.owners(desk.session, [kpi], today)[kpi]


def test_nobody_owns_a_kpi_before_anybody_says_so(company):
    assert owner_on(company, TODAY) is None


def test_each_day_has_the_owner_who_was_last_said_for_it(company):
    own(company, "dilara", date(2026, 1, 1))
    own(company, "katrin", date(2026, 6, 1))
    own(company, None, date(2026, 9, 1))
    own(company, "noor", date(2026, 11, 1))
    days = ("2025-12-31", "2026-01-01", "2026-05-31", "2026-06-01", "2026-09-01", "2026-11-22")
    assert [owner_on(company, date.fromisoformat(day)) for day in days] == [
        *(None, "Dilara", "Dilara", "Katrin", None, "Noor"),
    ]


def test_a_correction_of_the_same_day_replaces_and_keeps_what_was_said(company):
    assert own(company, "dilara")
    assert own(company, "katrin")
    assert owner_on(company, TODAY) == "Katrin"
    assert company.events().count("owner.changed") == 2


def test_saying_the_same_again_changes_nothing(company):
    assert own(company, "dilara")
    assert not own(company, "dilara")
    assert company.events().count("owner.changed") == 1


@pytest.mark.parametrize("name", ["katrin", "noor", "dilara", "ruth"])
def test_who_may_not_change_the_framework_changes_no_owner(company, name):
    with pytest.raises(DeniedError):
        own(company, "dilara", by=name)


def test_an_admin_who_looks_as_an_executive_changes_no_owner(company):
    change = OwnerChange(WIN, company.ids["dilara"], TODAY)
    with (
        company.desk(viewed_by=company.ids["ruth"]) as desk,
        pytest.raises(DeniedError, match="somebody else"),
    ):
        ownership_changes.set_owner(desk, change, TRACE)


def test_somebody_shut_owns_nothing_new_and_what_they_own_is_listed(company):
    own(company, "dilara")
    company.shut("dilara")
    with pytest.raises(BadInputError, match="shut"):
        own(company, "dilara", kpi=KpiKey("csat"))
    with company.desk() as desk:
        assert [one.kpi for one in ownership_lists.lists(desk).inactive] == [WIN]
    assert not owned(company).accountable.active


def test_a_person_of_another_tenant_is_nobody(company, rival):
    change = OwnerChange(WIN, rival.ids["dilara"], TODAY)
    with company.desk() as desk, pytest.raises(BadInputError, match="no such person"):
        ownership_changes.set_owner(desk, change, TRACE)


def test_a_kpi_and_a_team_that_there_are_not_are_refused(company):
    with pytest.raises(BadInputError, match="no such KPI"):
        own(company, "dilara", kpi=KpiKey("nothing"))
    change = OwnerChange(WIN, company.ids["dilara"], TODAY, who=Who(ScopeKind.TEAM, "crm\x1fx"))
    with company.desk() as desk, pytest.raises(BadInputError, match="no such team"):
        ownership_changes.set_owner(desk, change, TRACE)


def test_one_tenants_owners_are_not_anothers(company, rival):
    own(company, "dilara")
    assert owner_on(rival, TODAY) is None


def test_a_cover_answers_only_in_its_days(company):
    own(company, "dilara", date(2026, 1, 1))
    helps(company, "katrin", first=TODAY, last=TODAY + 2 * DAY)
    told = [owned(company, TODAY + n * DAY).acting.name for n in (-1, 0, 2, 3)]
    assert told == ["Dilara", "Katrin", "Katrin", "Dilara"]
    with company.desk() as desk:
        mine = ownership.owned_by(desk.session, company.ids["katrin"], TODAY)
    assert [one.kpi for one in mine] == [WIN]
    assert "Katrin covers today" in owner_words.sentence(owned(company))


def test_covers_that_end_before_they_start_or_never_or_meet_are_refused(company):
    own(company, "dilara")
    with pytest.raises(BadInputError, match="ends before it starts"):
        helps(company, "katrin", first=TODAY, last=TODAY - DAY)
    with pytest.raises(BadInputError, match="Say its last day"):
        helps(company, "katrin", last=None)
    helps(company, "katrin", first=TODAY, last=TODAY + 5 * DAY)
    with pytest.raises(BadInputError, match="covers already"):
        helps(company, "noor", first=TODAY + 5 * DAY, last=TODAY + 9 * DAY)
    helps(company, "noor", first=TODAY + 6 * DAY, last=TODAY + 9 * DAY)


def test_who_owns_a_kpi_does_not_help_with_it(company):
    with pytest.raises(BadInputError, match="Nobody owns"):
        helps(company, "katrin")
    own(company, "dilara")
    with pytest.raises(BadInputError, match="already"):
        helps(company, "dilara")
    helps(company, "katrin", Help.UPDATER, last=None)
    own(company, "katrin")
    assert owned(company).updaters == ()


def test_an_updater_is_told_until_taken_back(company, rival):
    own(company, "dilara")
    helps(company, "katrin", Help.UPDATER, last=None)
    with pytest.raises(BadInputError, match="updates this KPI already"):
        helps(company, "katrin", Help.UPDATER, last=None)
    assert [one.name for one in owned(company).updaters] == ["Katrin"]
    with company.desk() as desk:
        row = next(iter(desk.session.scalars(ownership.questions.helps())))
    with rival.desk() as desk, pytest.raises(BadInputError):
        ownership_changes.end_help(desk, str(row.id), TRACE)
    with company.desk() as desk:
        ownership_changes.end_help(desk, str(row.id), TRACE)
    assert owned(company).updaters == ()


def test_a_kpi_in_use_without_an_owner_is_listed(company):
    with company.desk() as desk:
        before = ownership_lists.lists(desk).unowned
    own(company, "dilara")
    with company.desk() as desk:
        after = ownership_lists.lists(desk).unowned
    assert set(before) - set(after) == {WIN}


def test_an_owner_with_too_many_is_listed(company):
    with company.desk() as desk:
        for kpi in list(desk.catalogue)[: ownership_lists.MOST + 1]:
            change = OwnerChange(kpi, company.ids["dilara"], TODAY)
            ownership_changes.set_owner(desk, change, TRACE)
        found = ownership_lists.lists(desk).loaded
    assert [(person.name, count) for person, count in found] == [
        ("Dilara", ownership_lists.MOST + 1)
    ]


def test_owners_with_too_many_are_the_same_here_and_in_the_framework_check(company):
    with company.desk() as desk:
        used = sorted(lifecycles.adopted(desk.session, desk.catalogue, TODAY))
        for kpi in used[:9]:
            change = OwnerChange(kpi, company.ids["dilara"], TODAY)
            ownership_changes.set_owner(desk, change, TRACE)
        told = [person.name for person, _ in ownership_lists.lists(desk).loaded]
        found = linting.check(desk.session, desk, TODAY).findings
    assert told == [one.place for one in found if one.rule == "B15"] == ["Dilara"]


def hand_over(company, leaving, taking):
    with company.desk() as desk:
        asked = Handover(company.ids[leaving], company.ids[taking], "Leaves the company.")
        return handovers.hand_over(desk, asked, TRACE)


def test_everything_of_who_leaves_goes_over_also_what_was_to_be_theirs(company):
    own(company, "dilara", date(2026, 1, 1))
    own(company, "noor", date(2026, 1, 1), kpi=KpiKey("csat"))
    own(company, "dilara", TODAY + 10 * DAY, kpi=KpiKey("csat"))
    own(company, "chief", kpi=KpiKey("mrr"))
    helps(company, "dilara", Help.UPDATER, last=None, kpi=KpiKey("mrr"))
    edit = GoalEdit("Growth", "Do we?", company.ids["dilara"], TODAY, None, (Support(WIN, 10),))
    with company.desk() as desk:
        goal_changes.add_goal(desk, edit, TRACE)
    company.shut("dilara")
    done = hand_over(company, "dilara", "katrin")
    assert (done.owned, done.shared, done.helped, done.goals) == (2, 0, 1, 1)
    assert done.text == "Handed over: 2 KPIs owned, 1 KPI updated or covered, 1 goal."
    assert owner_on(company, TODAY) == "Katrin"
    assert owner_on(company, TODAY - DAY) == "Dilara"
    later = TODAY + 10 * DAY
    assert owner_on(company, later, KpiKey("csat")) == "Katrin"
    assert owned(company, kpi=KpiKey("mrr")).updaters[0].name == "Katrin"
    with company.desk() as desk:
        assert goals.own_goals(desk.session)[0].owner.name == "Katrin"
    assert hand_over(company, "dilara", "katrin").text == "There was nothing to hand over."


def test_a_hand_over_to_oneself_to_somebody_shut_or_from_a_stranger_is_refused(company, rival):
    with pytest.raises(BadInputError, match="somebody else"):
        hand_over(company, "dilara", "dilara")
    company.shut("noor")
    with pytest.raises(BadInputError, match="shut"):
        hand_over(company, "dilara", "noor")
    asked = Handover(rival.ids["dilara"], company.ids["katrin"])
    with company.desk() as desk, pytest.raises(BadInputError, match="no such person"):
        handovers.hand_over(desk, asked, TRACE)


def test_a_rep_hands_nothing_over(company):
    with company.desk("noor", NOW) as desk, pytest.raises(DeniedError):
        handovers.hand_over(desk, Handover(company.ids["dilara"], company.ids["noor"]), TRACE)
