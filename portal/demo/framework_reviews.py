"""Gives the demo two monthly reviews: one signed off, with a disagreement, and one half answered.

Each is opened, answered, disputed, approved and signed by the services that the pages use, in the
names of the people who would, on the days on which they would have. What the numbers say is theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Calendar, Grain, Period
from kpi_engine.statistics.effect import Way
from portal.demo.companies import KESTREL, Company
from portal.demo.framework_goals import CHIEF, DACH, MARKETING, SHARED
from portal.models import people as people_questions
from portal.readmodels.cards import Tone
from portal.security.actor import Actor
from portal.services import (
    actions,
    numbers,
    review_cycles,
    review_meeting,
    review_moves,
    review_opening,
    review_words,
    review_writing,
    reviews,
    rosters,
)
from portal.services.actions import Draft, Expected, Moving, NewAction
from portal.services.auditing import Trace
from portal.services.desks import Desk, open_desk
from portal.services.engines import Workshop
from portal.services.numbers import TENANT
from portal.services.office import Office
from portal.services.review_cards import Item
from portal.services.review_cycles import USUAL
from portal.services.review_parts import Seat, seat_of
from portal.services.review_words import Spoken
from portal.services.review_writing import Typed
from portal.services.signing_in import actor_of
from portal.tenancy.session import TenantSession
from portal.workflow.action import Move
from portal.workflow.review import ItemMove

_KPIS = tuple(
    KpiKey(key)
    for key in (
        *("new_leads", "qualification_rate", "cost_per_qualified_lead", SHARED),
        *("lead_response_hours", "meetings_held", "win_rate", "average_deal_size"),
        *("sales_cycle_days", "new_customers", "csat", "sla_resolution_rate", "resolution_hours"),
        *("complaints", "customer_health", "expansion_revenue", "won_revenue"),
    )
)
"""What the company reviews by month: a few of each department, well chosen."""
_ANSWERED = 12
"""So many days after a month its review is half answered."""
_HEADINGS = {Tone.GOOD: "on_track", Tone.WATCH: "at_risk", Tone.BAD: "off_track"}
_ADDED: Mapping[str, str] = {
    SHARED: "Still far off target: syndicated leads wait, and two seats are empty.",
    "new_leads": "More leads came, from publishers whose readers do not buy.",
    "qualification_rate": "The syndicated leads fit badly; we no longer pay for them by the piece.",
    "win_rate": "Two large deals slipped past the month's end; nothing else changed.",
    "meetings_held": "Holidays in two regions. The plan for next month is full.",
    "csat": "The last release still brings tickets that nobody answers twice.",
    "lead_response_hours": "Two people left the desk, and the others answer in the afternoon.",
}
_USUAL_WORDS = "As expected; nothing beyond the usual up and down."
_SHARED_WORDS = (
    "Too early to judge: {month}'s leads have until {later} to become opportunities. Fewer of them"
    " are worked within a day since the desk is short of two people, so we expect no rise."
)
_DISPUTED = (
    "Follow-up slowed because the syndicated leads flooded the queue. I would count half of my part"
    " as lead quality."
)
_SETTLED = (
    "Both hold. Marketing counts syndicated leads apart from now on, and the desk is filled by the"
    " end of the quarter. The split stays 60 to 40."
)
_NOTES = (
    (CHIEF, "We look at follow-up within a day every Monday until the desk is full."),
    (MARKETING, "Syndicated leads get a mark of their own from Thursday on."),
    (DACH, "Two offers are out; both may start next month."),
)
_ACTIONS = (
    ("Raise the fit score for webinar leads", MARKETING, "process", 15, True),
    ("Warn when a lead is untouched for three hours", DACH, "process", 19, True),
    ("Fill two vacant sales development seats", DACH, "strategy", 26, False),
)
"""What came from the signed-off review: title, owner, kind, days until due, and whether done."""


@dataclass(frozen=True, slots=True)
class _Seed:
    office: Office
    workshop: Workshop
    session: TenantSession
    people: Mapping[UUID, Actor]

    def named(self, name: str) -> Actor:
        return next(one for one in self.people.values() if one.name == name)

    def desk(self, at: datetime) -> Desk:
        return open_desk(self.session, self.named(CHIEF), at)

    def seat(self, actor: Actor) -> Seat:
        return seat_of(actor, rosters.roster(self.session))


def hold_reviews(office: Office, workshop: Workshop, company: Company) -> None:
    """Review the demo's company twice, unless somebody made a cycle before."""
    if company is not KESTREL:
        return
    with office.database.session(company.key) as session:
        if review_cycles.cycles(session):
            return
        rows = session.scalars(people_questions.everybody()).all()
        people = {row.id: actor_of(session.tenant, row) for row in rows}
        seed = _Seed(office, workshop, session, people)
        _review(seed)


def _review(seed: _Seed) -> None:
    desk = seed.desk(seed.office.now())
    closed = numbers.latest(seed.session, desk.calendar, Grain.MONTH, desk.today)
    last = half_answered_by(desk.calendar, closed, desk.today)
    before = desk.calendar.previous(last)
    known = tuple(key for key in _KPIS if key in desk.catalogue)
    monthly = replace(USUAL[0], kpis=known, answer_days=14)
    begun = _at(before, 1)
    cycles = [
        review_cycles.add(seed.desk(begun), new, Trace(begun)) for new in (monthly, *USUAL[1:])
    ]
    _signed_off(seed, cycles[0], before)
    _half_answered(seed, cycles[0], last)


def half_answered_by(calendar: Calendar, closed: Period, today: date) -> Period:
    """Return the last month whose review is half answered by a day: nobody answers tomorrow."""
    while closed.end + timedelta(days=_ANSWERED) > today:
        closed = calendar.previous(closed)
    return closed


def _at(period: Period, days: int) -> datetime:
    """Return the morning so many days after a period."""
    return datetime.combine(period.end + timedelta(days=days), time(8, 20), UTC)


def _signed_off(seed: _Seed, cycle: UUID, period: Period) -> None:
    opened = _at(period, 3)
    review = review_opening.open_review(
        seed.desk(opened), seed.workshop, cycle, period.label, Trace(opened)
    )
    for item in reviews.whole(seed.session, review).items:
        _answer(seed, review, item, _at(period, 8))
    _act(seed, review, period)
    for name, text in _NOTES:
        at = _at(period, 14)
        seen = reviews.seen(seed.session, seed.named(name), review)
        shared = next(one for one in seen.items if one.frozen.kpi == SHARED)
        review_meeting.add_note(seed.session, seen, shared.frozen.id, text, Trace(at))
    chief, signed = seed.named(CHIEF), Trace(_at(period, 17))
    for item in reviews.whole(seed.session, review).items:
        if item.disputes:
            place = (review, item.frozen.id)
            review_words.settle(seed.session, seed.seat(chief), place, _SETTLED, signed)
        if item.frozen.accountable != chief.person:
            _move(seed, review, item.frozen.id, (chief, ItemMove.APPROVE), signed)
    card = reviews.one(seed.session, review)
    review_moves.sign_off(seed.session, chief, review, card.version, signed)


def _half_answered(seed: _Seed, cycle: UUID, period: Period) -> None:
    opened = _at(period, 4)
    desk = seed.desk(opened)
    due = desk.calendar.local_date(seed.office.now().replace(tzinfo=None)) + timedelta(days=3)
    review = review_opening.open_review(
        desk, seed.workshop, cycle, period.label, Trace(opened), due
    )
    items = reviews.whole(seed.session, review).items
    good = [one for one in items if one.frozen.status.tone is not Tone.BAD]
    for number, item in enumerate(one for one in good if not one.frozen.shared):
        if number % 3:
            _answer(seed, review, item, _at(period, 9))
    shared = next(one for one in items if one.frozen.kpi == SHARED)
    month, later = (f"{day:%B}" for day in (period.start, period.end + timedelta(days=31)))
    words = _SHARED_WORDS.format(month=month, later=later)
    _type(seed, review, shared, words, _at(period, 10))
    _speak(seed, review, shared, _at(period, 11), agrees=False)


def _answer(seed: _Seed, review: UUID, item: Item, at: datetime) -> None:
    frozen = item.frozen
    if frozen.accountable is None:
        return
    added = _ADDED.get(frozen.kpi, _USUAL_WORDS)
    _type(seed, review, item, f"{frozen.finding} {added}".strip(), at)
    if frozen.shared:
        _speak(seed, review, item, at, agrees=False)
    who = seed.people[frozen.accountable]
    _move(seed, review, frozen.id, (who, ItemMove.SUBMIT), Trace(at + timedelta(hours=2)))


def _type(seed: _Seed, review: UUID, item: Item, words: str, at: datetime) -> None:
    frozen = item.frozen
    if frozen.accountable is None:
        return
    now = {
        "assessment": "at_risk"
        if frozen.shared and not frozen.red
        else _HEADINGS.get(frozen.status.tone, "on_track"),
        "confidence": "medium" if frozen.red or frozen.shared else "high",
        "words": words,
        "relevant": "yes",
        "used": "partly" if frozen.place % 3 else "yes",
        "acting": "yes" if frozen.red or frozen.shared else "partly",
        "unhealthy": "no",
    }
    seat = seed.seat(seed.people[frozen.accountable])
    card = reviews.one(seed.session, review)
    review_writing.mark_read(seed.session, seat, card, item, Trace(at))
    review_writing.save(seed.session, seat, (review, frozen.id), Typed(1, {}, now), Trace(at))


def _speak(seed: _Seed, review: UUID, item: Item, at: datetime, *, agrees: bool) -> None:
    for one in item.frozen.co_owners:
        version = _version(seed, review, item.frozen.id)
        about = () if agrees else ("reason",)
        spoken = Spoken(about, "" if agrees else _DISPUTED, version)
        place, seat = (review, item.frozen.id), seed.seat(seed.people[one.person])
        review_words.speak(seed.session, seat, place, spoken, Trace(at + timedelta(hours=1)))


def _version(seed: _Seed, review: UUID, item: UUID) -> int:
    found = reviews.items_of(seed.session, [review])[review]
    return next(one.answer.version for one in found if one.frozen.id == item)


def _move(
    seed: _Seed, review: UUID, item: UUID, asked: tuple[Actor, ItemMove], trace: Trace
) -> None:
    actor, wanted = asked
    place, move = (review, item), (wanted, _version(seed, review, item))
    review_moves.move(seed.session, seed.seat(actor), place, move, trace)


def _act(seed: _Seed, review: UUID, period: Period) -> None:
    """Ask for what came from the review, and let it be done, all but one."""
    chief, asked = seed.named(CHIEF), _at(period, 10)
    for title, name, kind, days, done in _ACTIONS:
        owner, due = seed.named(name), period.end + timedelta(days=days)
        draft = Draft(title, kind, owner.person, due, Expected(Way.UP, 0.01, 28))
        new = NewAction(SHARED, TENANT, draft, review)
        made = actions.create(seed.session, chief, new, Trace(asked))
        for move in (Move.ACCEPT, Move.FINISH) if done else (Move.ACCEPT,):
            card = actions.one(seed.session, owner, made, due)
            if move is Move.ACCEPT and card.state.value == "accepted":
                continue
            day = due if move is Move.FINISH else None
            at = Trace(_at(period, days if move is Move.FINISH else 11))
            moving = Moving(move, card.version, "", day)
            actions.move(seed.session, owner, made, moving, at)
