"""A catalogue finds its KPIs, takes a tenant's own in, and knows what each is built from."""

import pytest

from kpi_engine.definitions.catalogue import Catalogue, read_own, shipped_catalogue
from kpi_engine.definitions.graph import ground_up
from kpi_engine.definitions.problems import DefinitionsError, Severity
from kpi_engine.definitions.settings import Settings
from kpi_engine.errors import UnknownKpiError
from tests.definitions.samples import base_catalogue, definition


def test_a_kpi_is_found_or_the_nearest_is_named():
    catalogue = base_catalogue()
    assert catalogue.kpi("win_rate").name == "Mine"
    with pytest.raises(UnknownKpiError) as caught:
        catalogue.kpi("win_rat")
    assert str(caught.value) == "There is no KPI called 'win_rat'. Did you mean 'win_rate'?"


def test_a_tenants_own_takes_the_place_of_the_one_that_ships():
    catalogue = base_catalogue()
    grown, kpis, issues = read_own(definition(key="win_rate", unit="count"), catalogue)
    assert issues == ()
    assert grown["win_rate"] == kpis[0] != catalogue["win_rate"]
    assert list(grown) == list(catalogue)
    assert grown.settings is catalogue.settings


def test_the_closure_has_inputs_before_what_is_built_from_them():
    catalogue = base_catalogue()
    text = definition(measure="{formula: a * b, of: {a: win_rate, b: won_revenue}}")
    grown, _, _ = read_own(text, catalogue)
    keys = [kpi.key for kpi in grown.closure(["mine", "win_rate"])]
    assert sorted(keys) == ["mine", "win_rate", "won_deals", "won_revenue"]
    assert keys.index("won_deals") < keys.index("win_rate") < keys.index("mine")
    assert [kpi.key for kpi in grown.closure(["won_deals"])] == ["won_deals"]


def test_a_long_row_of_definitions_needs_no_deep_stack():
    text = definition(key="k0") + "".join(
        definition(key=f"k{n}", measure=f"{{formula: a, of: {{a: k{n - 1}}}}}")
        for n in range(1, 400)
    )
    catalogue, _, issues = read_own(text, base_catalogue())
    assert [issue.key for issue in issues] == ["k20"]
    assert len(catalogue.closure(["k399"])) == 400


def test_the_order_leaves_circles_out_and_keeps_what_stands_on_them():
    def over(key, other):
        return definition(key=key, measure=f"{{formula: x, of: {{x: {other}}}}}")

    text = over("aa", "bb") + over("bb", "aa") + over("cc", "aa") + over("dd", "won_deals")
    catalogue, _, _ = read_own(text, base_catalogue())
    order, circles = ground_up(catalogue)
    assert circles == (("aa", "bb"),)
    assert set(order) == {"win_rate", "won_deals", "won_revenue", "cc", "dd"}
    with pytest.raises(DefinitionsError):
        catalogue.closure(["cc"])


def test_what_ships_is_sound_and_says_so_without_a_warning():
    catalogue = shipped_catalogue()
    assert len(catalogue) >= 70
    _, kpis, issues = read_own(definition(), catalogue)
    assert len(kpis) == 1
    assert [str(issue) for issue in issues if issue.severity is Severity.ERROR] == []
    assert [str(issue) for issue in issues] == []


def test_what_ships_follows_the_settings():
    ours = shipped_catalogue(Settings({"lead_score_threshold": 70}))
    assert "score >= 70" in str(ours["lead_scoring_precision"].measure)
    assert "score >= 50" in str(shipped_catalogue()["lead_scoring_precision"].measure)


def test_removing_a_kpi_that_another_uses_is_told():
    catalogue = base_catalogue()
    without = Catalogue(kpi for key, kpi in catalogue.items() if key != "won_deals")
    _, _, issues = read_own(definition(), without)
    assert [str(issue) for issue in issues] == [
        "the catalogue: win_rate: measure.ratio.over: It uses 'won_deals', which is not defined."
    ]
