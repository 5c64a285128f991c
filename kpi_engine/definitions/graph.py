"""Which KPI stands on which: the order from the ground up, and the circles that have none."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.parts import inputs_of

Circle = tuple[KpiKey, ...]


def ground_up(kpis: Mapping[KpiKey, Kpi]) -> tuple[tuple[KpiKey, ...], tuple[Circle, ...]]:
    """Return the keys with inputs before what is built from them, and the circles left out.

    An input that is not among `kpis` is passed over. A circle begins with its first KPI in the
    order of `kpis`; what stands on a circle is in the order, after it was cut out.
    """
    place = {key: number for number, key in enumerate(kpis)}
    inputs = {key: [each for each in inputs_of(kpi) if each in kpis] for key, kpi in kpis.items()}
    circles: list[Circle] = []
    while True:
        try:
            order = tuple(TopologicalSorter(inputs).static_order())
        except CycleError as error:
            circle = _turned(error.args[1], place)
            circles.append(circle)
            inputs = _without(inputs, circle)
        else:
            return order, tuple(sorted(circles, key=lambda circle: place[circle[0]]))


def _turned(cycle: Iterable[KpiKey], place: Mapping[KpiKey, int]) -> Circle:
    """Return a circle as each KPI uses the next, from the one that comes first."""
    # graphlib tells a circle from input to user, with its first key again at the end.
    keys = list(cycle)[:0:-1]
    first = keys.index(min(keys, key=lambda key: place[key]))
    return (*keys[first:], *keys[:first])


def _without(inputs: Mapping[KpiKey, list[KpiKey]], circle: Circle) -> dict[KpiKey, list[KpiKey]]:
    return {
        key: [each for each in below if each not in circle]
        for key, below in inputs.items()
        if key not in circle
    }
