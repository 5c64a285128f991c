"""What reviews, their kinds, states and moves are called, in the reader's language."""

from kpi_engine.language import SOURCE, mark, spoken, tr, trc
from kpi_engine.periods import Period
from portal.readmodels.formats import Formats
from portal.services.review_cards import ReviewCard, ReviewKind
from portal.workflow.review import ItemMove, ItemState

_KINDS = {
    ReviewKind.MONTHLY: mark("Monthly"),
    ReviewKind.QUARTERLY: mark("Quarterly"),
    ReviewKind.ANNUAL: mark("Annual"),
}
_ASSESSED = {
    "on_track": mark("On track"),
    "at_risk": mark("At risk"),
    "off_track": mark("Off track"),
}


def kept(period: Period) -> str:
    """Return the name under which a period's review is kept: in English, for readers of any."""
    return f"{Formats(SOURCE).period(period)} review".replace("\N{NO-BREAK SPACE}", " ")


def name(card: ReviewCard, formats: Formats) -> str:
    """Return what a review is called; a name that somebody gave it stays as it is."""
    if spoken() == SOURCE or card.name != kept(card.period):
        return card.name
    return tr("{period} review", period=formats.period(card.period))


def kind(one: ReviewKind) -> str:
    """Return how often a review comes."""
    return tr(_KINDS[one])


def assessed(value: str, otherwise: str = "") -> str:
    """Return where a KPI is heading, as its owner sees it."""
    return tr(_ASSESSED[value]) if value in _ASSESSED else otherwise


def decision(value: str) -> str:
    """Return what an annual review decides of a KPI."""
    told = {
        "keep": trc("decision about a KPI", "Keep"),
        "change": trc("decision about a KPI", "Change"),
        "retire": trc("decision about a KPI", "Retire"),
    }
    return told.get(value, value.capitalize())


def disputed(value: str) -> str:
    """Return what a co-owner may disagree about."""
    told = {
        "reason": trc("what a co-owner disagrees about", "reason"),
        "number": trc("what a co-owner disagrees about", "number"),
        "split": trc("what a co-owner disagrees about", "split"),
    }
    return told.get(value, value)


def state(one: ItemState) -> str:
    """Return where one KPI of a review stands, for the middle of a sentence."""
    return {
        ItemState.TO_ANSWER: trc("state of a KPI in a review", "to answer"),
        ItemState.DRAFT: trc("state of a KPI in a review", "draft"),
        ItemState.WAITING: trc("state of a KPI in a review", "waiting"),
        ItemState.SUBMITTED: trc("state of a KPI in a review", "submitted"),
        ItemState.SENT_BACK: trc("state of a KPI in a review", "sent back"),
        ItemState.APPROVED: trc("state of a KPI in a review", "approved"),
    }[one]


def move(one: ItemMove) -> str:
    """Return what can be done with one KPI of a review, for the middle of a sentence."""
    return {
        ItemMove.SAVE: trc("to do with a KPI in a review", "save"),
        ItemMove.ASK: trc("to do with a KPI in a review", "ask"),
        ItemMove.SPEAK: trc("to do with a KPI in a review", "speak"),
        ItemMove.REPLY: trc("to do with a KPI in a review", "reply"),
        ItemMove.SETTLE: trc("to do with a KPI in a review", "settle"),
        ItemMove.SUBMIT: trc("to do with a KPI in a review", "submit"),
        ItemMove.TAKE_BACK: trc("to do with a KPI in a review", "take back"),
        ItemMove.SEND_BACK: trc("to do with a KPI in a review", "send back"),
        ItemMove.APPROVE: trc("to do with a KPI in a review", "approve"),
    }[one]
