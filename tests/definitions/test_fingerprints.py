"""A fingerprint changes when, and only when, the number that a KPI gives may change."""

import subprocess
import sys

import pytest

from kpi_engine.definitions.catalogue import Catalogue, read_own, shipped_catalogue
from kpi_engine.definitions.fingerprint import fingerprint, fingerprints, inputs_of
from kpi_engine.definitions.problems import DefinitionsError
from kpi_engine.definitions.settings import Settings
from kpi_engine.errors import UnknownKpiError
from tests.definitions.samples import base_catalogue, definition

MEASURE = "{count: opportunity, where: \"status = 'won'\", on: closed_at}"


def print_of(settings=None, base=None, **fields):
    """Return the fingerprint of the sample with some fields of its own."""
    told = {"measure": MEASURE, **fields}
    catalogue, kpis, issues = read_own(definition(told), base or base_catalogue(settings))
    assert issues == ()
    return fingerprint(kpis[0], catalogue)


def test_it_is_twelve_hex_digits():
    assert len(print_of()) == 12
    assert int(print_of(), 16) >= 0


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Another"},
        {"question": "Why?"},
        {"description": "Told anew."},
        {"source": "A book"},
        {"key": "other"},
        {"class": "outcome"},
        {"better": "lower"},
        {"cadence": "week"},
        {"guardrails": "[win_rate]"},
        {"measure": "{on: closed_at, where: \"status='won'\", count: opportunity}"},
        {"measure": '{count: opportunity, where: "(status = \'won\')", on: "closed_at"}'},
    ],
)
def test_what_is_said_about_a_kpi_keeps_it(fields):
    assert print_of(**fields) == print_of()


@pytest.mark.parametrize(
    "fields",
    [
        {"measure": MEASURE.replace("won", "lost")},
        {"measure": MEASURE.replace("closed_at", "created_at")},
        {"measure": MEASURE.replace("count: opportunity", "sum: opportunity.probability")},
        {"measure": "{stock: {count: opportunity}, closed: closed_at}"},
        {"measure": MEASURE.replace("closed_at", "null")},
    ],
)
def test_another_measure_changes_it(fields):
    assert print_of(**fields) != print_of()


def test_another_unit_changes_it():
    hours = print_of(measure="{duration: opportunity, to: closed_at}", unit="hours")
    assert hours != print_of(measure="{duration: opportunity, to: closed_at}", unit="days")


def test_defaults_that_are_written_out_keep_it():
    plain = "{stock: {count: opportunity}, closed: closed_at}"
    told = "{stock: {count: opportunity}, opened: created_at, closed: closed_at, at: end}"
    assert print_of(measure=plain) == print_of(measure=told)


def test_what_stands_by_stage_is_not_what_it_was_before_stages_had_a_history():
    """What was observed with the stage of today is restated, and nothing else is."""
    shipped = shipped_catalogue()
    assert fingerprint(shipped["weighted_pipeline"], shipped) != "fb4da556ccb8"
    assert fingerprint(shipped["pipeline_value"], shipped) == "6f0d673c02a7"


RATIO = {"measure": "{ratio: {over: won_deals, under: win_rate}}", "unit": "count"}


def test_an_input_that_changes_changes_what_is_built_from_it():
    before = print_of(**RATIO)
    text = definition(key="won_deals", measure=MEASURE.replace("closed_at", "created_at"))
    changed, _, _ = read_own(text, base_catalogue())
    assert print_of(base=changed, **RATIO) != before


def test_an_input_that_is_only_reworded_keeps_what_is_built_from_it():
    before = print_of(**RATIO)
    text = definition(key="won_deals", name="Deals won", measure=MEASURE)
    reworded, _, _ = read_own(text, base_catalogue())
    assert print_of(base=reworded, **RATIO) == before


BUSINESS = "{duration: ticket, to: resolved_at, clock: business}"


@pytest.mark.parametrize(
    ("own", "fields"),
    [
        (
            {"lead_score_threshold": 60},
            {"measure": '{count: lead, where: "score >= setting.lead_score_threshold"}'},
        ),
        (
            {"qualification_window": "31d"},
            {
                "measure": "{cohort: lead, reaches: qualified_at,"
                " within: setting.qualification_window}",
                "unit": "ratio",
            },
        ),
        ({"holidays": ["2017-01-01"]}, {"measure": BUSINESS, "unit": "hours"}),
        ({"business_hours": {"open": "08:00"}}, {"measure": BUSINESS, "unit": "hours"}),
        (
            {"proposal_stages": ["Quote"]},
            {"measure": '{count: opportunity, where: "entered_proposal = true"}'},
        ),
        (
            {"proposal_stages": ["Quote"]},
            {"measure": '{count: stage_change, where: "opportunity.entered_proposal = true"}'},
        ),
        (
            {"forecast_category": "best_case"},
            {"measure": "{sum: forecast.amount, where: is_opening}", "unit": "money"},
        ),
        (
            {"health_components": {"usage": {"weight": 1}}},
            {"measure": "{health: mean}", "unit": "score"},
        ),
        ({"health_threshold": 40}, {"measure": "{health: at_risk}", "unit": "money"}),
    ],
)
def test_a_setting_that_the_number_stands_on_changes_it(own, fields):
    assert print_of(Settings(own), **fields) != print_of(**fields)
    assert print_of(Settings(own)) == print_of()


def test_a_setting_that_the_number_does_not_stand_on_keeps_it():
    mean = {"measure": "{health: mean}", "unit": "score"}
    assert print_of(Settings({"health_threshold": 40}), **mean) == print_of(**mean)


def test_a_setting_in_an_input_changes_what_is_built_from_it():
    base = definition(key="fast", unit="hours", measure=BUSINESS)
    built = {"measure": "{rolling: fast, over: 3 months}", "unit": "hours"}
    plain, _, _ = read_own(base, base_catalogue())
    holidays, _, _ = read_own(base, base_catalogue(Settings({"holidays": ["2017-01-01"]})))
    assert print_of(base=plain, **built) != print_of(base=holidays, **built)


def test_it_is_the_same_in_another_process():
    code = (
        "from kpi_engine.definitions.catalogue import shipped_catalogue\n"
        "from kpi_engine.definitions.fingerprint import fingerprints\n"
        "print(sorted(fingerprints(shipped_catalogue()).items()))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert told.strip() == str(sorted(fingerprints(shipped_catalogue()).items()))


def test_all_at_once_are_as_one_by_one():
    catalogue = shipped_catalogue()
    all_at_once = fingerprints(catalogue)
    assert all_at_once.keys() == catalogue.keys()
    for key in ("win_rate", "pipeline_velocity", "customer_lifetime_value"):
        assert fingerprint(catalogue[key], catalogue) == all_at_once[key]


def test_the_inputs_are_told_once_each():
    catalogue = base_catalogue()
    measure = "{formula: a + b + c, of: {a: won_deals, b: won_deals, c: win_rate}}"
    _, kpis, _ = read_own(definition(measure=measure), catalogue)
    assert inputs_of(kpis[0]) == ("won_deals", "win_rate")
    assert inputs_of(catalogue["won_deals"]) == ()


def test_an_input_that_is_missing_is_named():
    catalogue = base_catalogue()
    alone = Catalogue([catalogue["win_rate"]])
    with pytest.raises(UnknownKpiError, match="There is no KPI called 'won_deals'"):
        fingerprint(catalogue["win_rate"], alone)


def test_a_circle_has_none():
    text = definition(key="one", measure="{formula: x, of: {x: two}}")
    text += definition(key="two", measure="{formula: x, of: {x: one}}")
    catalogue, kpis, _ = read_own(text, base_catalogue())
    with pytest.raises(DefinitionsError, match="It depends on itself: one → two → one"):
        fingerprint(kpis[0], catalogue)
