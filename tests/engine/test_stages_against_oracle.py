"""What stands open is valued with the stage of the moment, whatever became of it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kpi_engine.crm.entities import ColumnType
from kpi_engine.definitions.kinds import KpiKey, Stock
from kpi_engine.definitions.takes import At, Take
from kpi_engine.engine.listing import Listing
from tests.engine.test_against_oracle import hold, looking_at
from tests.oracle.adapter import engine, rules_of
from tests.oracle.crms import STAGES, Setting, crms, settings_of_place
from tests.oracle.days import midnight
from tests.oracle.definitions import a_kpi, entities_of, filters, read
from tests.oracle.oracle import Asked, answer
from tests.oracle.records import Crm
from tests.oracle.scenarios import SETTINGS, Scenario, questions, splits_of
from tests.soundness.test_records_behind_a_number import same

BY_STAGE = (
    "amount * coalesce(stage_probability, probability)",
    "amount * stage_probability",
    "stage_order",
    "probability",
)
"""Values that follow from the stage, or that a CRM writes anew when a deal is closed."""


@st.composite
def staged(draw: st.DrawFn) -> Scenario:
    """A stock of deals valued by their stage, with several changes of stage a deal."""
    value = read("opportunity", draw(st.sampled_from(BY_STAGE)), ColumnType.NUMBER)
    take = draw(st.sampled_from((Take.SUM, Take.SUM, Take.MEAN, Take.MAX)))
    opened, closed = read("opportunity", "created_at"), read("opportunity", "closed_at")
    at = draw(st.sampled_from(At if take is Take.SUM else (At.END, At.START)))
    where = draw(st.one_of(st.none(), filters("opportunity")))
    measure = Stock("opportunity", take, opened, closed, value, where, at)
    place = draw(settings_of_place())
    sizes = {**entities_of(measure), "opportunity": 4, "stage_change": 10}
    crm = standing(draw(crms(sizes, place)), place)
    kpis = {KpiKey("asked"): a_kpi(measure)}
    known = draw(st.sampled_from([None, None, *place.loads]))
    question = draw(questions(place, kpis, draw(splits_of(measure))))
    asked = Asked(crm, kpis, STAGES, rules_of(SETTINGS), question, known)
    return Scenario(asked, draw(st.integers(0, len(place.loads))))


def standing(crm: Crm, place: Setting) -> Crm:
    """Let one deal be as it is drawn, and the others stand for long: else few do at any moment."""
    since = midnight(min(place.days), place.calendar.timezone)
    until = midnight(max(place.days), place.calendar.timezone)
    deals = [
        row if row["id"] == "1" else {**row, "created_at": since, "closed_at": until}
        for row in crm["opportunity"]
    ]
    return {**crm, "opportunity": deals}


@looking_at(60)
@given(staged())
def test_a_stock_by_stage_is_what_its_changes_say(scenario: Scenario):
    hold(scenario)


@looking_at(20)
@given(staged())
def test_as_many_records_are_listed_as_stood_by_stage(scenario: Scenario):
    asked = scenario.asked
    with engine(asked, scenario.settings, scenario.base) as one:
        rows = [row for row in one.ask(asked.question).rows() if row.reading.n]
        for row in rows[:8]:
            days = {"start": row.period.start, "end": row.period.end}
            same(Listing(one, replace(asked.question, **days, splits=((),)), row.keys), row)


def test_the_changes_matter():
    """Enough examples must tell something else without their changes, or nothing is tried."""
    seen: list[bool] = []

    @looking_at(40)
    @given(staged())
    def look(scenario: Scenario) -> None:
        asked = scenario.asked
        bare = replace(asked, crm={**asked.crm, "stage_change": []})
        seen.append(answer(asked) != answer(bare))

    look()
    assert sum(seen) >= len(seen) // 8
