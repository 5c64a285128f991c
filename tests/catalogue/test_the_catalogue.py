"""The KPIs that ship are those that were promised, whole, readable and connected."""

from collections import Counter

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.checking import check
from kpi_engine.definitions.described import KpiClass, Timing
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.definitions.settings import Settings
from kpi_engine.definitions.yaml_file import read_definitions, read_draft
from tests.catalogue.promised import ALIASES, PROMISED, VARIANTS
from tests.catalogue.shipped import STAGES, files, parts_of, settings_of, written

TABLE = {row.split()[0]: tuple(row.split()[1:]) for row in PROMISED.strip().splitlines()}
OTHER_SETTINGS = Settings(
    {
        "lead_response_limit": "90 minutes",
        "qualification_window": "2w",
        "opportunity_window": "45d",
        "onboarding_window": "90d",
        "lead_score_threshold": 0.7,
        "gross_margin": 1,
        "fcr_reply_limit": 0,
        "satisfied_from": 4.5,
        "health_components": {"usage": {"weight": 2, "days": 60}},
        "business_hours": {"open": "08:00"},
        "forecast_category": "best_case",
        "proposal_stages": ["Quote"],
    }
)


def kpis() -> dict[str, Kpi]:
    return {kpi.key: kpi for kpi in shipped_catalogue().values()}


def test_every_promised_kpi_ships_as_it_was_promised():
    shipped = {
        kpi.key: (
            kpi.kpi_class.value,
            kpi.stage.value,
            kpi.department.value,
            kpi.unit.stated.value,
            kpi.better.value,
            kpi.cadence.value,
        )
        for kpi in kpis().values()
        if kpi.key in TABLE
    }
    assert shipped == TABLE


def test_what_ships_beside_the_promised_ones_is_listed_as_a_variant():
    assert sorted(set(written()) - set(TABLE)) == VARIANTS.split()


def test_no_key_is_defined_twice():
    keys = Counter(
        line.removeprefix("- key: ")
        for path in files()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("- key: ")
    )
    assert set(keys.values()) == {1}
    assert sorted(keys) == sorted(written())


def test_a_file_holds_one_stage_and_is_named_after_it():
    for path in files():
        text = path.read_text(encoding="utf-8")
        read, _ = read_definitions(text, Settings(), file=path.name)
        stages = {kpi.stage.value for kpi in read}
        assert len(stages) == 1
        assert path.stem.startswith(stages.pop())


def test_every_stage_of_the_journey_has_its_kpis():
    assert {definition["stage"] for definition in written().values()} == set(STAGES)


@pytest.mark.parametrize("settings", [Settings(), OTHER_SETTINGS], ids=["default", "other"])
def test_every_definition_can_be_read_whatever_the_settings(settings: Settings):
    drafts = [
        read_draft(path.read_text(encoding="utf-8"), settings, file=path.name) for path in files()
    ]
    catalogue = shipped_catalogue(settings)
    assert [str(issue) for issue in check(catalogue, drafts)] == []
    assert set(catalogue) == set(written())


@pytest.mark.parametrize("key", list(written()))
def test_no_text_is_blank_and_each_is_a_sentence(key: str):
    definition = written()[key]
    assert definition["name"].strip()
    assert definition["question"].strip().endswith("?")
    assert definition["description"].strip().endswith(".")
    assert definition["source"].strip().endswith(".")


def test_no_two_kpis_share_a_name_or_ask_the_same_question():
    for word in ("name", "question", "description"):
        texts = Counter(definition[word] for definition in written().values())
        assert [text for text, count in texts.items() if count > 1] == []


@pytest.mark.parametrize("word", ["guardrails", "drives"])
def test_guardrails_and_driven_kpis_exist_and_are_others(word: str):
    known = set(written())
    for key, definition in written().items():
        named = definition.get(word, [])
        assert set(named) <= known - {key}, key
        assert len(named) == len(set(named)), key


def test_a_source_or_description_names_only_kpis_that_exist():
    known = set(written())
    near = {key.split("_")[0] for key in known}
    settings = set(Settings())
    columns = {"resolved_at", "form_submitted", "follow_up"}
    for key, definition in written().items():
        text = f"{definition['description']} {definition['source']}"
        words = {word.strip(".,;:()") for word in text.split()}
        named = {word for word in words if "_" in word and word.split("_")[0] in near}
        assert named <= known | settings | columns, key


def test_effort_and_results_are_guarded():
    for kpi in kpis().values():
        if kpi.kpi_class in (KpiClass.ACTIVITY, KpiClass.OUTCOME):
            assert kpi.guardrails, kpi.key


def test_a_leading_kpi_says_what_it_drives_and_a_lagging_one_drives_nothing():
    for kpi in kpis().values():
        assert bool(kpi.drives) is (kpi.timing is Timing.LEADING), kpi.key


def test_no_class_of_kpis_is_missing_or_outweighs_the_others_together():
    classes = Counter(kpi.kpi_class for kpi in kpis().values())
    assert set(classes) == set(KpiClass)
    assert max(classes.values()) <= 0.6 * classes.total()


def test_the_parts_of_a_kpi_exist():
    known = set(written())
    for key, definition in written().items():
        assert set(parts_of(definition["measure"])) <= known - {key}, key


def test_every_setting_that_a_kpi_uses_is_one():
    used = {name for definition in written().values() for name in settings_of(definition)}
    later = {"outdated_contact_days", "stale_deal_days"}
    assert used | later == set(Settings())


def test_a_fingerprint_is_shared_only_where_it_is_meant():
    groups: dict[str, set[str]] = {}
    for key, digits in fingerprints(shipped_catalogue()).items():
        groups.setdefault(digits, set()).add(key)
    assert [keys for keys in groups.values() if len(keys) > 1] == [
        {alias, key} for alias, key in ALIASES.items()
    ]


def test_a_setting_that_the_overview_names_changes_the_fingerprint_and_no_other_does():
    before = fingerprints(shipped_catalogue())
    after = fingerprints(shipped_catalogue(OTHER_SETTINGS))
    changed = {key for key in before if before[key] != after[key]}
    own = {
        key
        for key, definition in written().items()
        if any(OTHER_SETTINGS[name] != Settings()[name] for name in settings_of(definition))
    }
    heirs = {key for key in written() if set(parts_of(written()[key]["measure"])) & changed}
    assert own <= changed <= own | heirs
    assert own < set(before)
