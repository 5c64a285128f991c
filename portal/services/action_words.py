"""Actions in words: what is expected, what was measured, what the verdict is, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, tr, trc, trn
from kpi_engine.periods import Grain
from kpi_engine.statistics.effect import Verdict, Way, Why
from kpi_engine.units import Unit
from portal.readmodels.actions import ActionRow
from portal.readmodels.cards import Status, Tone
from portal.readmodels.formats import Formats, places
from portal.services import addresses, effect_spans, effect_windows, reviews, viewpoints
from portal.services.action_cards import ActionCard, Guardrail, Judgement
from portal.services.desks import WHOLE, Desk
from portal.services.numbers import TENANT, Who
from portal.workflow.action import UNFINISHED, ActionState

HOME = "/actions"
_WEEK, _MANY = 7, 10
_MONTHS = {91: 3, 182: 6}
_MONEY = {Unit.MONEY, Unit.MONEY_PER_DAY}

VERDICTS: Mapping[Verdict, Status] = {
    Verdict.AS_EXPECTED: Status(Tone.GOOD, mark("Moved as expected")),
    Verdict.NOT_SHOWN: Status(Tone.NEUTRAL, mark("Not shown")),
    Verdict.WORSE: Status(Tone.BAD, mark("Worse")),
    Verdict.CANNOT_TELL: Status(Tone.NEUTRAL, mark("Cannot tell"), "question-circle"),
}
BROKEN = Status(Tone.WATCH, mark("Guardrail broken"), "shield-exclamation")
EARLY = Status(Tone.NEUTRAL, mark("Too early"), "hourglass-split")
_STATES: Mapping[ActionState, Status] = {
    ActionState.PROPOSED: Status(Tone.NEUTRAL, mark("Proposed"), "chat-left-text"),
    ActionState.OPEN: Status(Tone.NEUTRAL, "Open", "circle"),
    ActionState.ACCEPTED: Status(Tone.NEUTRAL, mark("Accepted"), "person-check"),
    ActionState.DONE: Status(Tone.GOOD, mark("Done")),
    ActionState.DROPPED: Status(Tone.NEUTRAL, mark("Dropped"), "slash-circle"),
    ActionState.CARRIED_OVER: Status(Tone.NEUTRAL, mark("Carried over"), "arrow-right"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Says actions in the language of one reader."""

    desk: Desk
    reviews: Mapping[UUID, str]

    @property
    def formats(self) -> Formats:
        """How the reader reads."""
        return self.desk.formats

    def row(self, card: ActionCard) -> ActionRow:
        """Return an action as a row, a card or a line."""
        return ActionRow(
            card.title,
            address(card),
            self.kpi_name(card.kpi),
            self.kpi_href(card.kpi, card.who),
            self.whose(card.who),
            self.source(card.review),
            card.owner.name,
            self.when(card),
            self.late(card),
            state(card),
            self.expected(card),
            self.measured(card),
            self.verdict(card),
            _said(BROKEN) if card.judgement and card.judgement.guardrail == "broken" else None,
        )

    def source(self, review: UUID | None) -> str:
        """Return which review an action came from; empty where it came from none."""
        name = self.reviews.get(review, "") if review else ""
        return tr("From the {review}", review=name) if name else ""

    def kpi_name(self, key: KpiKey) -> str:
        """Return a KPI's name; its key where it is defined no more."""
        found = self.kpi(key)
        return found.name if found else key

    def kpi(self, key: KpiKey) -> Kpi | None:
        """Return a KPI, if it is still defined."""
        return self.desk.catalogue.kpi(key) if key in self.desk.catalogue else None

    def unit(self, key: KpiKey) -> Unit:
        """Return what a KPI is counted in."""
        found = self.kpi(key)
        return found.unit if found else Unit.COUNT

    def kpi_href(self, key: KpiKey, who: Who) -> str:
        """Return the page of a KPI for a scope; empty where it is defined no more."""
        return addresses.kpi_page(key, **self.scope_query(who)) if self.kpi(key) else ""

    def scope_query(self, who: Who) -> dict[str, str | None]:
        """Return how an address names a scope."""
        return dict(viewpoints.of_who(self.desk, who).query)

    def whose(self, who: Who) -> str:
        """Return whose numbers a scope's are."""
        return tr(WHOLE) if who == TENANT else self.desk.roster.name(who.id)

    def day(self, day: date) -> str:
        """Return a day, with its year where it is not this one."""
        return self.formats.day(day, year=day.year != self.desk.today.year)

    def when(self, card: ActionCard) -> str:
        """Return when it was done or is due."""
        if card.done_on is not None:
            return tr("Done {day}", day=self.day(card.done_on))
        if card.state in UNFINISHED:
            return tr("Due {day}", day=self.day(card.due))
        return tr("Was due {day}", day=self.day(card.due))

    def late(self, card: ActionCard) -> str:
        """Return by how much it is overdue; empty where it is not."""
        if not card.is_overdue(self.desk.today):
            return ""
        return trn("{count} day over", "{count} days over", card.days_over(self.desk.today))

    def moved(self, amount: float, unit: Unit) -> str:
        """Return a move of a number with its sign and unit; tenths of many records say nothing."""
        many = unit is Unit.COUNT and abs(amount) >= _MANY
        return self.formats.difference(round(amount) if many else amount, 0.0, unit)

    def expected(self, card: ActionCard) -> str:
        """Return what was expected: '+0.8 pp after 4 weeks'."""
        size = card.expected.signed
        way = tr("up") if card.expected.direction is Way.UP else tr("down")
        told = way if size is None else self.moved(size, self.unit(card.kpi))
        return f"{told} {after(card.expected.lag_days)}"

    def interval(self, found: tuple[float, float, float], unit: Unit) -> str:
        """Return a measured move with its limits: '+1.9 pp (0.6 to 3.2)'."""
        estimate, low, high = found
        return f"{self.moved(estimate, unit)} ({self.limits(low, high, unit)})"

    def limits(self, low: float, high: float, unit: Unit) -> str:
        """Return two limits without their unit; money keeps it, as it is written short."""
        if unit in _MONEY:
            return _span(self.formats.short(low, unit), self.formats.short(high, unit))
        kept = max(places(low, unit), places(high, unit))
        if unit is Unit.COUNT:
            kept = 0 if max(abs(low), abs(high)) >= _MANY else 1
        return _span(self.formats.bare(low, unit, kept), self.formats.bare(high, unit, kept))

    def measured(self, card: ActionCard) -> str:
        """Return what was measured, from when it will be, or what stood in the way."""
        found = card.judgement
        if found is None:
            return self._before_a_look(card)
        if found.measured is not None:
            return self.interval(found.measured, self.unit(card.kpi))
        many = len(found.confounders)
        if found.why is Why.OTHER_ACTIONS and many:
            return trn("{count} other action then", "{count} other actions then", many)
        if found.why is Why.DEFINITION:
            return tr("definition changed")
        return tr("not ripe yet") if found.why is Why.IMMATURE else tr("too few months")

    def _before_a_look(self, card: ActionCard) -> str:
        if card.state is not ActionState.DONE:
            return ""
        if not card.open:
            return tr("not open to you")
        return tr("from {day}", day=self.first_look(card))

    def first_look(self, card: ActionCard) -> str:
        """Return the day on which it is looked at first."""
        day = effect_windows.first_check(self.desk.calendar, card.shows_from, self.grain(card.kpi))
        return self.day(day)

    def grain(self, kpi: KpiKey) -> Grain:
        """Return by which periods an action on a KPI is judged."""
        return effect_windows.grain_of(self.desk.catalogue.get(kpi))

    def verdict(self, card: ActionCard) -> Status | None:
        """Return the verdict, or that it is too early; None while it is not done."""
        if card.judgement is not None:
            return verdict_status(card.judgement.verdict)
        return _said(EARLY) if card.state is ActionState.DONE and card.open else None

    def sentence(self, card: ActionCard, found: Judgement) -> str:
        """Return the verdict as a sentence or two."""
        told = self._sentence(card, found)
        if found.guardrail == "broken":
            return " ".join((told, tr("Its guardrail broke meanwhile.")))
        return told

    def _sentence(self, card: ActionCard, found: Judgement) -> str:
        if found.measured is None:
            why = effect_spans.why(self.grain(card.kpi), found.why or Why.FEW_AFTER)
            return tr("It cannot be told: {why}.", why=why) + self._later(card, found)
        unit = self.unit(card.kpi)
        estimate, low, high = found.measured
        figures = {"moved": self.moved(estimate, unit), "limits": self.limits(low, high, unit)}
        if found.verdict is Verdict.NOT_SHOWN:
            return tr(
                "No effect is shown: {moved}, with limits of {limits}, is what chance alone may"
                " do.",
                **figures,
            )
        if found.verdict is Verdict.WORSE:
            return tr(
                "It moved the wrong way: {moved}, with limits of {limits}, against what was to be"
                " expected.",
                **figures,
            )
        small = card.expected.size is not None and abs(estimate) < card.expected.size
        told = tr(
            "It moved as expected: {moved}, with limits of {limits}, beyond what was to be"
            " expected.",
            **figures,
        )
        return " ".join((told, tr("It is less than was hoped for."))) if small else told

    def _later(self, card: ActionCard, found: Judgement) -> str:
        """Return when it is looked at again; empty where waiting does not help."""
        if found.why in effect_spans.SETTLED or card.state is not ActionState.DONE:
            return ""
        span = card.shows_from, self.grain(card.kpi)
        day = effect_windows.next_check(self.desk.calendar, span, found.until)
        return " " + tr("The next look is {day}.", day=self.day(day)) if day is not None else ""

    def limit(self, limit: Guardrail) -> str:
        """Return a guardrail: 'New leads, at least 1,150'."""
        name = self.kpi_name(limit.kpi)
        value = self.formats.value(limit.limit, self.unit(limit.kpi))
        if limit.least:
            return tr("{kpi}, at least {value}", kpi=name, value=value)
        return tr("{kpi}, at most {value}", kpi=name, value=value)


def words(desk: Desk) -> Words:
    """Return the words of a reader, with the names of the reviews that actions come from."""
    return Words(desk, {card.id: card.name for card in reviews.all_of(desk.session)})


def address(card: ActionCard) -> str:
    """Return the address of an action."""
    return f"{HOME}/{card.id}"


def state(card: ActionCard) -> Status:
    """Return where an action stands."""
    return replace(_STATES[card.state], word=state_name(card.state))


def state_name(found: ActionState) -> str:
    """Return a state as a heading."""
    if found is ActionState.OPEN:
        return trc("state of an action", "Open")
    return tr(_STATES[found].word)


def verdict_status(verdict: Verdict) -> Status:
    """Return a verdict as a pill."""
    return _said(VERDICTS[verdict])


def _said(status: Status) -> Status:
    return replace(status, word=tr(status.word))


def _span(low: str, high: str) -> str:
    return tr("{low} to {high}", low=low, high=high)


def after(days: int) -> str:
    """Return when something shows: 'at once', 'after 4 weeks', 'after 3 months'."""
    if days in _MONTHS:
        return tr("after {count} months", count=_MONTHS[days])
    weeks = _weeks(days)
    if weeks:
        return trn("after {count} week", "after {count} weeks", weeks)
    return trn("after {count} day", "after {count} days", days) if days else tr("at once")


def lasting(days: int) -> str:
    """Return how long it takes to show: 'At once', '4 weeks', '3 months'."""
    if days in _MONTHS:
        return tr("{count} months", count=_MONTHS[days])
    weeks = _weeks(days)
    if weeks:
        return trn("{count} week", "{count} weeks", weeks)
    return trn("{count} days", "{count} days", days) if days else tr("At once")


def _weeks(days: int) -> int:
    return round(timedelta(days=days).days / _WEEK)
