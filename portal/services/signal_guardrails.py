"""Alarms of guardrails as news: a KPI got better while the one that guards it got worse."""

from collections.abc import Collection, Iterator, Mapping

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import speaking
from kpi_engine.periods import Grain, Period
from portal.readmodels.cards import Tone
from portal.services import addresses, guardrails, numbers
from portal.services.desks import Desk
from portal.services.guardrails import Alarm
from portal.services.inbox import Kind, NewItem
from portal.services.signal_facts import House, Scope
from portal.services.signal_people import Reader


def items(
    house: House, scope: Scope, told: Mapping[KpiKey, tuple[Reader, ...]]
) -> Iterator[NewItem]:
    """Yield an item for whoever is told of either KPI of a pair; once a quarter for each pair."""
    period = house.calendar.previous(house.calendar.holding(house.today, Grain.MONTH))
    last = numbers.latest(house.session, house.calendar, Grain.MONTH, house.today)
    guarded = [key for key in told if house.catalogue.kpi(key).guardrails]
    if last != period or not guarded:
        return
    readers = {one.actor.person: one for every in told.values() for one in every}
    for locale in sorted({one.formats.locale for one in readers.values()}):
        mine = [one for one in readers.values() if one.formats.locale == locale]
        # Words are the reader's; the numbers are the same for all.
        with speaking(locale):
            found = guardrails.alarms(_desk(house, mine[0]), guarded, scope.who, period)
            made = [
                _item(house, scope, alarm, reader, period)
                for alarms in found.values()
                for alarm in alarms
                for reader in _concerned(alarm, scope, told, mine)
            ]
        yield from made


def _concerned(
    alarm: Alarm,
    scope: Scope,
    told: Mapping[KpiKey, tuple[Reader, ...]],
    mine: Collection[Reader],
) -> list[Reader]:
    """Return who is told of either KPI, and may see the numbers of both."""
    pair = (alarm.primary, alarm.guardrail)
    asked = {each.actor.person for key in pair for each in told.get(key, ())}
    return [
        each
        for each in mine
        if each.actor.person in asked and all(each.sees(key, scope) for key in pair)
    ]


def _item(house: House, scope: Scope, alarm: Alarm, reader: Reader, period: Period) -> NewItem:
    quarter = house.calendar.holding(period.start, Grain.QUARTER).start.isoformat()
    pair = f"{alarm.primary}>{alarm.guardrail}"
    whose = f"{scope.name}: " if scope.name else ""
    return NewItem(
        reader.actor.person,
        Kind.GUARDRAIL,
        f"{whose}{alarm.sentence.rstrip('.')}",
        addresses.kpi_page(alarm.primary, team=scope.team or None),
        f"guardrail|{pair}|{scope.who.kind.value}:{scope.who.id}|{quarter}",
        house.now,
        alarm.primary,
        " ".join(alarm.evidence),
        scope.who,
        Tone.WATCH,
    )


def _desk(house: House, reader: Reader) -> Desk:
    return Desk(
        house.session,
        reader.actor,
        house.card,
        house.catalogue,
        house.calendar,
        house.roster,
        reader.reach,
        reader.formats,
        house.now,
        house.today,
    )
