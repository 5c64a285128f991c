"""The column of parts adds up to the change as it is shown, and a small group gets no bar."""

from hypothesis import given
from hypothesis import strategies as st

from portal.readmodels.cards import Tone
from portal.services.split_figures import shared_out

MARCH = {"period": "2017-03"}


@given(
    st.dictionaries(st.text(min_size=1), st.floats(-1e6, 1e6), min_size=1, max_size=20),
)
def test_rounded_parts_add_up_to_the_rounded_whole(parts):
    total = round(sum(parts.values()))
    shared = shared_out(parts, total)
    assert sum(shared.values()) == total
    assert all(abs(shared[key] - value) <= 1.5 for key, value in parts.items())


def test_the_parts_of_a_sum_are_its_groups_changes(place, executive):
    split = place.page(executive, "won_revenue", {**MARCH, "split": "rep"}).split
    assert split.part == "Part of +1,700"
    assert {row.name: row.part for row in split.rows} == {
        "gone": "+1,600",
        "Bob": "+200",
        "Ann": "\N{MINUS SIGN}100",
    }
    assert split.total.part == "+1,700"


def test_a_group_of_few_records_has_no_bar_and_says_so(place, executive):
    split = place.page(executive, "win_rate", {**MARCH, "split": "rep"}).split
    told = [row for row in split.rows if row.few]
    assert told
    assert all(
        (row.filled, row.whisker) == (None, None) and "too small" in row.note for row in told
    )


def test_a_median_is_split_without_a_column_that_adds_up(place, executive):
    split = place.page(executive, "median_deal_size", {**MARCH, "split": "rep"}).split
    assert (split.part, bool(split.rows)) == ("", True)


def test_a_rep_is_not_split_by_others(place, ann):
    split = place.page(ann, "won_revenue", MARCH).split
    assert not {"Rep", "Team"} & {choice.text for choice in split.choices}


def test_a_change_between_few_records_has_no_colour(place, ann):
    found = place.page(ann, "win_rate", MARCH)
    changes = [cell.change for cell in found.cells if cell.change is not None]
    assert {change.tone for change in changes} <= {Tone.NEUTRAL}
    assert found.finding is None or found.finding.tone is Tone.NEUTRAL
