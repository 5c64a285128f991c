"""The sentence under the funnel and the marks in it say the same."""

import pytest

from portal.readmodels.formats import Formats
from portal.services.pipeline_funnel import weak_words
from portal.services.stage_funnel import Funnel, Share, StageRow


def _row(moved: int, days: float) -> StageRow:
    return StageRow("Proposal", 50, Share(moved, 100), Share(65, 100), days, 50, 10.0, 5)


@pytest.mark.parametrize(
    ("row", "rest"),
    [
        (_row(57, 10.0), "8 pp fewer move on."),
        (_row(65, 13.0), "13 days where 10 is usual."),
    ],
)
def test_a_stage_that_is_marked_is_called_weak(row, rest):
    assert row.fewer or row.slow
    told = weak_words(Funnel((row,), 3, ()), Formats("en"))
    assert told == ("Proposal is the weak stage:", rest)


def test_what_is_within_the_usual_is_not_called_weak():
    told = weak_words(Funnel((_row(63, 11.0),), 3, ()), Formats("en"))
    assert told == ("No stage holds deals back more than usual.", "")
