"""One KPI of a pack or of minutes: the frozen number in words, and all that was said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from kpi_engine.definitions.described import Better
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import mark, tr, trc
from kpi_engine.units import SHARES
from portal.readmodels.actions import ActionRow
from portal.readmodels.cards import Spark
from portal.readmodels.formats import Formats
from portal.readmodels.papers import PaperItem, PaperKind, Reply, Said
from portal.services import beginnings, listed, review_names, review_quality, why_none
from portal.services.desks import WHOLE, Desk
from portal.services.quotients import makes_it
from portal.services.review_cards import QUESTIONS, Answer, Frozen, Item, ReviewCard, Word
from portal.services.reviews import address
from portal.workflow.review import ItemState

ASKED: Mapping[str, str] = MappingProxyType(
    {
        "relevant": mark("Still relevant?"),
        "used": mark("Used?"),
        "acting": mark("Driving action?"),
        "unhealthy": mark("Unhealthy behaviour?"),
    }
)
_TOLD = frozenset({ItemState.WAITING, ItemState.SUBMITTED, ItemState.APPROVED})
"""Where the owner's words are theirs to be read by others; a draft is not."""
_LATE = {
    ItemState.TO_ANSWER: mark("{name} has not answered."),
    ItemState.DRAFT: mark("{name} has not submitted an answer."),
    ItemState.SENT_BACK: mark("{name} was asked to answer again."),
}
_SURE = {
    "low": mark("{assessment}, low confidence"),
    "medium": mark("{assessment}, medium confidence"),
    "high": mark("{assessment}, high confidence"),
}
_REPLIES = {"yes": mark("Yes"), "partly": mark("Partly"), "no": mark("No")}
_MANY = 100_000
"""Parts as large as this are money, and say less than how many records there are."""
_ORDER = ("agrees", "disagrees", "reply", "settled")
_WORDS = {"agrees": mark("Agrees"), "reply": mark("Replies"), "settled": mark("Settled")}


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
            return tr("not known")
        return self.formats.moment(moment.astimezone(self.zone))


def item_of(scene: Scene, item: Item) -> PaperItem:
    """Return one KPI."""
    frozen, answer = item.frozen, item.answer
    told = answer.state in _TOLD
    place = (frozen.kpi, frozen.who.kind.value, frozen.who.id)
    return PaperItem(
        name=frozen.kpi_name,
        scope=frozen.scope_name or tr(WHOLE),
        href=address(scene.card, frozen),
        value=_value(frozen, scene.formats),
        absence=_absence(frozen),
        stands_on=_stands_on(frozen, scene.formats),
        target=_target(frozen, scene.formats),
        status=replace(frozen.status, word=tr(frozen.status.word)),
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


def _absence(frozen: Frozen) -> str:
    return "" if frozen.reading.value is not None else why_none.told(frozen.reading.reason)


def _stands_on(frozen: Frozen, formats: Formats) -> str:
    reading = frozen.reading
    if reading.value is None:
        return ""
    share = frozen.unit in SHARES and makes_it(reading)
    if share and reading.over is not None and reading.under is not None and reading.under < _MANY:
        over, under = formats.number(reading.over), formats.number(reading.under)
        return tr("{over} of {under}", over=over, under=under)
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
    # Before a year there is the year before, which is the same a year ago.
    for period, was in dict(ends).items():
        begins, name = frozen.begins(period.start), scene.formats.period_short(period)
        if begins is not None:
            name = beginnings.labelled(period, begins, scene.formats)
        against = tr("vs {period}", period=name)
        if value is None or was is None or frozen.of_nothing(value) or frozen.of_nothing(was):
            found.append((against, tr("nothing to compare")))
        else:
            by = scene.formats.change(value, was, frozen.unit)
            found.append((against, by or scene.formats.difference(value, was, frozen.unit)))
    return found


def _usual(frozen: Frozen, formats: Formats) -> str:
    if frozen.usual is None:
        return tr("too few periods to tell")
    return formats.range(frozen.usual.low, frozen.usual.high, frozen.unit)


def _spark(frozen: Frozen) -> Spark:
    usual = frozen.usual
    return Spark(
        tuple(one.value for one in frozen.trend),
        band=(usual.low, usual.high) if usual is not None and not frozen.moving else None,
        dashed=frozen.target.value if frozen.target is not None else None,
        summary=tr("{kpi} in {count} periods", kpi=frozen.kpi_name, count=len(frozen.trend)),
    )


def _moved(frozen: Frozen, formats: Formats) -> str:
    if not frozen.moved:
        return ""
    told = [
        f"{name} {formats.difference(amount, 0.0, frozen.unit)}" for name, amount in frozen.moved
    ]
    return tr("Who moved it: {parts}.", parts=", ".join(told))


def _owner(frozen: Frozen) -> str:
    if frozen.shared:
        held = [f"{one.name} {one.percent:g} % ({one.component})" for one in frozen.shares]
        return ", ".join(held)
    return frozen.accountable_name or tr("Nobody answers for it")


def _assessment(answer: Answer) -> str:
    word = review_names.assessed(answer.assessment)
    if not word or answer.confidence not in _SURE:
        return word
    return tr(_SURE[answer.confidence], assessment=word)


def _silence(frozen: Frozen, answer: Answer, *, told: bool) -> str:
    name = frozen.accountable_name or tr("Its owner")
    if told:
        return tr("{name} wrote no note.", name=name)
    return tr(_LATE.get(answer.state, _LATE[ItemState.TO_ANSWER]), name=name)


def _author(scene: Scene, answer: Answer) -> str:
    said = answer.submitted_by_name or answer.saved_by
    when = scene.day(answer.submitted_at or answer.saved_at)
    parts = [", ".join(part for part in (said, when) if part)]
    if answer.approved_by_name:
        day = scene.day(answer.approved_at)
        parts.append(tr("approved by {name}, {day}", name=answer.approved_by_name, day=day))
    return "; ".join(part for part in parts if part)


def _replies(answer: Answer) -> list[Reply]:
    return [
        Reply(
            tr(ASKED[name]),
            _reply(answer.replies.get(name, "")),
            answer.reply_words.get(name, ""),
        )
        for name in QUESTIONS
    ]


def _reply(value: str) -> str:
    return tr(_REPLIES.get(value, value.capitalize())) if value else tr("Not answered")


def _order(word: Word) -> tuple[datetime, int]:
    """Return what comes first: what was said before, and of one moment what it answers."""
    return word.said_at, _ORDER.index(word.kind) if word.kind in _ORDER else len(_ORDER)


def _said(scene: Scene, item: Item, word: Word) -> Said:
    what = tr(_WORDS.get(word.kind, ""))
    disputed = word.kind == "disagrees"
    if disputed:
        stands = word.id in {one.id for one in item.disputes}
        about = listed.anded(review_names.disputed(one) for one in word.about)
        what = tr("Disagrees about the {parts}, settled", parts=about)
        if stands:
            what = tr("Disagrees about the {parts}, not settled", parts=about)
    return Said(word.name, what, word.text, scene.day(word.said_at), disputed)


def _decision(answer: Answer, became: str) -> str:
    if not answer.decision:
        return ""
    words = f": {answer.decision_words}" if answer.decision_words else ""
    stop = "" if words.endswith((".", "!", "?")) else "."
    told = review_names.decision(answer.decision)
    return f"{told}{words}{f'{stop} {became}' if became else ''}"


def _stamp(scene: Scene, frozen: Frozen) -> str:
    print_ = frozen.definition[:12] or trc("fingerprint", "none")
    told = tr("Definition as shipped, fingerprint {fingerprint}", fingerprint=print_)
    if frozen.definition_version:
        told = tr(
            "Definition version {version}, fingerprint {fingerprint}",
            version=frozen.definition_version,
            fingerprint=print_,
        )
    parts = [told, tr("known at {moment}", moment=scene.moment(frozen.known_at))]
    if frozen.store_version is not None:
        parts.append(tr("store version {version}", version=frozen.store_version))
    stamp = "; ".join(parts) + "."
    sure, doubt = review_quality.shown(scene.desk, frozen.quality, scene.card.period)
    if sure is None:
        return stamp
    return " ".join([stamp, tr("Data confidence: {level}.", level=sure[1]), doubt]).rstrip()
