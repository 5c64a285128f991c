"""What worked so far: every action that was judged, by kind and by KPI, with its verdict."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from kpi_engine.language import mark, tr
from kpi_engine.statistics.effect import Verdict
from portal.models.actions import KINDS
from portal.readmodels.actions import Library, Tally
from portal.readmodels.cards import Choice, Finding, Head, Tone
from portal.services import action_kinds, action_words, actions, addresses
from portal.services.action_cards import ActionCard
from portal.services.action_words import HOME, Words, verdict_status
from portal.services.desks import Desk

PLACE = f"{HOME}/library"
_ENOUGH = 3


def read(desk: Desk, query: Mapping[str, str]) -> Library:
    """Return the library as the address asks for it."""
    said = action_words.words(desk)
    every = actions.every(desk.session, desk.actor, desk.today)
    judged = [one for one in every if one.verdict is not None]
    kind, kpi, verdict = (query.get(name, "") for name in ("kind", "kpi", "verdict"))
    found = [
        one
        for one in judged
        if (not kind or one.kind == kind)
        and (not kpi or one.kpi == kpi)
        and (not verdict or one.verdict == verdict)
    ]
    found.sort(key=lambda one: one.done_on or one.due, reverse=True)
    return Library(
        head=_head(),
        finding=_finding(judged),
        kinds=_tallies(said, judged, _by_kind),
        kpis=_tallies(said, judged, lambda one: (said.kpi_name(one.kpi), {"kpi": one.kpi})),
        rows=tuple(map(said.row, found)),
        filters=_filters(said, judged, {"kind": kind, "kpi": kpi, "verdict": verdict}),
        empty=_empty(judged, found),
    )


def _by_kind(one: ActionCard) -> tuple[str, dict[str, str]]:
    return action_kinds.titled(one.kind), {"kind": one.kind}


def _head() -> Head:
    return Head(
        tr("What worked"),
        tr("Actions that were held against the numbers after they had time to show."),
        crumbs=(Choice(tr("Actions"), HOME),),
    )


def _finding(judged: Sequence[ActionCard]) -> Finding | None:
    """Say how many of those that could be told moved their number."""
    told = [one for one in judged if one.verdict is not Verdict.CANNOT_TELL]
    if not told:
        return None
    moved = sum(one.verdict is Verdict.AS_EXPECTED for one in told)
    worse = sum(one.verdict is Verdict.WORSE for one in told)
    rest = len(judged) - len(told)
    causes = []
    if worse:
        causes.append(tr("{count} made it worse.", count=worse))
    if rest:
        causes.append(tr("Of {count} more it cannot be told.", count=rest))
    fact = tr(
        "{count} of {total} actions that could be judged moved their number as expected.",
        count=moved,
        total=len(told),
    )
    return Finding(fact, " ".join(causes), tone=Tone.NEUTRAL)


_Group = Callable[[ActionCard], tuple[str, dict[str, str]]]


def _tallies(said: Words, judged: Sequence[ActionCard], group: _Group) -> tuple[Tally, ...]:
    """Count the verdicts of each group, the one with most of them first."""
    groups: dict[str, list[ActionCard]] = {}
    hrefs: dict[str, str] = {}
    for one in judged:
        name, query = group(one)
        groups.setdefault(name, []).append(one)
        hrefs[name] = addresses.address(PLACE, **query)
    tallies = [_tally(said, name, hrefs[name], rows) for name, rows in groups.items()]
    return tuple(sorted(tallies, key=lambda one: (-one.judged, one.name)))


def _tally(said: Words, name: str, href: str, rows: Sequence[ActionCard]) -> Tally:
    counts = tuple(
        (verdict_status(verdict), sum(one.verdict is verdict for one in rows))
        for verdict in Verdict
    )
    return Tally(name, href, len(rows), counts, _median(said, rows))


def _median(said: Words, rows: Sequence[ActionCard]) -> str:
    """Return the middle of what moved as expected; only where it is one KPI's and of a few."""
    moved = [
        one.measured[0]
        for one in rows
        if one.verdict is Verdict.AS_EXPECTED and one.measured is not None
    ]
    kpis = {one.kpi for one in rows}
    if len(kpis) > 1 or len(moved) < _ENOUGH:
        return ""
    return said.moved(median(moved), said.unit(rows[0].kpi))


def _filters(
    said: Words, judged: Sequence[ActionCard], chosen: Mapping[str, str]
) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    kinds = [one for one in KINDS if any(card.kind == one for card in judged)]
    kpis = sorted({one.kpi for one in judged}, key=said.kpi_name)
    told: dict[str, list[tuple[str, str]]] = {
        mark("verdict"): [(one.value, verdict_status(one).word) for one in Verdict],
        mark("kind"): [(one, action_kinds.titled(one)) for one in kinds],
        # The tally leads to each KPI; the one that is shown can be taken away here.
        mark("KPI"): [(one, said.kpi_name(one)) for one in kpis if one == chosen["kpi"]],
    }
    return tuple(
        (tr(name), tuple(_toggle(chosen, name.lower(), value, text) for value, text in rows))
        for name, rows in told.items()
        if rows
    )


def _toggle(chosen: Mapping[str, str], name: str, value: str, text: str) -> Choice:
    """Return a link that asks for one value; where it is asked for, for all again."""
    on = chosen[name] == value
    words: dict[str, Any] = {**chosen, name: "" if on else value}
    return Choice(text, addresses.address(PLACE, **{k: v or None for k, v in words.items()}), on)


def _empty(judged: Sequence[ActionCard], found: Sequence[ActionCard]) -> str:
    if not judged:
        return tr("No action has been judged yet: one is, once it is done and had time to show.")
    return "" if found else tr("Nothing fits what is asked for. Take a filter away.")
