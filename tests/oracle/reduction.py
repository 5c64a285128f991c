"""A failing example made small: records and values that do not matter are taken out."""

from collections.abc import Callable
from dataclasses import replace

from kpi_engine.crm.entities import ENTITIES
from tests.oracle.oracle import Asked
from tests.oracle.records import Crm, Row

_KEPT = ("source", "id", "seq", "loaded_at", "deleted")


def reduced(asked: Asked, fails: Callable[[Asked], bool], most: int = 300) -> Asked:
    """Return the question of a smaller CRM that still fails, after at most `most` tries."""
    tries = 0

    def still(crm: Crm) -> bool:
        nonlocal tries
        tries += 1
        return tries <= most and fails(replace(asked, crm=crm))

    crm = {name: list(rows) for name, rows in asked.crm.items()}
    for name in list(crm):
        crm = _try(crm, {each: rows for each, rows in crm.items() if each != name}, still)
    for name in list(crm):
        for row in list(crm[name]):
            fewer = [each for each in crm[name] if each is not row]
            crm = _try(crm, {**crm, name: fewer}, still)
    for name in list(crm):
        for place in range(len(crm[name])):
            for column in _spare(name, crm[name][place]):
                rows = list(crm[name])
                rows[place] = {**rows[place], column: None}
                crm = _try(crm, {**crm, name: rows}, still)
    return replace(asked, crm=crm)


def _try(
    crm: dict[str, list[Row]], smaller: dict[str, list[Row]], still: Callable[[Crm], bool]
) -> dict[str, list[Row]]:
    return smaller if still(smaller) else crm


def _spare(entity: str, row: Row) -> list[str]:
    needed = {column.name for column in ENTITIES[entity].columns if column.required}
    return [
        name
        for name, value in row.items()
        if value is not None and name not in needed and name not in _KEPT
    ]


def told(asked: Asked) -> str:
    """Return a question and its CRM as text, nulls left out."""
    measures = [str(asked.kpis[key].measure) for key in asked.question.kpis]
    lines = [*measures, str(asked.question), f"known at {asked.known_at}"]
    for entity, rows in asked.crm.items():
        for row in rows:
            filled = {name: str(value) for name, value in row.items() if value is not None}
            lines.append(f"  {entity} {filled}")
    return "\n".join(lines)
