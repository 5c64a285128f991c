"""Targets: set with who, when and why; nothing is overwritten; from quotas; copied; paced."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.periods import Calendar, Grain
from portal.errors import BadInputError
from portal.models.observations import ScopeKind
from portal.services import target_sources, targets
from portal.services.numbers import TENANT
from portal.services.target_sources import Forward
from portal.services.targets import Author, Slot, Target
from tests.numbers.conftest import NOW
from tests.numbers.places import owner, team

CALENDAR = Calendar("Europe/Paris")
CATALOGUE = shipped_catalogue()
WON, RATE, CYCLE = (
    CATALOGUE.kpi(key) for key in ("won_revenue", "win_rate", "sales_cycle_mean_days")
)
APRIL = CALENDAR.holding(date(2017, 4, 1), Grain.MONTH)
MAY = CALENDAR.holding(date(2017, 5, 1), Grain.MONTH)
QUARTER = CALENDAR.holding(date(2017, 4, 1), Grain.QUARTER)
ANN = Author("Ann Lee")


@pytest.fixture
def session(database, tenant):
    with database.session(tenant) as opened:
        yield opened


def slot(kpi=WON, period=APRIL, who=TENANT):
    return Slot(kpi.key, period, who)


def put(session, target, kpi=WON, period=APRIL, who=TENANT, now=NOW):
    return targets.put(session, kpi, slot(kpi, period, who), target, ANN, now)


def held(session, *kpis, period=APRIL, who=TENANT):
    return targets.of(session, CALENDAR, [kpi.key for kpi in kpis], [period], who)


def test_a_target_says_who_set_it_when_and_why(session):
    assert put(session, Target(100, note=" agreed in March "))
    found = held(session, WON)[WON.key, APRIL.start]
    assert (found.value, found.set_by, found.set_at) == (100, "Ann Lee", NOW)
    assert (found.note, found.source) == ("agreed in March", "set")


def test_the_newest_holds_and_what_was_said_before_stays(session):
    put(session, Target(100))
    put(session, Target(120), now=NOW + timedelta(days=1))
    assert held(session, WON)[WON.key, APRIL.start].value == 120
    assert [one.value for one in targets.past(session, slot())] == [120, 100]


def test_the_same_again_says_nothing_new(session):
    assert put(session, Target(100))
    assert not put(session, Target(100, note="again"))
    assert len(targets.past(session, slot())) == 1


def test_a_target_can_be_withdrawn_and_set_again(session):
    assert not put(session, Target(None))
    put(session, Target(100))
    assert put(session, Target(None))
    assert held(session, WON) == {}
    assert put(session, Target(100))
    assert len(targets.past(session, slot())) == 3


def test_each_scope_and_period_has_its_own(session):
    put(session, Target(1), who=owner("ann"))
    put(session, Target(2), who=owner("bob"))
    put(session, Target(3), period=MAY, who=owner("ann"))
    put(session, Target(4), period=QUARTER, who=owner("ann"))
    assert held(session, WON, who=owner("ann")) == {
        (WON.key, APRIL.start): held(session, WON, who=owner("ann"))[WON.key, APRIL.start]
    }
    assert held(session, WON, who=owner("ann"))[WON.key, APRIL.start].value == 1
    assert held(session, WON) == {}
    across = targets.across(session, [WON.key], APRIL, ScopeKind.OWNER)[WON.key]
    assert {key: one.value for key, one in across.items()} == {"crm\x1fann": 1, "crm\x1fbob": 2}


@pytest.mark.parametrize(
    ("kpi", "target", "words"),
    [
        (WON, Target(None, 1, 2), "no range"),
        (WON, Target(100, amber=110), "red, amber, target"),
        (CYCLE, Target(60, red=50), "target, amber, red"),
        (WON, Target(100, note="x" * 1001), "longer than"),
    ],
)
def test_a_target_that_contradicts_itself_is_refused(session, kpi, target, words):
    with pytest.raises(BadInputError, match=words):
        put(session, target, kpi)


def test_copying_forward_keeps_what_is_set_there(session):
    put(session, Target(100, amber=90, red=80))
    put(session, Target(7), who=team("north"))
    put(session, Target(0.3), kpi=RATE)
    put(session, Target(55), period=MAY, who=team("north"))
    done = target_sources.copy_forward(session, [WON], Forward(APRIL, MAY, 1.1), ANN, NOW)
    assert (done.set, done.kept) == (1, 1)
    found = held(session, WON, RATE, period=MAY)
    assert list(found) == [(WON.key, MAY.start)]
    copied = found[WON.key, MAY.start]
    assert (copied.value, copied.red) == (pytest.approx(110), pytest.approx(88))
    assert (copied.source, copied.note) == ("copied", "Copied from 2017-04.")
    assert held(session, WON, period=MAY, who=team("north"))[WON.key, MAY.start].value == 55


@pytest.mark.parametrize(
    ("into", "factor"), [(QUARTER, 1.0), (APRIL, 1.0), (MAY, 0.0), (MAY, -1.0)]
)
def test_what_cannot_be_copied_is_refused(session, into, factor):
    with pytest.raises(BadInputError):
        target_sources.copy_forward(session, [WON], Forward(APRIL, into, factor), ANN, NOW)


def test_quotas_become_targets_by_the_rules_of_attainment(desk, workshop, database):
    key = desk.tenant("--timezone", "Europe/Paris")
    people = {
        "team": [{"id": "south", "name": "South"}],
        "user": [
            {"id": "ann", "name": "Ann", "team_id": "south"},
            {"id": "bob", "name": "Bob", "team_id": "south"},
        ],
    }
    quotas = [
        {
            "id": f"{who}{month}",
            "owner_id": who,
            "team_id": "",
            "kpi": "won_revenue",
            "amount": amount,
            "period_start_on": f"2017-0{month}-01",
            "period_grain": "month",
        }
        for who, amount in (("ann", 40), ("bob", 60))
        for month in (4, 5, 6)
    ]
    team_quota = {
        "id": "s",
        "owner_id": "",
        "team_id": "south",
        "kpi": "won_revenue",
        "amount": 280,
        "period_start_on": "2017-04-01",
        "period_grain": "quarter",
    }
    strange = {**team_quota, "id": "x", "kpi": "smiles"}
    desk.bring(key, {**people, "quota": [*quotas, team_quota, strange]}, "--as-of", "2017-04-12")
    done = target_sources.import_quotas(workshop, key, NOW)
    assert done.unknown == ("smiles",)
    with database.session(key) as session:
        assert held(session, WON, who=owner("ann"))[WON.key, APRIL.start].value == 40
        assert (
            held(session, WON, period=QUARTER, who=owner("ann"))[WON.key, QUARTER.start].value
            == 120
        )
        assert (
            held(session, WON, period=QUARTER, who=team("south"))[WON.key, QUARTER.start].value
            == 280
        )
        assert held(session, WON, period=QUARTER)[WON.key, QUARTER.start].value == 280
        assert held(session, WON)[WON.key, APRIL.start].source == "quota"
        put(session, Target(45), who=owner("ann"))
    again = target_sources.import_quotas(workshop, key, NOW)
    assert (again.set, again.kept) == (0, 1)
    assert again.unchanged == done.set - 1
    desk.bring(key, {"quota": [{**quotas[3], "amount": 75}]}, "--as-of", "2017-04-12T10:00")
    more = target_sources.import_quotas(workshop, key, NOW)
    assert more.set > 0
    with database.session(key) as session:
        assert held(session, WON, who=owner("bob"))[WON.key, APRIL.start].value == 75
        assert held(session, WON, who=owner("ann"))[WON.key, APRIL.start].value == 45


def test_the_command_sets_lists_copies_and_imports(desk, company):
    card = desk.json(
        "target",
        "set",
        "--tenant",
        company,
        "--kpi",
        "won_deals",
        "--period",
        "2017-03",
        "--owner",
        "ann",
        "--value",
        "5",
        "--note",
        "why not",
    )
    assert card["changed"]
    done = desk.json("target", "copy", "--tenant", company, "--from", "2017-03", "--to", "2017-04")
    assert done["set"] == 1
    rows = desk.json("target", "list", "--tenant", company, "--kpi", "won_deals")
    assert [(row["period"], row["scope"], row["target"]) for row in rows] == [
        ("2017-03", "owner ann", 5),
        ("2017-04", "owner ann", 5),
    ]
    assert rows[0]["set_by"] == targets.BY_COMMAND
    assert desk.json("target", "import-quota", "--tenant", company)["set"] > 0
    assert desk.json("target", "import-quota", "--tenant", company)["set"] == 0
    assert desk("target", "list", "--tenant", company).out.startswith("kpi")
    assert desk.json(
        "target",
        "set",
        "--tenant",
        company,
        "--kpi",
        "won_deals",
        "--period",
        "2017-03",
        "--owner",
        "ann",
        "--withdraw",
    )["changed"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--kpi", "won_deal", "--period", "2017-03", "--value", "1"), "won_deals"),
        (("--kpi", "won_deals", "--period", "March", "--value", "1"), "March"),
        (("--kpi", "won_deals", "--period", "2017-03"), "--withdraw"),
        (("--kpi", "won_deals", "--period", "2017-03", "--value", "1", "--owner", "an"), "ann"),
        (
            (
                "--kpi",
                "won_deals",
                "--period",
                "2017-03",
                "--value",
                "1",
                "--team",
                "x",
                "--owner",
                "ann",
            ),
            "not both",
        ),
    ],
)
def test_the_command_says_what_cannot_be_set(desk, company, words, told):
    said = desk("target", "set", "--tenant", company, *words)
    assert (said.status, told in said.err) == (2, True), said.err


def test_the_moment_that_a_target_was_set_is_told_in_utc(session):
    put(session, Target(1))
    assert held(session, WON)[WON.key, APRIL.start].set_at == datetime(2017, 4, 12, 15, tzinfo=UTC)
