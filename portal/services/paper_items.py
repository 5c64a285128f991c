"""One KPI of a pack or of minutes: the frozen number in words, and all that was said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import KpiKey
from portal.readmodels.actions import ActionRow
from portal.readmodels.cards import Spark
from portal.readmodels.formats import Formats
from portal.readmodels.papers import PaperItem, PaperKind, Reply, Said
from portal.services.desks import WHOLE, Desk
from portal.services.review_cards import QUESTIONS, Answer, Frozen, Item, ReviewCard, Word
from portal.services.reviews import address
from portal.workflow.review import ItemState

ASKED: Mapping[str, str] = MappingProxyType(
    {
        "relevant": "Still relevant?",
        "used": "Used?",
        "acting": "Driving action?",
        "unhealthy": "Unhealthy behaviour?",
    }
)
_ASSESSED = {"on_track": "On track", "at_risk": "At risk", "off_track": "Off track"}
_TOLD = frozenset({ItemState.WAITING, ItemState.SUBMITTED, ItemState.APPROVED})
"""Where the owner's words are theirs to be read by others; a draft is not."""
_LATE = {
    ItemState.TO_ANSWER: "has not answered",
    ItemState.DRAFT: "has not submitted an answer",
    ItemState.SENT_BACK: "was asked to answer again",
}
_MANY = 100_000
"""Parts as large as this are money, and say less than how many records there are."""
_ORDER = ("agrees", "disagrees", "reply", "settled")
_WORDS = {"agrees": "Agrees", "reply": "Replies", "settled": "Settled"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What every KPI of one paper is told with."""

    desk: Desk
    card: ReviewCard
    kind: PaperKind
    actions: Mapping[tuple[str, str, str], Sequence[ActionRow]]
    """By KPI and scope."""
    became: Mapping[KpiKey, str]
    """What became of each decision that was signed."""

    @property
    def formats(self) -> Formats:
        """How the reader reads."""
        return self.desk.formats

    @property
    def zone(self) -> ZoneInfo:
        """The company's zone."""
        return ZoneInfo(self.desk.calendar.timezone)

    def day(self, moment: datetime | None) -> str:
        """Return a moment's day in the company's zone."""
        if moment is None:
            return ""
        return self.formats.day(moment.astimezone(self.zone).date())

    def moment(self, moment: datetime | None) -> str:
        """Return a moment in the company's zone."""
        if moment is None:
            return "not known"
        return self.formats.moment(moment.astimezone(self.zone))


def item_of(scene: Scene, item: Item) -> PaperItem:
    """Return one KPI."""
    frozen, answer = item.frozen, item.answer
    told = answer.state in _TOLD
    place = (frozen.kpi, frozen.who.kind.value, frozen.who.id)
    return PaperItem(
        name=frozen.kpi_name,
        scope=frozen.scope_name or WHOLE,
        href=address(scene.card, frozen),
        value=_value(frozen, scene.formats),
        absence="" if frozen.reading.value is not None else frozen.reading.reason or "no number",
        stands_on=_stands_on(frozen, scene.formats),
        target=_target(frozen, scene.formats),
        status=frozen.status,
        changes=tuple(_changes(scene, frozen)),
        usual=_usual(frozen, scene.formats),
        spark=_spark(frozen),
        level=frozen.target.value if frozen.target is not None else None,
        finding=frozen.finding,
        moved=_moved(frozen, scene.formats),
        owner=_owner(frozen),
        assessment=_assessment(answer) if told else "",
        words=answer.words if told else "",
        silence="" if told and answer.words else _silence(frozen, answer, told=told),
        author=_author(scene, answer) if told else "",
        replies=tuple(_replies(answer)) if told else (),
        said=tuple(_said(scene, item, word) for word in sorted(item.said, key=_order)),
        decision=_decision(answer, scene.became.get(frozen.kpi, "")) if told else "",
        actions=tuple(scene.actions.get(place, ())),
        stamp=_stamp(scene, frozen),
        exception=is_exception(item),
    )


def is_exception(item: Item) -> bool:
    """Say whether a KPI needs the meeting: it is off target or disputed, or its owner worries."""
    worried = item.answer.assessment in {"at_risk", "off_track"} and item.answer.state in _TOLD
    return item.frozen.red or bool(item.disputes) or worried


def _value(frozen: Frozen, formats: Formats) -> str:
    value = frozen.reading.value
    return "" if value is None else formats.short(value, frozen.unit)


def _stands_on(frozen: Frozen, formats: Formats) -> str:
    reading = frozen.reading
    if reading.value is None:
        return ""
    if reading.over is not None and reading.under is not None and reading.under < _MANY:
        return f"{formats.number(reading.over)} of {formats.number(reading.under)}"
    return f"n {formats.number(reading.n)}"


def _target(frozen: Frozen, formats: Formats) -> str:
    target = frozen.target
    if target is None:
        return ""
    if target.low is not None and target.high is not None:
        return formats.range(target.low, target.high, frozen.unit)
    lower = frozen.better is Better.LOWER
    return formats.target(target.value or 0.0, frozen.unit, lower_is_better=lower)


def _changes(scene: Scene, frozen: Frozen) -> list[tuple[str, str]]:
    value, calendar = frozen.reading.value, scene.desk.calendar
    ends = (
        (calendar.previous(scene.card.period), frozen.before),
        (calendar.last_year(scene.card.period), frozen.last_year),
    )
    found = []
    for period, was in ends:
        against = f"vs {scene.formats.period_short(period)}"
        if value is None or was is None:
            found.append((against, "nothing to compare"))
        else:
            by = scene.formats.change(value, was, frozen.unit)
            found.append((against, by or scene.formats.difference(value, was, frozen.unit)))
    return found


def _usual(frozen: Frozen, formats: Formats) -> str:
    if frozen.usual is None:
        return "too few periods to tell"
    return formats.range(frozen.usual.low, frozen.usual.high, frozen.unit)


def _spark(frozen: Frozen) -> Spark:
    usual = frozen.usual
    return Spark(
        tuple(one.value for one in frozen.series),
        band=(usual.low, usual.high) if usual is not None else None,
        dashed=frozen.target.value if frozen.target is not None else None,
        summary=f"{frozen.kpi_name} in {len(frozen.series)} periods",
    )


def _moved(frozen: Frozen, formats: Formats) -> str:
    if not frozen.moved:
        return ""
    told = [
        f"{name} {formats.difference(amount, 0.0, frozen.unit)}" for name, amount in frozen.moved
    ]
    return f"Who moved it: {', '.join(told)}."


def _owner(frozen: Frozen) -> str:
    if frozen.shared:
        held = [f"{one.name} {one.percent:g} % ({one.component})" for one in frozen.shares]
        return ", ".join(held)
    return frozen.accountable_name or "Nobody answers for it"


def _assessment(answer: Answer) -> str:
    word = _ASSESSED.get(answer.assessment, "")
    sure = f", {answer.confidence} confidence" if word and answer.confidence else ""
    return f"{word}{sure}"


def _silence(frozen: Frozen, answer: Answer, *, told: bool) -> str:
    name = frozen.accountable_name or "Its owner"
    if told:
        return f"{name} wrote no note."
    return f"{name} {_LATE.get(answer.state, 'has not answered')}."


def _author(scene: Scene, answer: Answer) -> str:
    said = answer.submitted_by_name or answer.saved_by
    when = scene.day(answer.submitted_at or answer.saved_at)
    parts = [", ".join(part for part in (said, when) if part)]
    if answer.approved_by_name:
        parts.append(f"approved by {answer.approved_by_name}, {scene.day(answer.approved_at)}")
    return "; ".join(part for part in parts if part)


def _replies(answer: Answer) -> list[Reply]:
    return [
        Reply(
            ASKED[name],
            answer.replies.get(name, "").capitalize() or "Not answered",
            answer.reply_words.get(name, ""),
        )
        for name in QUESTIONS
    ]


def _order(word: Word) -> tuple[datetime, int]:
    """Return what comes first: what was said before, and of one moment what it answers."""
    return word.said_at, _ORDER.index(word.kind) if word.kind in _ORDER else len(_ORDER)


def _said(scene: Scene, item: Item, word: Word) -> Said:
    what = _WORDS.get(word.kind, "")
    disputed = word.kind == "disagrees"
    if disputed:
        stands = word.id in {one.id for one in item.disputes}
        about = " and ".join(word.about)
        what = f"Disagrees about the {about}{', not settled' if stands else ', settled'}"
    return Said(word.name, what, word.text, scene.day(word.said_at), disputed)


def _decision(answer: Answer, became: str) -> str:
    if not answer.decision:
        return ""
    words = f": {answer.decision_words}" if answer.decision_words else ""
    stop = "" if words.endswith((".", "!", "?")) else "."
    return f"{answer.decision.capitalize()}{words}{f'{stop} {became}' if became else ''}"


def _stamp(scene: Scene, frozen: Frozen) -> str:
    version = f"version {frozen.definition_version}" if frozen.definition_version else "as shipped"
    parts = [f"Definition {version}, fingerprint {frozen.definition[:12] or 'none'}"]
    parts.append(f"known at {scene.moment(frozen.known_at)}")
    if frozen.store_version is not None:
        parts.append(f"store version {frozen.store_version}")
    return "; ".join(parts) + "."
