"""Whose records count: the teams and owners that a person names by their ids in the CRM."""

from collections.abc import Iterable

from kpi_engine.crm.entities import ENTITIES
from kpi_engine.errors import did_you_mean
from kpi_engine.language import mark, tr
from kpi_engine.questions import Scope, ScopeKind
from portal.errors import BadInputError
from portal.services.engines import Opened

_HOLDERS = {"user": "owner_id", "team": "team_id"}
"""The column by which records name a person or a team, also one whose own record never came."""
_FEW = 12
_MISSING = {
    "user": mark("There is no owner with the id '{id}'."),
    "team": mark("There is no team with the id '{id}'."),
}


def scope_of(opened: Opened, teams: tuple[str, ...], owners: tuple[str, ...]) -> Scope:
    """Return the scope that a person named; without any name it is all records.

    Raises:
        BadInputError: if both are named, or an id is nobody's; says the nearest.
    """
    if teams and owners:
        raise BadInputError(tr("Name teams or owners to look at, not both."))
    if not teams and not owners:
        return Scope()
    kind, ids, entity = (
        (ScopeKind.TEAM, teams, "team") if teams else (ScopeKind.OWN, owners, "user")
    )
    _check(opened, entity, ids)
    return Scope(kind, ids)


def _check(opened: Opened, entity: str, ids: Iterable[str]) -> None:
    names = _named(opened, entity)
    strange = [one for one in ids if one not in names]
    # A person may have left the CRM while the records still name them.
    referred = _referred(opened, _HOLDERS[entity]) if strange else set()
    for one in strange:
        if one not in referred:
            raise BadInputError(_unknown(entity, one, names, referred))


def _unknown(entity: str, word: str, names: dict[str, str | None], referred: set[str]) -> str:
    told = tr(_MISSING[entity], id=word)
    meant = [key for key, name in names.items() if name == word]
    if meant:
        return " ".join([told, tr("It is the name of '{id}'.", id=meant[0])])
    known = {*names, *referred}
    hint = did_you_mean(word, known)
    if not hint and 0 < len(known) <= _FEW:
        hint = tr(" Choose from {join}.", join=", ".join(sorted(known)))
    return told + hint


def _named(opened: Opened, entity: str) -> dict[str, str | None]:
    """Return the ids of an entity's records with their names."""
    engine = opened.engine
    if entity not in engine.facts:
        return {}
    records = engine.runner.now(engine.facts[entity], ["id", "name"])
    rows = engine.runner.run(f"SELECT r.id, r.name FROM {records} AS r").to_pylist()
    return {row["id"]: row["name"] for row in rows}


def _referred(opened: Opened, column: str) -> set[str]:
    """Return every id that records name in a column."""
    engine = opened.engine
    found: set[str] = set()
    for entity in ENTITIES.values():
        if entity.name in engine.facts and any(each.name == column for each in entity.columns):
            records = engine.runner.now(engine.facts[entity.name], [column])
            table = engine.runner.run(f"SELECT DISTINCT r.{column} AS id FROM {records} AS r")
            found.update(one for one in table.column("id").to_pylist() if one is not None)
    return found
