"""The job of verdicts: after each refresh, what is ripe is judged, once."""

from portal.jobs.jobs import JOBS, go_round
from portal.services import tenants
from portal.services.tenants import Profile
from portal.tenancy.keys import TenantKey


def test_what_is_ripe_is_judged_in_a_round_and_told(room, told, database, clock):
    key = TenantKey("t-of-verdicts")
    with database.session(key) as session:
        tenants.create(session, Profile("Verdicts"), clock())
    job = next(one for one in JOBS if one.name == "verdicts")
    go_round(room, job)
    go_round(room, job)
    assert [line for line in told.of(key) if "0 actions judged" in line] == told.of(key)
    assert len(told.of(key)) == 1


def test_verdicts_come_after_the_numbers_and_before_they_are_told():
    names = [job.name for job in JOBS]
    assert names.index("refresh") < names.index("verdicts") < names.index("signals")
