"""Waivers have a reason, a last day and a past; the score is kept on the days it changed."""

from datetime import timedelta

import psycopg
import pytest

from kpi_engine.framework.rule import Severity
from kpi_engine.periods import Grain
from portal.errors import BadInputError, DeniedError
from portal.services import framework_scores, linting, standings, targets, waivers
from portal.services.numbers import TENANT
from portal.services.targets import Author, Slot, Target
from portal.services.waivers import NewWaiver
from tests.ownership.company import NOW, TODAY, TRACE

DAY = timedelta(days=1)
PLACE = ("C23", "")


def _waive(company, name="chief", until=TODAY + 30 * DAY, reason="We watch it by hand.", **more):
    new = NewWaiver(more.get("rule", "C23"), more.get("place", ""), reason, str(until))
    with company.desk(name) as desk:
        return waivers.waive(desk.session, desk.actor, new, TODAY, TRACE)


def _check(company, today=TODAY):
    with company.desk() as desk:
        return linting.check(desk.session, desk, today)


def test_a_waived_finding_leaves_the_list_until_its_last_day_has_passed(company):
    before = _check(company)
    _waive(company)
    after = _check(company)
    assert PLACE in {(one.rule, one.place) for one in before.findings}
    assert [(one.rule, one.place) for one in after.waived] == [PLACE]
    assert PLACE not in {(one.rule, one.place) for one in after.findings}
    assert after.score == before.score
    assert after.possible == 97
    assert _check(company, TODAY + 30 * DAY).waived
    assert not _check(company, TODAY + 31 * DAY).waived


def test_a_waiver_says_who_until_when_and_why_and_is_written_down(company):
    made = _waive(company)
    assert (made.by, made.until, made.reason) == ("Chief", TODAY + 30 * DAY, "We watch it by hand.")
    assert company.events()[0] == "waiver.changed"


def test_a_waiver_can_be_told_anew_and_taken_back(company):
    _waive(company)
    _waive(company, "analyst", reason="Until the audit.")
    with company.desk() as desk:
        held = waivers.every(desk.session)[PLACE]
        assert (held.reason, held.by) == ("Until the audit.", "Analyst")
        waivers.take_back(desk.session, desk.actor, PLACE, TRACE)
    assert not _check(company).waived


def test_taking_back_what_is_not_waived_changes_nothing(company):
    with company.desk() as desk:
        waivers.take_back(desk.session, desk.actor, PLACE, TRACE)
    assert company.events() == []


@pytest.mark.parametrize("name", ["noor", "katrin", "dilara", "ruth"])
def test_who_may_not_change_the_framework_waives_nothing(company, name):
    with pytest.raises(DeniedError, match="executive or analyst"):
        _waive(company, name)
    with company.desk(name) as desk, pytest.raises(DeniedError):
        waivers.take_back(desk.session, desk.actor, PLACE, TRACE)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"until": TODAY - DAY}, "is past"),
        ({"until": TODAY + 400 * DAY}, "a year at most"),
        ({"until": "soon"}, "is no day"),
        ({"reason": "  "}, "is empty"),
        ({"reason": "x" * 281}, "longer than 280"),
        ({"rule": "X99"}, "no rule called 'X99'"),
        ({"place": "a\x00b"}, "no finding"),
    ],
)
def test_what_cannot_be_a_waiver_is_refused_in_a_sentence(company, said, sentence):
    with pytest.raises(BadInputError, match=sentence):
        _waive(company, **said)


def test_what_was_waived_can_be_neither_changed_nor_deleted(server, company):
    _waive(company)
    with server.superuser() as connection:
        for statement in ("UPDATE portal.waiver SET reason = 'x'", "DELETE FROM portal.waiver"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(statement)


def test_another_tenants_waivers_do_not_hold(company, rival):
    _waive(rival)
    assert not _check(company).waived


def _keep(company, day, **changed):
    with company.desk() as desk:
        found = linting.check(desk.session, desk, TODAY)
        for name, value in changed.items():
            object.__setattr__(found, name, value)
        return framework_scores.keep(desk.session, found, day, NOW)


def _trend(company):
    with company.desk() as desk:
        return [(one.day, one.score) for one in framework_scores.trend(desk.session)]


def test_a_score_is_kept_on_the_days_it_changed_and_once_a_day(company):
    assert _keep(company, TODAY - 3 * DAY, score=60)
    assert not _keep(company, TODAY - 2 * DAY, score=60)
    assert _keep(company, TODAY, score=61)
    assert _keep(company, TODAY, score=64)
    assert _trend(company) == [(TODAY - 3 * DAY, 60), (TODAY, 64)]


def test_a_tenant_without_any_data_is_checked_too(company):
    found = _check(company)
    assert found.count(Severity.ERROR) > 0
    assert found.goals == 3
    assert 0 <= found.score < 100


def test_a_check_on_a_kpi_that_is_being_built_tells_a_duplicate(company):
    with company.desk() as desk:
        known = desk.catalogue["win_rate"]
        copied = type(known)(
            **{name: getattr(known, name) for name in known.__slots__} | {"key": "my_rate"}
        )
        found = linting.opinion(copied, desk.catalogue)
        same = linting.opinion(known, desk.catalogue)
    assert [one.rule for one in found] == ["D51"]
    assert found[0].title.endswith("is Win rate under another name")
    assert same == ()


def test_how_kpis_stand_is_told_anew_for_a_check_only_after_their_numbers_or_targets_changed(
    company, monkeypatch
):
    asked = []
    real = standings.of_everybody
    monkeypatch.setattr(standings, "of_everybody", lambda *told: asked.append(told) or real(*told))
    with company.desk() as desk:
        kpi = desk.catalogue["won_revenue"]
        month = desk.calendar.holding(TODAY, Grain.MONTH)
        slot = Slot(kpi.key, month, TENANT)
        targets.put(desk.session, kpi, slot, Target(10.0), Author("A test"), NOW)
    _check(company)
    first = len(asked)
    before = _check(company)
    assert first == len(asked) > 0
    _waive(company)
    assert _check(company).waived
    assert len(asked) == first
    with company.desk() as desk:
        targets.put(desk.session, kpi, slot, Target(20.0), Author("A test"), NOW)
    assert _check(company).members == before.members
    assert len(asked) > first
