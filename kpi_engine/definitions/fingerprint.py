"""Twelve hex digits that change when, and only when, the number that a KPI gives may change.

Measure and unit make the number; name, question and description do not. A KPI that is built from
others carries their fingerprints, since its own text does not change when theirs does. Settings
enter by their values.
"""

import hashlib
import json
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.expressions import Expression
from kpi_engine.definitions.kinds import Formula, Health, Kpi, KpiKey, KpiRef
from kpi_engine.definitions.parts import inputs_of, stands_by_stage, walk
from kpi_engine.definitions.takes import Clock, HealthTake

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["fingerprint", "fingerprints", "inputs_of"]

_DIGITS = 12
_BEHIND_COLUMNS = {"entered_proposal": "proposal_stages", "is_opening": "forecast_category"}
"""Derived columns that follow from a setting, which their name does not tell."""
_BEHIND_CLOCK = ("business_hours", "holidays")


def fingerprint(kpi: Kpi, catalogue: Catalogue) -> str:
    """Return the fingerprint of a KPI as `catalogue` has its inputs and settings.

    Raises:
        UnknownKpiError: if an input is not in the catalogue.
        DefinitionsError: if the KPI depends on itself.
    """
    known: dict[KpiKey, str] = {}
    for each in catalogue.with_own([kpi]).closure([kpi.key]):
        known[each.key] = _digits(each, catalogue, known)
    return known[kpi.key]


def fingerprints(catalogue: Catalogue) -> dict[KpiKey, str]:
    """Return the fingerprint of every KPI of a catalogue."""
    known: dict[KpiKey, str] = {}
    for each in catalogue.closure(catalogue):
        known[each.key] = _digits(each, catalogue, known)
    return known


def _digits(kpi: Kpi, catalogue: Catalogue, known: dict[KpiKey, str]) -> str:
    behind: dict[str, object] = {}
    # A ratio that is read as a multiple is the same number.
    content = {"unit": kpi.unit.stated.value, "measure": _plain(kpi.measure, known, behind)}
    # The settings behind the derived columns and the clock that the measure was found to use.
    content["settings"] = {name: catalogue.settings[name] for name in behind}
    if any(stands_by_stage(part) for _, part in walk(kpi.measure)):
        # Once these words were read as the stage of today: what was observed so is restated.
        content["means"] = "stages by their changes"
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _plain(value: object, known: dict[KpiKey, str], behind: dict[str, object]) -> object:
    """Return a field of a measure as JSON has it, noting in `behind` the settings it stands on."""
    if isinstance(value, Expression):
        names = (name.rpartition(".")[2] for name in value.columns)
        behind.update((_BEHIND_COLUMNS[name], None) for name in names if name in _BEHIND_COLUMNS)
        return value.text
    if isinstance(value, KpiRef):
        return {"kpi": known[value.key]}
    if isinstance(value, Formula):
        of = {name: _plain(part, known, behind) for name, part in value.of}
        return {"kind": "Formula", "text": value.text.text, "of": of}
    if isinstance(value, tuple):
        return [_plain(each, known, behind) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {"kind": type(value).__name__, **_fields(value, known, behind)}
    if value is Clock.BUSINESS:
        behind.update(dict.fromkeys(_BEHIND_CLOCK))
    return value


def _fields(
    value: "DataclassInstance", known: dict[KpiKey, str], behind: dict[str, object]
) -> dict[str, object]:
    """Return the fields that are not as they would be anyway: a kind may grow a field later."""
    if isinstance(value, Health) and value.take is HealthTake.MEAN:
        value = replace(value, threshold=0)  # a mean has no use for it
    told = ((each, getattr(value, each.name)) for each in fields(value))
    return {
        each.name: _plain(found, known, behind) for each, found in told if found != each.default
    }
