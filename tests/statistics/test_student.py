"""Student's distribution against its printed table."""

import numpy as np
import pytest

from kpi_engine.statistics import student

# NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
TABLE = [
    (1, 0.975, 12.706),
    (2, 0.975, 4.303),
    (3, 0.95, 2.353),
    (5, 0.975, 2.571),
    (5, 0.995, 4.032),
    (10, 0.9, 1.372),
    (10, 0.975, 2.228),
    (30, 0.975, 2.042),
    (60, 0.99, 2.390),
    (100, 0.975, 1.984),
]


@pytest.mark.parametrize(("df", "p", "value"), TABLE)
def test_the_quantiles_are_those_of_the_table(df, p, value):
    assert student.quantile(p, df) == pytest.approx(value, abs=6e-4)
    assert student.quantile(1 - p, df) == pytest.approx(-value, abs=6e-4)


@pytest.mark.parametrize("df", [1, 2, 7, 40])
def test_a_quantile_is_where_the_distribution_reaches_its_share(df):
    for p in (0.01, 0.2, 0.5, 0.8, 0.999):
        assert student.cdf(student.quantile(p, df), df) == pytest.approx(p, abs=1e-10)


def test_one_degree_of_freedom_is_the_distribution_of_cauchy():
    for t in (-3.0, -0.5, 0.0, 1.0, 20.0):
        assert student.cdf(t, 1) == pytest.approx(0.5 + np.arctan(t) / np.pi, abs=1e-12)


def test_the_table_between_its_values_is_exact_to_six_places():
    values, shares = student.table(4)
    for t in np.linspace(-9, 9, 301):
        assert np.interp(t, values, shares) == pytest.approx(student.cdf(float(t), 4), abs=1e-6)
