"""The catalogue: every KPI there is, searched, narrowed, compared, adopted and retired."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpi_engine.definitions.described import Department, KpiClass, Stage
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, tr, trc
from portal.readmodels.cards import Choice, Head, Menu, OwnerShare
from portal.readmodels.framework import CatalogueGroup, CataloguePage, CatalogueRow
from portal.security.permissions import Permission
from portal.services import addresses, catalogue_words, life_words, lifecycles, owner_words
from portal.services.desks import Desk
from portal.services.framework_compare import MOST, comparison
from portal.services.framework_tabs import CATALOGUE, HOME, tabs
from portal.services.kpi_sights import ADJECTIVES
from portal.services.lifecycles import Life, LifeState

_SUB = mark("Every KPI that the portal can count. Take what serves a goal, leave the rest.")
_LONGEST = 80
_IN_USE, _NOT_ADOPTED = "in_use", "not_adopted"
_LIVES = (_IN_USE, _NOT_ADOPTED, *(state.value for state in LifeState))
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
        head=Head(tr("Catalogue"), tr(_SUB)),
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
        (tr("Stage"), "stage", catalogue_words.stages()),
        (tr("Class"), "class", catalogue_words.classes()),
        (tr("Department"), "department", catalogue_words.departments()),
        (tr("State"), "life", _lives()),
    )
    for name, word, known in offered:
        chosen = asked.word(word)
        choices = (
            Choice(tr("All"), asked.at(**{word: ""}), not chosen),
            *(
                Choice(text, asked.at(**{word: value}), value == chosen)
                for value, text in known.items()
            ),
        )
        yield Menu(name, known.get(chosen, name), "", choices)


def _lives() -> Mapping[str, str]:
    """Return by what life the catalogue may be narrowed, as choices are written."""
    words = {_IN_USE: tr("In use"), _NOT_ADOPTED: tr("Not adopted")}
    return words | {state.value: life_words.status(state).word for state in LifeState}


def _groups(made: _Made, kept: list[Kpi]) -> Iterable[CatalogueGroup]:
    stages = catalogue_words.stages()
    for stage in Stage:
        mine = [kpi for kpi in kept if kpi.stage is stage]
        if mine:
            yield CatalogueGroup(stages[stage.value], tuple(_row(made, kpi) for kpi in mine))


def _row(made: _Made, kpi: Kpi) -> CatalogueRow:
    return CatalogueRow(
        key=kpi.key,
        name=kpi.name,
        question=kpi.question,
        href=addresses.kpi_page(kpi.key),
        about=_about(kpi),
        cadence=catalogue_words.begun(tr(ADJECTIVES[kpi.cadence])),
        owners=made.owners.get(kpi.key, ()),
        life=life_words.status(made.state(kpi.key)),
        note=life_words.note(made.desk, made.lives.get(kpi.key)),
        beside=life_words.beside(kpi.key, made.lives.get(kpi.key)),
        change=_change(made, kpi.key),
        owner=f"{HOME}/kpis/{kpi.key}/owner" if made.may_edit else "",
        compare=_compare(made.asked, kpi.key),
    )


def _about(kpi: Kpi) -> str:
    kpi_class = catalogue_words.titled(kpi.kpi_class)
    department, timing = catalogue_words.plain(kpi.department), catalogue_words.plain(kpi.timing)
    return f"{kpi_class}, {department}, {timing}"


def _change(made: _Made, kpi: KpiKey) -> Choice | None:
    if not made.may_edit:
        return None
    word = tr("Adopt") if made.state(kpi) is None else trc("a KPI in its life", "Move")
    return Choice(word, f"{HOME}/kpis/{kpi}/life")


def _compare(asked: _Asked, kpi: KpiKey) -> Choice:
    """Return the link that takes a KPI into the comparison or out; a full one loses its first."""
    chosen = kpi in asked.compared
    rest = [key for key in asked.compared if key != kpi]
    keys = rest if chosen else [*rest[-(MOST - 1) :], kpi]
    text = tr("Compared") if chosen else tr("Compare")
    return Choice(text, f"{asked.at(compare=','.join(keys))}#comparison", chosen)


def _found(made: _Made, kept: list[Kpi]) -> str:
    every = len(made.desk.catalogue)
    used = sum(kpi.key in made.used for kpi in kept)
    if len(kept) == every:
        return tr("{count} KPIs, {used} in use", count=every, used=used)
    return tr("{count} of {every} KPIs, {used} in use", count=len(kept), every=every, used=used)
