"""A KPI looks forward where it counts what is open by the day it is hoped to close on."""

import pytest

from kpi_engine.definitions.catalogue import shipped_catalogue
from kpi_engine.definitions.outlook import looks_forward
from tests.definitions.samples import base_catalogue, measure_of

DUE = "{{sum: opportunity.amount, where: {where}, on: {on}}}"


def due(where, on="expected_close_on"):
    return DUE.format(where=f'"{where}"', on=on)


OPEN = due("status = 'open'")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (OPEN, True),
        (due("'open' = status and amount > 10"), True),
        (due("amount > 10 and (kind = 'new' and status = 'open')"), True),
        (due("status = 'open' or status = 'won'"), False),
        (due("not (status = 'open')"), False),
        (due("status = 'won'"), False),
        (due("amount > 10"), False),
        (due("status = 'open'", on="created_at"), False),
        (f"{{ratio: {{over: {OPEN}, under: won_revenue}}}}", True),
        (f"{{ratio: {{over: won_revenue, under: {OPEN}}}}}", False),
        (f"{{formula: won + due, of: {{won: won_revenue, due: {OPEN}}}}}", False),
        ("{stock: {count: opportunity}, opened: created_at, closed: closed_at, at: end}", False),
    ],
)
def test_what_looks_forward(text, told):
    assert looks_forward(measure_of(text), base_catalogue()) is told


def test_of_those_that_ship_it_is_coverage():
    catalogue = shipped_catalogue()
    found = {key for key in catalogue if looks_forward(catalogue[key].measure, catalogue)}
    assert found == {
        "pipeline_coverage",
        "pipeline_coverage_remaining",
        "pipeline_coverage_weighted",
    }
