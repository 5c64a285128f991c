"""How far the number of a KPI may be trusted: one level, told on its page and on its cards.

A card tells only what the last refresh saw: it waits for nothing, and where nothing was seen it is
silent. What is of the whole company is told in figures only to those whom its numbers are open to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from zoneinfo import ZoneInfo

from kpi_engine.definitions.kinds import Kpi
from kpi_engine.language import tr
from kpi_engine.periods import Period
from portal.readmodels.cards import KpiCard
from portal.readmodels.confidence import Confidence
from portal.readmodels.confidence import Ground as Shown
from portal.security.permissions import Permission
from portal.services import (
    confidence_bands,
    confidence_evidence,
    confidence_pictures,
    confidence_rules,
    confidence_words,
    data_page,
    numbers,
    source_ages,
)
from portal.services.confidence_evidence import Evidence
from portal.services.confidence_limits import Check, Level
from portal.services.confidence_rules import Case, Ground, Trust
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.kpi_sights import Sight
from portal.services.numbers import Point, Who
from portal.services.source_ages import SourceAge
from portal.services.targets import Target


@dataclass(frozen=True, slots=True)
class Told:
    """A KPI and its points, oldest first; the last one is the number that is shown."""

    kpi: Kpi
    points: tuple[Point, ...]

    @property
    def period(self) -> Period:
        """The period of the number."""
        return self.points[-1].period


def of_sight(
    workshop: Workshop, sight: Sight, points: tuple[Point, ...], target: Target | None
) -> Confidence:
    """Return the confidence of the number that a page looks at, each reason with its link."""
    desk, one = sight.desk, Told(sight.kpi, points)
    looked = confidence_evidence.of_one(workshop, desk, one.kpi, one.period, sight.view.who)
    ages = source_ages.sources(desk.session, desk.now)
    seen = confidence_evidence.evidence(desk.session, ages, looked, sight.view.who)
    found = grounds(desk, one, seen)
    level = confidence_rules.level_of(found)
    records = sight.address(records="all") + "#records"
    reading = points[-1].reading
    verdict, bar = confidence_pictures.drawn(desk, one.kpi, reading, seen, target)
    return Confidence(
        int(level),
        confidence_words.word(level),
        tuple(
            Shown(
                confidence_words.status(each.level),
                said(desk, each, one.period),
                *looked_into(desk, each, records),
            )
            for each in found
        ),
        " ".join(filter(None, (confidence_bands.told(desk, one.kpi, reading, seen), verdict))),
        bar,
    )


def of_cards(desk: Desk, who: Who, made: Iterable[tuple[KpiCard, Told]]) -> tuple[KpiCard, ...]:
    """Return the cards of some KPIs, each with its level and the worst that speaks against it.

    A card without a number says why in its place: nothing is added to that.
    """
    listed = tuple(made)
    trusted = known(desk, who, [told for card, told in listed if card.value])
    return tuple(
        _on_card(desk, card, told, trusted.get((told.kpi.key, told.period)))
        for card, told in listed
    )


def known(desk: Desk, who: Who, told: Sequence[Told]) -> dict[tuple[str, Period], Trust]:
    """Return how far some numbers may be trusted, of those that the last refresh looked at.

    One whose definition has changed since is missing: what was seen is of another number.
    """
    by_period: dict[Period, list[Told]] = {}
    for one in told:
        by_period.setdefault(one.period, []).append(one)
    ages: tuple[SourceAge, ...] | None = None
    found: dict[tuple[str, Period], Trust] = {}
    for period, listed in by_period.items():
        keys = [one.kpi.key for one in listed]
        kept = confidence_evidence.of_kept(desk.session, keys, period, who)
        for one in listed:
            definition, seen = kept.get(one.kpi.key, ("", ()))
            if definition and definition == one.points[-1].definition:
                ages = source_ages.sources(desk.session, desk.now) if ages is None else ages
                evidence = confidence_evidence.evidence(desk.session, ages, seen, who)
                told_by = grounds(desk, one, evidence)
                level = confidence_rules.level_of(told_by)
                band = confidence_bands.band(one.kpi, one.points[-1].reading, evidence)
                found[one.kpi.key, period] = Trust(level, told_by, band)
    return found


def _on_card(desk: Desk, card: KpiCard, told: Told, trust: Trust | None) -> KpiCard:
    if trust is None:
        return card
    word = confidence_words.word(trust.level)
    return replace(card, confidence=(int(trust.level), word), doubt=doubt(desk, trust, told.period))


def doubt(desk: Desk, trust: Trust, period: Period) -> str:
    """Return the worst that speaks against a number and how far it could move; "" for nothing."""
    worst = "" if trust.level is Level.HIGH else said(desk, trust.grounds[0], period)
    band = confidence_bands.sentence(trust.band, desk.formats) if trust.band is not None else ""
    return " ".join(filter(None, (worst, band)))


def grounds(desk: Desk, one: Told, evidence: Evidence) -> tuple[Ground, ...]:
    """Return everything that speaks for or against a number, the worst first; never nothing."""
    ended = None
    if one.period.end <= desk.today:
        ended = desk.calendar.instant(one.period.end).replace(tzinfo=UTC)
    return confidence_rules.grounds(Case(one.kpi, one.points, evidence, ended))


def said(desk: Desk, ground: Ground, period: Period) -> str:
    """Return a ground as one sentence, as far as its figures are open to the person."""
    if ground.check in _OF_ALL and not desk.spans(numbers.TENANT):
        return confidence_words.veiled(ground)
    if ground.source is not None:
        # Its day is told as the company's calendar has it.
        here = ground.source.loaded_at.astimezone(ZoneInfo(desk.card.timezone))
        ground = replace(ground, source=replace(ground.source, loaded_at=here))
    return confidence_words.sentence(ground, desk.formats, period)


_OF_ALL = {Check.OWNED, Check.READ}
"""Counted over the whole company, whoever's number it is."""
_OF_DATA = {Check.FILLED, Check.PLACED, Check.LOADED}
_OF_LOADS = {Check.READ, Check.FRESH, Check.COVERED, Check.MAPPED}
_OF_RECORDS = {
    *(Check.OWNED, Check.AHEAD, Check.LATE, Check.TWICE, Check.CHANCE, Check.COUNT),
}


def looked_into(desk: Desk, one: Ground, records: str) -> tuple[str, str]:
    """Return where a reason is looked at, as far as it is open to the person: a word, an address.

    `records` is the address of the number's records. Both are empty where there is no such place.
    """
    if one.check in _OF_DATA and desk.may(Permission.FRAMEWORK_READ):
        entity = confidence_rules.entity_behind(one)
        return tr("Data needed"), f"{data_page.HOME}?of=all#of-{entity}"
    if one.check in _OF_LOADS and desk.may(Permission.IMPORT_READ):
        return tr("Imports"), "/imports"
    if one.check in _OF_RECORDS and desk.may(Permission.RECORDS_READ):
        return tr("Records"), records
    return "", ""
