"""Random questions of random CRMs: what the engine and the oracle are both asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st

from kpi_engine.definitions.kinds import (
    Balance,
    FirstTouch,
    Health,
    Kpi,
    KpiKey,
    Measure,
    Rolling,
    Slipped,
)
from kpi_engine.definitions.settings import Settings
from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension, Question, Scope, ScopeKind, Split
from tests.oracle.adapter import rules_of
from tests.oracle.crms import STAGES, Setting, crms, settings_of_place
from tests.oracle.definitions import KINDS, a_kpi, entities_of, named_by
from tests.oracle.dimensions import has_dimension
from tests.oracle.oracle import Asked

SETTINGS = Settings()
OTHER_SETTINGS = Settings(
    {
        "business_hours": {"days": ["monday", "saturday", "sunday"], "open": "08:30"},
        "holidays": ["2016-02-29", "2017-01-02", "2017-03-27", "2017-05-29"],
        "forecast_category": "best_case",
        "proposal_stages": ["Signed", "Odd"],
        "lead_response_limit": "1d",
        "qualification_window": "7d",
    }
)
WHERES = (
    "region = 'East'",
    "owner = 'Ada' or team in ('Bo', 'Cy')",
    "team is null",
    "not (region = 'West') and owner is not null",
)
SCOPES = (
    Scope(),
    Scope(ScopeKind.OWN, ("1",)),
    Scope(ScopeKind.TEAM, ("1",)),
    Scope(ScopeKind.TEAM, ("2", "3")),
    Scope(ScopeKind.OWN, ()),
    Scope(ScopeKind.TEAM, ()),
)
_BACK = {Grain.DAY: 3, Grain.WEEK: 10, Grain.MONTH: 40, Grain.QUARTER: 100, Grain.YEAR: 366}
_TODAYS = (700, 20, 0, 1, -1)
"""Days from the day around which the CRM is made to the day that is today."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question of a CRM, and the version up to which its store is compacted."""

    asked: Asked
    base: int
    settings: Settings = SETTINGS


def grains_for(measures: list[Measure]) -> st.SearchStrategy[Grain]:
    """Grains at which the measures are told; trailing balances stand on calendar months."""
    coarse = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
    trailing = any(isinstance(one, Rolling) and has_balance(one) for one in measures)
    return st.sampled_from(coarse if trailing else tuple(Grain))


def has_balance(measure: object) -> bool:
    """Whether a balance is somewhere in the measure."""
    parts = [getattr(measure, name, None) for name in ("over", "under", "measure")]
    return isinstance(measure, Balance) or any(has_balance(part) for part in parts if part)


def dimensions_of(*measures: Measure) -> list[Dimension]:
    """Return the dimensions that every entity of the measures has."""
    entities = {entity for measure in measures for entity in _split_entities(measure)}
    return [one for one in Dimension if all(has_dimension(each, one) for each in entities)]


def _split_entities(measure: Measure) -> set[str]:
    if isinstance(measure, Health):
        return {"account"}
    if isinstance(measure, FirstTouch):
        return {measure.of}
    named = named_by(measure)
    return named - {"stage_change"} if isinstance(measure, Slipped) else named


def splits_of(*measures: Measure) -> st.SearchStrategy[Split]:
    """Up to two dimensions of the measures, in any order."""
    found = dimensions_of(*measures)
    pairs = [(one, two) for one in found for two in found if one != two]
    return st.sampled_from([(), *((one,) for one in found), *pairs])


@st.composite
def plain(draw: st.DrawFn, kind: str) -> Scenario:
    """One KPI of a kind, of everybody, over any calendar, known now."""
    measure = draw(KINDS[kind])
    place = draw(settings_of_place())
    crm = draw(crms(entities_of(measure), place))
    question = draw(questions(place, {KpiKey("asked"): a_kpi(measure)}))
    told = draw(st.sampled_from((SETTINGS, OTHER_SETTINGS)))
    asked = Asked(crm, {KpiKey("asked"): a_kpi(measure)}, STAGES, rules_of(told), question)
    return Scenario(asked, draw(st.integers(0, len(place.loads))), told)


@st.composite
def narrowed(draw: st.DrawFn, kind: str) -> Scenario:
    """One KPI of a kind, split, in a scope, as known at some moment."""
    measure = draw(KINDS[kind])
    place = draw(settings_of_place())
    crm = draw(crms(entities_of(measure), place))
    kpis = {KpiKey("asked"): a_kpi(measure)}
    split = draw(splits_of(measure))
    scope = draw(st.sampled_from(SCOPES))
    before = place.loads[0] - timedelta(days=1)
    known = draw(st.sampled_from([None, *place.loads, before]))
    question = draw(questions(place, kpis, split, scope))
    told = draw(st.sampled_from((SETTINGS, OTHER_SETTINGS)))
    asked = Asked(crm, kpis, STAGES, rules_of(told), question, known)
    return Scenario(asked, draw(st.integers(0, len(place.loads))), told)


@st.composite
def questions(
    draw: st.DrawFn,
    place: Setting,
    kpis: Mapping[KpiKey, Kpi],
    split: Split = (),
    scope: Scope = SCOPES[0],
) -> Question:
    """Draw a question of all the KPIs around the days of the place."""
    around = place.days[0]
    grain = draw(grains_for([kpi.measure for kpi in kpis.values()]))
    today = around + timedelta(days=draw(st.sampled_from(_TODAYS)))
    start = around - timedelta(days=_BACK[grain])
    end = around + timedelta(days=4)
    keys = tuple(kpis)
    return Question(keys, (grain,), start, end, today, place.calendar, (split,), scope)
