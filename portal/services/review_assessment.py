"""The first part of an answer in a review: heading, how sure, what happened and why."""

from collections.abc import Mapping

from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.language import tr, trc, trn
from portal.readmodels.cards import Tone
from portal.readmodels.reviews import Assessment, Pick
from portal.services import listed, review_names
from portal.services.review_cards import Frozen, Item, ReviewCard, ReviewKind

_ASSESSMENTS = (
    ("on_track", "check-circle", Tone.GOOD),
    ("at_risk", "exclamation-triangle-fill", Tone.WATCH),
    ("off_track", "x-circle-fill", Tone.BAD),
)
_DECISIONS = ("keep", "change", "retire")


def assessment(
    card: ReviewCard, item: Item, *, writes: bool, became: Mapping[KpiKey, str]
) -> Assessment:
    """Return the first part of the answer: heading, how sure, what happened and why."""
    answer, frozen = item.answer, item.frozen
    annual = card.kind is ReviewKind.ANNUAL
    return Assessment(
        title=tr("Your assessment") if writes else tr("Assessment"),
        sub=_whose(frozen, writes=writes),
        headings=tuple(
            Pick(value, review_names.assessed(value), icon, tone, value == answer.assessment)
            for value, icon, tone in _ASSESSMENTS
        ),
        sure=tuple(
            Pick(value, text, chosen=value == answer.confidence) for value, text in _sure().items()
        ),
        words=answer.words or (frozen.finding if writes else ""),
        started=_started(item, writes=writes),
        decisions=tuple(
            Pick(value, review_names.decision(value), chosen=value == answer.decision)
            for value in _DECISIONS
        )
        if annual
        else (),
        decision_words=answer.decision_words,
        decision_note=became.get(frozen.kpi)
        or tr("What is decided takes effect with the sign-off."),
    )


def _sure() -> Mapping[str, str]:
    return {
        "low": trc("how sure a person is", "Low"),
        "medium": trc("how sure a person is", "Medium"),
        "high": trc("how sure a person is", "High"),
    }


def _whose(frozen: Frozen, *, writes: bool) -> str:
    """Say who answers, and who says a word besides."""
    told = [tr("A red number needs a note.")] if frozen.red else []
    if not writes:
        who = frozen.accountable_name or tr("whoever answers")
        return " ".join([*told, tr("{who} answers this.", who=who)])
    told.append(tr("Only you can change this part."))
    others = listed.anded(one.name.split()[0] for one in frozen.co_owners)
    if others:
        count = len(frozen.co_owners)
        told.append(
            trn("{names} gives a word below.", "{names} give a word below.", count, names=others)
        )
    return " ".join(told)


def _started(item: Item, *, writes: bool) -> str:
    """Say what the note began with."""
    answer, finding = item.answer, item.frozen.finding
    if not finding:
        return ""
    if not answer.words:
        return tr("Started from the finding; edit it") if writes else ""
    if answer.words.strip() == finding.strip():
        return tr("As the finding has it")
    if answer.words[:_SAME] != finding[:_SAME]:
        return ""
    if writes:
        return tr("Started from the finding; edited by you")
    return tr("Started from the finding; edited by {name}", name=answer.saved_by)


_SAME = 24
