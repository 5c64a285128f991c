"""More calls with less out of each is told; more calls alone, or few calls, are not."""

import pytest

from portal.services.activities import Doing
from portal.services.team_flags import push


def _did(calls: tuple[int, int], connected: tuple[int, int], meetings: tuple[int, int]):
    return {
        ("ann", Doing.CALLS): calls,
        ("ann", Doing.CONNECTED): connected,
        ("ann", Doing.MEETINGS): meetings,
    }


@pytest.mark.parametrize(
    ("calls", "connected", "meetings", "found"),
    [
        ((260, 120), (130, 36), (26, 12), "reach somebody"),
        ((260, 120), (130, 60), (26, 6), "lead to a meeting"),
        ((260, 120), (130, 60), (26, 12), None),
        ((260, 90), (130, 20), (26, 2), None),
        ((52, 24), (26, 4), (5, 1), None),
        ((0, 120), (0, 10), (0, 1), None),
    ],
    ids=["fewer reached", "fewer meetings", "as good", "no more calls", "too few", "no past"],
)
def test_a_call_push_is_told_when_quality_falls(calls, connected, meetings, found):
    told = push(_did(calls, connected, meetings), ["ann"])
    assert (told.of if told else None) == found


def test_a_push_of_one_is_none_of_another():
    did = _did((260, 120), (130, 36), (26, 12))
    assert push(did, ["bob"]) is None
