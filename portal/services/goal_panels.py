"""The strategic goals in brief: each with its score, and what is off, told in a sentence."""

from kpi_engine.language import tr
from portal.readmodels.cards import Finding, Tone
from portal.readmodels.company import Exceptional, GoalPanel
from portal.readmodels.scorecard import Line, Scorecard, Section
from portal.services import score_lines
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
        partial=bool(section.covered),
    )


def _exceptional(line: Line) -> Exceptional:
    value = line.cells[-2] if line.cells[-1].open and len(line.cells) > 1 else line.cells[-1]
    return Exceptional(
        line.name,
        line.href,
        f"{value.text} {line.unit}".strip(),
        f"{line.target} {line.unit}".strip() if line.target else "",
        line.status,
        line.fact,
        line.cause,
    )


def _calm(section: Section, off: int) -> str:
    if off > _MOST:
        return tr("and {count} more on the scorecard", count=off - _MOST)
    if off:
        return ""
    if not any(line.target for line in section.lines):
        return tr("No target is set for this goal's KPIs, so nothing can be said to be off.")
    return tr("Nothing is off target.")


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
