"""Reading any measure: its first word says which kind it is."""

from collections.abc import Callable, Mapping
from functools import partial

from kpi_engine.definitions.fields import Fields
from kpi_engine.definitions.kinds import KpiKey, KpiRef, Measure, Part
from kpi_engine.definitions.measures_of_moments import balance, health, stock
from kpi_engine.definitions.measures_of_parts import formula, paired, ratio, rolling, to_date
from kpi_engine.definitions.measures_of_records import (
    aggregate,
    cohort,
    duration,
    first_of,
    first_touch,
    rank_accuracy,
    slipped,
)
from kpi_engine.definitions.scene import Scene, listed
from kpi_engine.definitions.takes import Take
from kpi_engine.definitions.yaml_tree import Branch, Leaf, Node
from kpi_engine.errors import did_you_mean
from kpi_engine.language import tr

Read = Callable[[Fields], Measure | None]


def read_measure(scene: Scene, node: Node, place: str) -> Measure | None:
    """Return the measure of a mapping, or None after noting why there is none."""
    if not isinstance(node, Branch):
        scene.note(node.line, place, tr("A measure is a mapping, such as {count: opportunity}."))
        return None
    fields = Fields(scene, node, place)
    heads = [name for name in node.fields if name in _READERS]
    if len(heads) == 1:
        return _READERS[heads[0]](fields)
    if heads:
        fields.note(tr("A measure has one kind, and this has {names}.", names=" and ".join(heads)))
        return None
    near = (did_you_mean(name, _READERS) for name in node.fields)
    hint = next(
        (each for each in near if each), tr(" It begins with {names}.", names=listed(_READERS))
    )
    fields.note(tr("This is no kind of measure.{hint}", hint=hint))
    return None


def read_part(fields: Fields, name: str) -> Part | None:
    """Return a part of a measure: the key of a KPI, or a measure written out."""
    node = fields.node(name)
    if node is None:
        fields.missing(name, "KPI or MEASURE")
        return None
    if isinstance(node, Leaf):
        if isinstance(node.value, str) and node.value:
            return KpiRef(KpiKey(node.value))
        fields.note(tr("'{name}' has to be the key of a KPI, or a measure.", name=name), name)
        return None
    return read_measure(fields.scene, node, fields.at(name))


_READERS: Mapping[str, Read] = {
    **{take.value: partial(aggregate, take=take) for take in Take},
    "duration": duration,
    "ratio": partial(ratio, part=read_part),
    "cohort": cohort,
    "stock": stock,
    "first": first_touch,
    "formula": partial(formula, part=read_part),
    "rolling": partial(rolling, part=read_part),
    "to_date": partial(to_date, part=read_part),
    "balance": balance,
    "first_of": first_of,
    "paired": partial(paired, part=read_part),
    "rank_accuracy": rank_accuracy,
    "slipped": slipped,
    "health": health,
}
