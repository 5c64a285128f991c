"""docs/catalogue.md, made from the catalogue; run as a module it writes the page anew."""

from collections.abc import Iterator
from typing import Any

from tests.catalogue.documents import DOCS
from tests.catalogue.promised import ALIASES, VARIANTS
from tests.catalogue.shipped import STAGES, parts_of, settings_of, written

_HEAD = """# The KPIs that ship

Made from `kpi_engine/catalogue/` by `python -m tests.catalogue.overview`; a test tells when it is
out of date. What the words mean is in [kpis.md](kpis.md).

`◦` marks a variant: another published way to compute a KPI, under a key of its own. *Settings* are
the tenant's and part of the fingerprint. *Built from* names the KPIs whose fingerprints go into
this one; *drives* names those whose result it foretells.
"""
_FOOT = """
## Same number, two questions

{aliases}
"""
_COLUMNS = ("KPI", "Question", "In words", "Is", "Guardrails", "Source")


def overview() -> str:
    """Return the text of the page."""
    definitions = written()
    parts = [_HEAD]
    for stage in STAGES:
        inside = [each for each in definitions.values() if each["stage"] == stage]
        parts.append("\n".join(_table(stage, inside)))
    aliases = "\n".join(
        f"- `{alias}` has the measure of `{key}`: {definitions[alias]['question']}"
        for alias, key in ALIASES.items()
    )
    return "\n".join(parts) + _FOOT.format(aliases=aliases)


def _table(stage: str, definitions: list[dict[str, Any]]) -> Iterator[str]:
    yield f"## {stage.replace('_', ' ').capitalize()}\n"
    yield _row(_COLUMNS)
    yield _row(["---"] * len(_COLUMNS))
    for definition in definitions:
        yield _row(_cells(definition))
    yield ""


def _cells(definition: dict[str, Any]) -> list[str]:
    key = definition["key"]
    mark = " ◦" if key in VARIANTS.split() else ""
    words = [definition["description"].strip()]
    if settings := settings_of(definition):
        words.append(f"*Settings:* {_codes(settings)}.")
    if parts := list(dict.fromkeys(parts_of(definition["measure"]))):
        words.append(f"*Built from:* {_codes(parts)}.")
    if drives := definition.get("drives"):
        words.append(f"*Drives:* {_codes(drives)}.")
    kind = ", ".join(definition[word] for word in ("class", "department", "unit", "better"))
    return [
        f"`{key}`{mark}<br>{definition['name']}",
        definition["question"],
        " ".join(words),
        f"{kind}, {definition['timing']}, by {definition['cadence']}",
        _codes(definition.get("guardrails", ())),
        definition["source"].strip(),
    ]


def _codes(words: Any) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    (DOCS / "catalogue.md").write_text(overview(), encoding="utf-8")
