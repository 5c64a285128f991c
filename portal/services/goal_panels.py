"""The strategic goals in brief: each with its score, and what is off, told in a sentence."""

from kpi_engine.language import tr, trn
from portal.readmodels.cards import Finding, Tone
from portal.readmodels.company import Exceptional, GoalPanel
from portal.readmodels.scorecard import Line, Scorecard, Section
from portal.services import listed, score_lines
from portal.services.catalogue_words import inside

_MOST = 3
"""So many exceptions of a goal are told; the scorecard has the rest."""


def panels(card: Scorecard, href: str) -> tuple[GoalPanel, ...]:
    """Return the goals of a scorecard: with the worst exceptions first, then by their score."""
    return tuple(_panel(section, href) for section in sorted(card.sections, key=_urgency))


def _urgency(section: Section) -> tuple[int, int, float]:
    tones = [line.status.tone for line in section.lines]
    score = section.scored if section.scored is not None else 11.0
    return -tones.count(Tone.BAD), -tones.count(Tone.WATCH), score


def _panel(section: Section, href: str) -> GoalPanel:
    off = [line for line in section.lines if score_lines.is_exception(line)]
    return GoalPanel(
        name=section.name,
        question=section.question,
        score=section.score,
        filled=None if section.scored is None else section.scored / 10,
        status=section.status,
        standing=section.standing,
        href=f"{href}#{section.key}",
        exceptions=tuple(_exceptional(line) for line in off[:_MOST]),
        calm=_calm(section, len(off)),
        nearest=None if off else _nearest(section),
        partial=bool(section.covered),
    )


def _exceptional(line: Line) -> Exceptional:
    value = line.cells[-2] if line.cells[-1].open and len(line.cells) > 1 else line.cells[-1]
    return Exceptional(
        line.name,
        line.href,
        f"{value.text} {line.unit}".strip(),
        line.goal,
        line.status,
        line.fact,
        line.cause,
    )


def _calm(section: Section, off: int) -> str:
    if off > _MOST:
        return tr("and {count} more on the scorecard", count=off - _MOST)
    if off:
        return ""
    bare = [line.name for line in section.lines if not line.target]
    if len(bare) == len(section.lines):
        return tr("No target is set for this goal's KPIs, so nothing can be said to be off.")
    if not bare:
        return tr("Nothing is off target.")
    names = listed.briefly(bare, _MOST)
    return trn(
        "Nothing is off target; {names} has no target.",
        "Nothing is off target; {names} have no target.",
        len(bare),
        names=names,
    )


def _nearest(section: Section) -> Exceptional | None:
    """Return what would be off target first: of what is on it, that with the lowest score."""
    scored = [line for line in section.lines if line.scored is not None]
    return _exceptional(min(scored, key=lambda line: line.scored or 0.0)) if scored else None


def lead(card: Scorecard) -> Finding | None:
    """Return what stands first on the page: the scorecard's finding, or that all is well."""
    if card.finding is not None:
        return card.finding
    scored = [section for section in card.sections if section.scored is not None]
    if not scored:
        return None
    names = ", ".join(inside(section.name) for section in scored)
    fact = tr("Nothing is off target this quarter.")
    return Finding(fact, tr("Scored: {names}.", names=names), tone=Tone.GOOD)
