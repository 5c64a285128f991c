"""What a KPI means: in words, as SQL, by version, and which data it needs."""

import re
from collections.abc import Iterable, Mapping

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.definitions.parts import inputs_of
from kpi_engine.definitions.words import in_words, many
from kpi_engine.language import mark, tr
from kpi_engine.questions import Question
from portal.models.definitions import DefinitionState, versions_of
from portal.readmodels.cards import Choice
from portal.readmodels.kpi_page import Definition, Fact, Link, Version
from portal.security.permissions import Permission
from portal.services import (
    addresses,
    catalogue_words,
    life_words,
    lifecycles,
    owner_words,
    ownership,
)
from portal.services.causes import entities_of
from portal.services.engines import Workshop, open_engine
from portal.services.kpi_sights import ADJECTIVES, Sight

TABS: Mapping[str, str] = {
    "words": mark("In words"),
    "sql": mark("SQL"),
    "versions": mark("Versions"),
    "data": mark("Data needed"),
}
_BETTER = {
    "higher": mark("higher is better"),
    "lower": mark("lower is better"),
    "range": mark("good within a range"),
}

_STATES = {
    DefinitionState.DRAFT: mark("draft"),
    DefinitionState.IN_REVIEW: mark("in review"),
    DefinitionState.PUBLISHED: mark("published"),
    DefinitionState.RETIRED: mark("retired"),
}


def definition(workshop: Workshop, sight: Sight, fingerprint: str) -> Definition:
    """Return the definition, with what the chosen tab shows."""
    asked = sight.query.get("definition", "")
    tab = asked if asked in TABS else "words"
    versions = _versions(sight)
    count = f" ({len(versions)})" if versions else ""
    tabs = tuple(
        Choice(
            tr(text) + (count if name == "versions" else ""),
            sight.address(definition=None if name == "words" else name),
            name == tab,
        )
        for name, text in TABS.items()
    )
    return Definition(
        _sub(versions, fingerprint),
        tabs,
        tab,
        sight.kpi.description,
        tuple(_facts(sight)),
        _sql(workshop, sight) if tab == "sql" else (),
        versions if tab == "versions" else (),
        tuple(_needs(sight)) if tab == "data" else (),
        tr("Source: {source}", source=sight.kpi.source) if sight.kpi.source else "",
        tuple(_ways(sight)),
    )


def _ways(sight: Sight) -> Iterable[Choice]:
    """Yield where the definition's history is told and where a change is proposed."""
    page = addresses.kpi_page(sight.kpi.key)
    yield Choice(tr("History and differences"), f"{page}/history")
    if sight.desk.may(Permission.DEFINITION_PROPOSE):
        yield Choice(tr("Propose a change"), f"{page}/edit")


def _sub(versions: tuple[Version, ...], fingerprint: str) -> str:
    if versions:
        return tr(
            "{name}, since {day}. Fingerprint {fingerprint}.",
            name=versions[0].name,
            day=versions[0].since,
            fingerprint=fingerprint,
        )
    return tr(
        "As it ships, with your company's settings. Fingerprint {fingerprint}.",
        fingerprint=fingerprint,
    )


def _versions(sight: Sight) -> tuple[Version, ...]:
    rows = sight.desk.session.scalars(versions_of(sight.kpi.key)).all()
    return tuple(
        Version(
            tr("Version {number}", number=row.version),
            sight.desk.day_of(row.created_at)
            if row.effective_from is None
            else sight.desk.formats.day(row.effective_from),
            tr("by the command line") if row.created_by is None else tr("in the portal"),
            row.fingerprint,
            tr(_STATES[DefinitionState(row.state)]),
        )
        for row in rows
    )


def _facts(sight: Sight) -> Iterable[Fact]:
    kpi, catalogue = sight.kpi, sight.desk.catalogue
    yield Fact(tr("Formula"), (Link(in_words(kpi.measure)),))
    made_of = inputs_of(kpi)
    if made_of:
        yield Fact(tr("Made of"), tuple(_links(sight, made_of)))
    yield Fact(tr("Kind"), (Link(_kind(sight)),))
    yield Fact(tr("Owner"), (_owner(sight),))
    yield from _life(sight)
    told = tr("{cadence}; nothing finer is shown", cadence=tr(ADJECTIVES[kpi.cadence]))
    yield Fact(tr("Cadence"), (Link(told),))
    if kpi.guardrails:
        yield Fact(tr("Guardrails"), tuple(_links(sight, kpi.guardrails)))
    if kpi.drives:
        yield Fact(tr("Drives"), tuple(_links(sight, kpi.drives)))
    driven = [catalogue[key].key for key in catalogue if kpi.key in catalogue[key].drives]
    if driven:
        yield Fact(tr("Driven by"), tuple(_links(sight, driven)))


def _owner(sight: Sight) -> Link:
    key = sight.kpi.key
    desk = sight.desk
    found = ownership.answering(desk.session, [key], desk.today, sight.view.who).get(key)
    told = tr("nobody yet") if found is None else owner_words.sentence(found)
    return Link(told, f"/framework/owners#{key}" if desk.may(Permission.FRAMEWORK_READ) else "")


def _life(sight: Sight) -> Iterable[Fact]:
    """Yield where the KPI stands in its life, if anybody ever moved it."""
    desk, key = sight.desk, sight.kpi.key
    life = lifecycles.lives(desk.session).get(key)
    if life is None:
        return
    told = f"{life.state.word}. {life_words.note(desk, life)}"
    yield Fact(tr("State"), (Link(told, life_words.beside(key, life)),))


def _kind(sight: Sight) -> str:
    kpi = sight.kpi
    kpi_class, timing = catalogue_words.plain(kpi.kpi_class), catalogue_words.plain(kpi.timing)
    return f"{kpi_class}, {timing}, {tr(_BETTER[kpi.better.value])}"


def _links(sight: Sight, keys: Iterable[KpiKey]) -> Iterable[Link]:
    for key in dict.fromkeys(keys):
        if key in sight.desk.catalogue:
            href = addresses.kpi_page(key, **dict(sight.view.query))
            yield Link(sight.desk.catalogue[key].name, href)


def _sql(workshop: Workshop, sight: Sight) -> tuple[str, ...]:
    """Return the statements of the period that is looked at, for the person's scope."""
    with open_engine(workshop, sight.desk.card.key) as opened:
        question = Question(
            (sight.kpi.key,),
            (sight.grain,),
            sight.period.start,
            sight.period.end,
            sight.desk.today,
            opened.calendar,
            scope=sight.view.scope,
        )
        return tuple(_readable(one) for one in opened.engine.statements(question))


def _readable(statement: str) -> str:
    # The files behind a table are the machine's business, and long.
    return _FILES.sub("facts", statement)


_FILES = re.compile(r"read_parquet\(\[.*?\]\)")


def _needs(sight: Sight) -> Iterable[Fact]:
    """Yield the entities whose records a KPI reads."""
    closure = sight.desk.catalogue.closure([sight.kpi.key])
    found = set().union(*(entities_of(one.measure) for one in closure))
    for entity in sorted(found):
        told = tr("records of the kind '{entity}'", entity=entity)
        yield Fact(many(entity).capitalize(), (Link(told),))
