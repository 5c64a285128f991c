"""A setting is what its tenant says, within bounds, or the default; every fault is told at once."""

import pytest

from kpi_engine.definitions.settings import SETTINGS, BadSettingsError, Settings


def test_what_is_not_said_is_as_it_ships():
    settings = Settings()
    assert list(settings) == list(SETTINGS)
    assert settings["lead_response_limit"] == "4h"
    assert settings["gross_margin"] == 0.8
    assert settings["proposal_stages"] == ()
    assert settings["business_hours"] == {
        "days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "open": "09:00",
        "close": "17:00",
    }
    assert settings["health_components"]["tickets"] == {
        "weight": 5,
        "worst": 5,
        "best": 0,
        "days": 30,
    }


def test_what_is_said_takes_its_place_and_leaves_the_rest():
    settings = Settings(
        {
            "gross_margin": 0.7,
            "business_hours": {"open": "08:00", "days": ["sunday", "monday"]},
            "holidays": ["2017-12-25", "2017-01-01", "2017-12-25"],
            "proposal_stages": ["Proposal", "Quote"],
            "health_components": {"usage": {"weight": 0}},
        }
    )
    assert settings["gross_margin"] == 0.7
    assert settings["business_hours"] == {
        "days": ["monday", "sunday"],
        "open": "08:00",
        "close": "17:00",
    }
    assert settings["holidays"] == ("2017-01-01", "2017-12-25")
    assert settings["proposal_stages"] == ("Proposal", "Quote")
    assert settings["health_components"]["usage"]["weight"] == 0
    assert settings["health_components"]["usage"]["days"] == 30


def test_settings_are_frozen_and_equal_by_what_they_say():
    settings = Settings({"gross_margin": 0.7})
    settings["business_hours"]["open"] = "00:00"
    assert settings["business_hours"]["open"] == "09:00"
    assert settings == Settings({"gross_margin": 0.70})
    assert hash(settings) == hash(Settings({"gross_margin": 0.7}))
    assert settings != Settings()
    with pytest.raises(TypeError):
        settings["gross_margin"] = 1


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("gross_margin", 1.5, "The setting 'gross_margin' is a number from 0 to 1."),
        ("gross_margin", True, "The setting 'gross_margin' is a number from 0 to 1."),
        ("gross_margin", float("nan"), "The setting 'gross_margin' is a number from 0 to 1."),
        ("fcr_reply_limit", 1.5, "The setting 'fcr_reply_limit' is a whole number from 0 to 1000."),
        (
            "lead_response_limit",
            "soon",
            (
                "The setting 'lead_response_limit' cannot be read: A length of time is a number and"
                " a unit, such as 4h, 30d or 3 months."
            ),
        ),
        (
            "onboarding_window",
            "2 months",
            (
                "The setting 'onboarding_window' is told in days or shorter; a month has no fixed"
                " length."
            ),
        ),
        ("forecast_category", "", "The setting 'forecast_category' is a text of 1 to 200 letters."),
        (
            "forecast_category",
            "a\x1b[2J",
            "The setting 'forecast_category' holds an invisible character; take it out.",
        ),
        ("proposal_stages", "Quote", "The setting 'proposal_stages' is a list of at most 500."),
        (
            "holidays",
            ["2017-02-30"],
            "The setting 'holidays' has '2017-02-30' in it; write days as 2017-12-31.",
        ),
        (
            "business_hours",
            {"days": ["mon"]},
            "The setting 'business_hours' has a day 'mon' in it. Did you mean 'monday'?",
        ),
        (
            "business_hours",
            {"days": []},
            "The setting 'business_hours' has no working day in it; name at least one.",
        ),
        (
            "business_hours",
            {"opens": "09:00"},
            "The setting 'business_hours' has no 'opens'. Did you mean 'open'?",
        ),
        (
            "business_hours",
            {"open": 540},
            "The setting 'business_hours' needs its hours as 09:00, in quotes.",
        ),
        (
            "business_hours",
            {"open": "18:00"},
            "The setting 'business_hours' closes before it opens.",
        ),
        (
            "health_components",
            {"usages": {}},
            "The setting 'health_components' has no 'usages'. Did you mean 'usage'?",
        ),
        (
            "health_components",
            {"usage": {"best": 0}},
            (
                "The setting 'health_components' cannot be used: usage scores 0 and 100 at the same"
                " figure."
            ),
        ),
        (
            "health_components",
            {"usage": {"days": 0}},
            (
                "The setting 'health_components' cannot be used: days of usage is a whole number"
                " from 1 to 3660."
            ),
        ),
        (
            "health_components",
            {
                name: {"weight": 0}
                for name in ("usage", "tickets", "satisfaction", "renewal", "contact")
            },
            "The setting 'health_components' weighs nothing; give at least one component a weight.",
        ),
        (
            "gros_margin",
            1,
            "There is no setting called 'gros_margin'. Did you mean 'gross_margin'?",
        ),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_one_sentence(name, value, fault):
    with pytest.raises(BadSettingsError) as caught:
        Settings({name: value})
    assert str(caught.value) == fault


def test_every_fault_is_told_at_once():
    with pytest.raises(BadSettingsError) as caught:
        Settings({"gross_margin": 2, "satisfied_from": "four", "colour": "red"})
    assert len(caught.value.faults) == 3
