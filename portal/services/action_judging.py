"""The looks that have come: each action that is ripe is judged, and its people are told."""

from collections.abc import Iterator
from datetime import datetime

from kpi_engine.language import mark
from kpi_engine.statistics.effect import Verdict
from portal.models.actions import ActionVerdict
from portal.models.inbox import Kind
from portal.readmodels.cards import Tone
from portal.services import action_words, effects, inbox
from portal.services.action_cards import ActionCard
from portal.services.inbox import NewItem
from portal.tenancy.session import TenantSession

_TONES = {Verdict.AS_EXPECTED: Tone.GOOD, Verdict.WORSE: Tone.BAD}
_TOLD = mark("The numbers were held against what was to be expected.")
_BROKEN = mark("The numbers were held against what was to be expected. Its guardrail broke.")


def judge_ripe(session: TenantSession, now: datetime) -> int:
    """Judge every action whose next look has come; return how many were."""
    ground = effects.ground(session, now)
    judged = [
        (card, row)
        for card in effects.due(ground)
        if (row := effects.judge(ground, card, now)) is not None
    ]
    inbox.post(session, (item for card, row in judged for item in _told(card, row, now)))
    return len(judged)


def _told(card: ActionCard, row: ActionVerdict, now: datetime) -> Iterator[NewItem]:
    """Yield what is told of a verdict; shown to those only to whom its number is open."""
    verdict, broken = Verdict(row.verdict), row.guardrail == "broken"
    tone = _TONES.get(verdict, Tone.NEUTRAL)
    if broken and tone is not Tone.BAD:
        # What was reached at the cost of its guardrail is no good news.
        tone = Tone.WATCH
    for person in {card.owner.id, card.created_by}:
        yield NewItem(
            person,
            Kind.ACTION,
            f"{action_words.VERDICTS[verdict].word}: {card.title}",
            action_words.address(card),
            f"action|{card.id}|verdict|{row.done_on.isoformat()}|{row.seq}",
            now,
            card.kpi,
            _BROKEN if broken else _TOLD,
            card.who,
            tone,
        )
