"""The definition of a form, as the YAML that a file for `portal kpi apply` would hold."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import indent
from typing import Any

import yaml

from kpi_engine.crm.entities import ColumnType
from kpi_engine.language import mark, tr
from portal.services.builder_fields import column_of
from portal.services.builder_form import Form
from portal.services.builder_measures import OnKey, Writer

_CHOSEN = ("class", "stage", "department")
_MISSING = {
    "name": mark("Give it a name."),
    "question": mark("Say which question it answers."),
    "class": mark("Choose a class."),
    "stage": mark("Choose a stage."),
    "department": mark("Choose a department."),
}
_TRIAL: Mapping[str, str] = {
    "key": "being_built",
    "name": "Being built",
    "question": "What is it?",
    "class": "activity",
    "stage": "sales",
    "department": "sales",
}
_OF_A_SHARE = ("share", "within", "cohort")
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Compiled:
    """A form as a definition. `errors` are by the field's name; with one nothing is kept."""

    key: str
    text: str
    errors: Mapping[str, str]
    measured: bool
    """Whether the measure is whole, so that its number can be shown."""
    trial: str
    """The same, with something in the place of what is not said yet."""


def compiled(form: Form) -> Compiled:
    """Return the definition of a form."""
    writer = Writer(form)
    measure = writer.measure()
    measured = measure is not None and not (form.kind == "written" and not form.get("yaml"))
    errors = dict(writer.errors)
    for name, text in _MISSING.items():
        if not form.get(name):
            errors.setdefault(name, tr(text))
    told = _definition(form)
    return Compiled(
        str(told["key"]),
        _written(form, told, measure),
        errors,
        measured,
        _written(form, {**_TRIAL, **{name: text for name, text in told.items() if text}}, measure),
    )


def key_of(form: Form) -> str:
    """Return the key: as it was said, or made of the name."""
    if form.get("key"):
        return form.get("key")
    plain = unicodedata.normalize("NFKD", form.get("name")).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    return made[:64].lstrip("0123456789_")


def unit_of(form: Form) -> str:
    """Return the unit: as it was said, or what follows from the measure."""
    if form.get("unit"):
        return form.get("unit")
    kind = form.kind
    if kind in _OF_A_SHARE:
        return "ratio"
    if kind == "duration":
        return "days"
    if kind == "ratio":
        return _quotient(form)
    return _figure(form, "a", form.get("a_of") if kind == "stock" else kind)


def _quotient(form: Form) -> str:
    over, under = (_figure(form, side, form.get(f"{side}_of")) for side in ("a", "b"))
    if over == "money" and under != "money":
        return "money"
    # Demos per won deal are no share: they are told as a plain number and not in per cent.
    alike = form.get("a_entity") == form.get("b_entity") and over == under
    return "ratio" if alike else "score"


def _figure(form: Form, side: str, of: str) -> str:
    if of not in ("total", "typical"):
        return "count"
    found = column_of(form.get(f"{side}_entity"), form.get(f"{side}_column"))
    if found is not None and found[1].type is ColumnType.MONEY:
        return "money"
    return "count" if of == "total" else "score"


def _definition(form: Form) -> dict[str, Any]:
    told: dict[str, Any] = {
        "key": key_of(form),
        "name": form.get("name"),
        "question": form.get("question"),
        "description": form.get("description"),
        **{name: form.get(name) for name in _CHOSEN},
        "timing": form.get("timing") or "lagging",
        "unit": unit_of(form),
        "better": form.get("better") or "higher",
        "cadence": form.get("cadence") or "month",
    }
    for name in ("guardrails", "drives"):
        stem = name.removesuffix("s") if name == "guardrails" else name
        keys = [form.get(f"{stem}_{at}") for at in (1, 2, 3)]
        if any(keys):
            told[name] = list(dict.fromkeys(key for key in keys if key))
    if form.get("source"):
        told["source"] = form.get("source")
    return told


def _written(form: Form, told: Mapping[str, Any], measure: Mapping[str, Any] | None) -> str:
    kept = {name: text for name, text in told.items() if text or name in _MISSING}
    if form.kind == "written":
        body = indent(form.get("yaml"), " " * _DEPTH)
        return f"{_dumped([kept])}  measure:\n{body}\n"
    return _dumped([{**kept, "measure": dict(measure)} if measure is not None else kept])


def _dumped(content: object) -> str:
    return yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=96, indent=2
    )


class _Dumper(yaml.SafeDumper):
    """Writes `on` without quotes, shares nothing by reference, and indents lists."""

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out, however often it stands there."""
        del data
        return True


_Dumper.add_representer(
    OnKey, lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:bool", "on")
)
