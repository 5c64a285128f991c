"""What jobs do: load what lies there, refresh after it, close the day; once each, tenant by tenant."""

from datetime import UTC, date, datetime, timedelta

import pytest
import yaml

from kpi_engine.periods import Grain
from portal.jobs import refreshes, watching
from portal.jobs.jobs import JOBS, declare_jobs, go_round
from portal.jobs.scheduling import once
from portal.models.job_runs import RunState
from portal.security.registry import Kind, Registry
from portal.services import job_runs, loads, numbers, tenants
from portal.services.engines import calendar_of
from portal.services.numbers import TENANT
from tests.kpis.desk import STAGES, a_deal

pytestmark = pytest.mark.slow

LOAD, REFRESH, CLOSE, *_ = JOBS
SOURCE = yaml.safe_dump(
    {
        "source": "crm",
        "stages": STAGES,
        "tables": [
            {
                "file": "deals.csv",
                "entity": "opportunity",
                "fields": {
                    name: name
                    for name in ("id", "owner_id", "stage", "amount", "created_at", "closed_at")
                },
            }
        ],
    }
)
HEAD = "id,owner_id,stage,amount,created_at,closed_at\n"
ROW = "a,ann,Won,10,2017-01-05,2017-03-10\n"


@pytest.fixture
def only(room, monkeypatch):
    """Let rounds see only some tenants: the database has those of every test."""

    def see(*keys):
        monkeypatch.setattr("portal.tenancy.database.Database.tenants", lambda _: keys)

    return see


def runs(database, tenant):
    with database.session(tenant) as session:
        return {(run.job, run.state) for run in job_runs.newest(session)}


def landed(database, tenant):
    with database.session(tenant) as session:
        card = loads.last_landed(session)
        return card.seq if card else 0


def test_what_lies_in_the_folder_is_loaded_refreshed_and_shown(
    room, desk, drop, only, real_now, database
):
    tenant = desk.tenant()
    only(tenant)
    drop(tenant, {"source.yaml": SOURCE, "deals.csv": HEAD + ROW})
    assert once(room) == len(JOBS) - 3
    assert landed(database, tenant) == 1
    # No mail can be sent here, no KPI was replaced, and no definition awaits its day.
    idle = {"activate", "digest", "bridges"}
    every = {(job.name, RunState.DONE) for job in JOBS if job.name not in idle}
    assert runs(database, tenant) == every
    with database.session(tenant) as session:
        calendar = calendar_of(tenants.get(session))
        march = calendar.holding(date(2017, 3, 1), Grain.MONTH)
        (point,) = numbers.series(
            session, calendar, ["won_revenue"], Grain.MONTH, TENANT, march, 1
        )["won_revenue"]
    assert point.reading.value == 10


def test_the_same_files_are_loaded_once_and_changed_ones_again(
    room, desk, drop, only, real_now, database
):
    tenant = desk.tenant()
    only(tenant)
    drop(tenant, {"source.yaml": SOURCE, "deals.csv": HEAD + ROW})
    assert go_round(room, LOAD) == 1
    assert go_round(room, LOAD) == 0
    drop(tenant, {"source.yaml": SOURCE, "deals.csv": HEAD + ROW + ROW.replace("a,", "b,", 1)})
    assert go_round(room, LOAD) == 1
    assert landed(database, tenant) == 2


def test_a_folder_that_is_still_being_written_is_left(room, desk, drop, real_now):
    tenant = desk.tenant()
    drop(tenant, {"source.yaml": SOURCE, "deals.csv": HEAD})
    now = datetime.now(UTC)  # noqa: TID251 - files have the time of the machine
    assert watching.due(room, tenant, now) == ()
    assert len(watching.due(room, tenant, now + timedelta(minutes=1))) == 1


def test_a_link_out_of_the_folder_is_not_followed(room, desk, drop, real_now, tmp_path):
    tenant = desk.tenant()
    (tmp_path / "elsewhere.yaml").write_text(SOURCE)
    drop(tenant, {})
    (room.watched / tenant / "source.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert watching.due(room, tenant, real_now()) == ()


def test_what_fails_at_one_tenant_is_told_and_stops_no_other(
    room, desk, drop, only, real_now, told, database
):
    broken, sound = desk.tenant(), desk.tenant()
    only(broken, sound)
    drop(broken, {"source.yaml": "source: [", "deals.csv": HEAD})
    drop(sound, {"source.yaml": SOURCE, "deals.csv": HEAD + ROW})
    go_round(room, LOAD)
    assert runs(database, broken) == {("load", RunState.FAILED)}
    assert runs(database, sound) == {("load", RunState.DONE)}
    assert "failed" in told.of(broken)[0]
    # It is tried again, but not for ever.
    for _ in range(5):
        real_now.on(hours=1)
        go_round(room, LOAD)
    with database.session(broken) as session:
        assert job_runs.newest(session)[0].tries == job_runs.MOST_TRIES


def test_after_a_load_by_hand_the_numbers_are_refreshed_once(room, desk, only, clock, database):
    tenant = desk.tenant()
    only(tenant)
    assert go_round(room, REFRESH) == 0
    desk.bring(tenant, {"opportunity": [a_deal("a", closed="2017-03-10")]}, "--as-of", "2017-04-12")
    assert go_round(room, REFRESH) == 1
    assert go_round(room, REFRESH) == 0
    desk.bring(
        tenant, {"opportunity": [a_deal("b", closed="2017-03-11")]}, "--as-of", "2017-04-12T10:00"
    )
    assert refreshes.due_after_load(room, tenant, clock()) == ("version 2",)


def test_a_day_is_closed_once_wherever_the_tenant_is(room, desk, only, clock, database):
    tenant = desk.tenant("--timezone", "Pacific/Auckland")
    only(tenant)
    desk.bring(tenant, {"opportunity": [a_deal("a", closed="2017-03-10")]}, "--as-of", "2017-04-01")
    clock.moment = datetime(2017, 4, 30, 12, 5, tzinfo=UTC)
    assert refreshes.due_at_midnight(room, tenant, clock()) == ("2017-04-30",)
    clock.on(minutes=6)
    assert refreshes.due_at_midnight(room, tenant, clock()) == ("2017-05-01",)
    assert go_round(room, CLOSE) == 1
    assert go_round(room, CLOSE) == 0


@pytest.mark.parametrize(
    ("zone", "start", "hours"),
    [
        ("Europe/Paris", datetime(2017, 3, 25, 12, tzinfo=UTC), 48),
        ("Europe/Paris", datetime(2017, 10, 28, 12, tzinfo=UTC), 48),
        ("America/Sao_Paulo", datetime(2017, 10, 14, 12, tzinfo=UTC), 48),
        ("America/Havana", datetime(2017, 11, 4, 12, tzinfo=UTC), 48),
    ],
)
def test_where_the_clocks_change_each_day_has_one_slot(room, desk, zone, start, hours):
    tenant = desk.tenant("--timezone", zone)
    desk.bring(tenant, {"opportunity": [a_deal("a")]}, "--as-of", "2017-02-20")
    slots = [
        refreshes.due_at_midnight(room, tenant, start + timedelta(minutes=10 * step))[0]
        for step in range(hours * 6)
    ]
    assert slots == sorted(slots)
    first = start.date()
    assert list(dict.fromkeys(slots)) == [
        (first + timedelta(days=each)).isoformat() for each in range(3)
    ]


def test_days_on_which_nobody_was_there_are_made_up_for_in_one_go(
    room, desk, only, clock, database
):
    tenant = desk.tenant()
    only(tenant)
    deals = [a_deal("a", closed="2017-03-10"), a_deal("b", amount=7, closed="2017-05-10")]
    desk.bring(tenant, {"opportunity": deals}, "--as-of", "2017-04-12")
    go_round(room, CLOSE)
    clock.moment = datetime(2017, 6, 20, 3, tzinfo=UTC)
    assert go_round(room, CLOSE) == 1
    with database.session(tenant) as session:
        calendar = calendar_of(tenants.get(session))
        may = calendar.holding(date(2017, 5, 1), Grain.MONTH)
        found = numbers.series(session, calendar, ["won_revenue"], Grain.MONTH, TENANT, may, 3)
    assert [point.reading.value for point in found["won_revenue"]] == [10, None, 7]
    assert [point.reading.state.value for point in found["won_revenue"]] == [
        "final",
        "absent",
        "final",
    ]


def test_every_job_declares_what_it_asks_for():
    registry = Registry()
    declare_jobs(registry)
    assert registry.names(Kind.JOB) == {job.name for job in JOBS}
