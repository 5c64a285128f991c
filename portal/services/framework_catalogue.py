"""The catalogue: every KPI there is, searched, narrowed, compared, adopted and retired."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpi_engine.definitions.described import Department, KpiClass, Stage
from kpi_engine.definitions.kinds import Kpi, KpiKey
from portal.readmodels.cards import Choice, Head, Menu, OwnerShare
from portal.readmodels.framework import CatalogueGroup, CataloguePage, CatalogueRow
from portal.security.permissions import Permission
from portal.services import addresses, life_words, lifecycles, owner_words
from portal.services.desks import Desk
from portal.services.framework_compare import MOST, comparison
from portal.services.framework_tabs import CATALOGUE, HOME, tabs
from portal.services.kpi_sights import ADJECTIVES
from portal.services.lifecycles import Life, LifeState

_SUB = "Every KPI that the portal can count. Take what serves a goal, leave the rest."
_LONGEST = 80
_IN_USE, _NOT_ADOPTED = "in_use", "not_adopted"
_LIVES = {
    _IN_USE: "In use",
    _NOT_ADOPTED: "Not adopted",
    **{state.value: state.word for state in LifeState},
}
_KEPT = ("search", "stage", "class", "department", "life", "compare")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the catalogue is narrowed to, and what is compared."""

    query: Mapping[str, str]
    compared: tuple[KpiKey, ...]

    def word(self, name: str) -> str:
        return self.query.get(name, "")

    def at(self, **changed: str) -> str:
        """Return the address with something changed."""
        return addresses.address(CATALOGUE, **{**self.query, **changed})

    def fits(self, kpi: Kpi, state: LifeState | None) -> bool:
        """Say whether a KPI is asked for."""
        named = (
            (self.word("stage"), kpi.stage.value),
            (self.word("class"), kpi.kpi_class.value),
            (self.word("department"), kpi.department.value),
        )
        same = all(not word or word == found for word, found in named)
        return same and self._lives(state) and self._found(kpi)

    def _lives(self, state: LifeState | None) -> bool:
        wanted = self.word("life")
        if wanted == _IN_USE:
            return state in (LifeState.ACTIVE, LifeState.UNDER_REVIEW)
        if wanted == _NOT_ADOPTED:
            return state is None
        return not wanted or (state is not None and state.value == wanted)

    def _found(self, kpi: Kpi) -> bool:
        text = f"{kpi.name} {kpi.question} {kpi.description} {kpi.key}".casefold()
        return all(word in text for word in self.word("search").casefold().split())


@dataclass(frozen=True, slots=True)
class _Made:
    desk: Desk
    asked: _Asked
    lives: Mapping[KpiKey, Life]
    used: frozenset[KpiKey]
    owners: Mapping[KpiKey, tuple[OwnerShare, ...]]
    may_edit: bool

    def state(self, kpi: KpiKey) -> LifeState | None:
        return life_words.state_of(kpi, self.lives.get(kpi), self.used)


def read(desk: Desk, query: Mapping[str, str], said: str = "") -> CataloguePage:
    """Return the catalogue as the address asks for it; what it does not know, it leaves out."""
    asked = _asked(desk, query)
    made = _Made(
        desk,
        asked,
        lifecycles.lives(desk.session),
        lifecycles.adopted(desk.session, desk.catalogue, desk.today),
        owner_words.known(desk, list(desk.catalogue)),
        desk.may(Permission.FRAMEWORK_EDIT),
    )
    kept = [kpi for kpi in desk.catalogue.values() if asked.fits(kpi, made.state(kpi.key))]
    narrowed = any(asked.word(name) for name in _KEPT if name != "compare")
    return CataloguePage(
        head=Head("Catalogue", _SUB),
        tabs=tabs(CATALOGUE),
        said=said,
        menus=tuple(_menus(asked)),
        search=asked.word("search"),
        keep=tuple(
            (name, asked.word(name)) for name in _KEPT if name != "search" and asked.word(name)
        ),
        found=_found(made, kept),
        comparison=comparison(desk, asked.compared, asked.at, made.state),
        groups=tuple(_groups(made, kept)),
        clear=addresses.address(CATALOGUE, compare=asked.word("compare")) if narrowed else "",
    )


def _asked(desk: Desk, query: Mapping[str, str]) -> _Asked:
    known = {
        "stage": [one.value for one in Stage],
        "class": [one.value for one in KpiClass],
        "department": [one.value for one in Department],
        "life": list(_LIVES),
    }
    kept = {name: query[name] for name in known if query.get(name) in known[name]}
    search = query.get("search", "")[:_LONGEST].strip()
    if search:
        kept["search"] = search
    wanted = dict.fromkeys(KpiKey(one) for one in query.get("compare", "").split(","))
    compared = tuple(key for key in wanted if key in desk.catalogue)[:MOST]
    if compared:
        kept["compare"] = ",".join(compared)
    return _Asked(kept, compared)


def _menus(asked: _Asked) -> Iterable[Menu]:
    offered: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("Stage", "stage", {one.value: _title(one.value) for one in Stage}),
        ("Class", "class", {one.value: _title(one.value) for one in KpiClass}),
        ("Department", "department", {one.value: _title(one.value) for one in Department}),
        ("State", "life", _LIVES),
    )
    for name, word, known in offered:
        chosen = asked.word(word)
        choices = (
            Choice("All", asked.at(**{word: ""}), not chosen),
            *(
                Choice(text, asked.at(**{word: value}), value == chosen)
                for value, text in known.items()
            ),
        )
        yield Menu(name, known.get(chosen, name), "", choices)


def _groups(made: _Made, kept: list[Kpi]) -> Iterable[CatalogueGroup]:
    for stage in Stage:
        mine = [kpi for kpi in kept if kpi.stage is stage]
        if mine:
            yield CatalogueGroup(_title(stage.value), tuple(_row(made, kpi) for kpi in mine))


def _row(made: _Made, kpi: Kpi) -> CatalogueRow:
    department = kpi.department.value
    return CatalogueRow(
        key=kpi.key,
        name=kpi.name,
        question=kpi.question,
        href=addresses.kpi_page(kpi.key),
        about=f"{kpi.kpi_class.value.capitalize()}, {department}, {kpi.timing.value}",
        cadence=ADJECTIVES[kpi.cadence].capitalize(),
        owners=made.owners.get(kpi.key, ()),
        life=life_words.status(made.state(kpi.key)),
        note=life_words.note(made.desk, made.lives.get(kpi.key)),
        beside=life_words.beside(kpi.key, made.lives.get(kpi.key)),
        change=_change(made, kpi.key),
        owner=f"{HOME}/kpis/{kpi.key}/owner" if made.may_edit else "",
        compare=_compare(made.asked, kpi.key),
    )


def _change(made: _Made, kpi: KpiKey) -> Choice | None:
    if not made.may_edit:
        return None
    word = "Adopt" if made.state(kpi) is None else "Move"
    return Choice(word, f"{HOME}/kpis/{kpi}/life")


def _compare(asked: _Asked, kpi: KpiKey) -> Choice:
    """Return the link that takes a KPI into the comparison or out; a full one loses its first."""
    chosen = kpi in asked.compared
    rest = [key for key in asked.compared if key != kpi]
    keys = rest if chosen else [*rest[-(MOST - 1) :], kpi]
    text = "Compared" if chosen else "Compare"
    return Choice(text, f"{asked.at(compare=','.join(keys))}#comparison", chosen)


def _found(made: _Made, kept: list[Kpi]) -> str:
    every = len(made.desk.catalogue)
    used = sum(kpi.key in made.used for kpi in kept)
    shown = f"{every} KPIs" if len(kept) == every else f"{len(kept)} of {every} KPIs"
    return f"{shown}, {used} in use"


def _title(word: str) -> str:
    return word.replace("_", " ").capitalize()
