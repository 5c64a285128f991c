"""What a change of a definition would move before it is saved: numbers, statuses, dependants."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.fingerprint import fingerprints
from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import mark, tr, trc, trn
from portal.models import targets as target_questions
from portal.readmodels.builder import Impact, TrialBar
from portal.readmodels.cards import Choice
from portal.services import goals, impact_watch, lifecycles, statuses, targets
from portal.services.addresses import kpi_page
from portal.services.builder_preview import Built, absence_of, share_of
from portal.services.builder_trial import Tried, tried
from portal.services.desks import Desk
from portal.services.engines import Workshop
from portal.services.lifecycles import LifeState
from portal.services.targets import Target

Targets = Mapping[tuple[KpiKey, date], Target]
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class _Pair:
    """One period by the definition that holds and by the one that is proposed."""

    old: Tried
    new: Tried

    @property
    def moved(self) -> bool:
        """Whether the number is another one."""
        before, after = self.old.reading.value, self.new.reading.value
        if before is None or after is None:
            return before is not after
        return abs(after - before) > _SAME * max(1.0, abs(before))

    @property
    def by(self) -> float:
        """How far it moves; 0 where one of them has no number."""
        before, after = self.old.reading.value, self.new.reading.value
        return 0.0 if before is None or after is None else after - before


def impact(workshop: Workshop, built: Built) -> Impact | None:
    """Return what a definition changes; None where there is none of its key that holds.

    Raises:
        PortalError, KpiError: if the old or the new one cannot be computed.
    """
    desk, key = built.desk, built.kpi.key
    if key not in desk.catalogue or desk.catalogue[key] == built.kpi:
        return None
    old = replace(built, kpi=desk.catalogue[key], grown=desk.catalogue)
    facts = tuple(_facts(desk, built.kpi, built.grown))
    if old.kpi.measure == built.kpi.measure and old.kpi.unit == built.kpi.unit:
        told = tr("No number moves: the measure and the unit stay as they are.")
        return Impact(tr("Only what is said about the KPI changes."), told, (), facts)
    # Both are told at the new cadence, or else they would be of different periods.
    told_old = replace(old, kpi=replace(old.kpi, cadence=built.kpi.cadence))
    before = tried(workshop, desk, told_old.kpi, desk.catalogue.with_own([told_old.kpi]), old.view)
    after = tried(workshop, desk, built.kpi, built.grown, built.view)
    pairs = [_Pair(*both) for both in zip(before, after, strict=True)]
    held = targets.of(
        desk.session, desk.calendar, [key], [pair.new.period for pair in pairs], built.view.who
    )
    bars = tuple(_bars(built, told_old, pairs, held))
    return Impact(_sub(built), _finding(built, pairs, bars), bars, facts)


def _sub(built: Built) -> str:
    return tr("{name}: as it is told now (pale), and as it would be told.", name=built.view.name)


def _finding(built: Built, pairs: Sequence[_Pair], bars: Sequence[TrialBar]) -> str:
    moved = [pair for pair in pairs if pair.moved]
    if not moved:
        return tr("None of the last {count} periods moves.", count=len(pairs))
    formats, unit = built.desk.formats, built.kpi.unit
    most = max(moved, key=lambda pair: abs(pair.by))
    before, after = most.old.reading.value, most.new.reading.value
    if before is not None and after is not None:
        told = tr(
            "{moved} of {count} periods move; the most {period}, from {before} to {after}.",
            moved=len(moved),
            count=len(pairs),
            period=formats.period(most.new.period),
            before=formats.short(before, unit),
            after=formats.short(after, unit),
        )
    else:
        told = tr("{moved} of {count} periods move.", moved=len(moved), count=len(pairs))
    crossed = sum(bool(bar.crossed) for bar in bars)
    if not crossed:
        return told
    word = trn(
        "{count} period changes its status against the target.",
        "{count} periods change its status against the target.",
        crossed,
    )
    return f"{told} {word}"


def _bars(built: Built, old: Built, pairs: Sequence[_Pair], held: Targets) -> Iterator[TrialBar]:
    formats, unit = built.desk.formats, built.kpi.unit
    values = [one.reading.value or 0.0 for pair in pairs for one in (pair.old, pair.new)]
    top = max(map(abs, values), default=0.0)
    for pair in pairs:
        before, after = pair.old.reading.value, pair.new.reading.value
        both = before is not None and after is not None and pair.moved
        yield TrialBar(
            formats.period_least(pair.new.period),
            formats.period(pair.new.period),
            absence_of(built, pair.new) if after is None else formats.short(after, unit),
            formats.number(pair.new.reading.n),
            share_of(after, top),
            absence_of(old, pair.old) if before is None else formats.short(before, old.kpi.unit),
            share_of(before, top),
            formats.change(after or 0.0, before or 0.0, unit) if both else "",
            _crossed(built.kpi, pair, held.get((built.kpi.key, pair.new.period.start))),
        )


def _crossed(kpi: Kpi, pair: _Pair, target: Target | None) -> str:
    """Return how a period's status changes; empty where it stays."""
    if target is None:
        return ""
    before = statuses.judge(kpi, pair.old.reading, target).status
    after = statuses.judge(kpi, pair.new.reading, target).status
    if before == after:
        return ""
    return tr("{before} before, {after} now", before=tr(before.word), after=statuses.within(after))


def moved_keys(catalogue: Catalogue, grown: Catalogue) -> tuple[KpiKey, ...]:
    """Return every KPI whose number a change may move: those built on it too."""
    before, after = fingerprints(catalogue), fingerprints(grown)
    return tuple(key for key in after if key in before and before[key] != after[key])


def _facts(desk: Desk, kpi: Kpi, grown: Catalogue) -> Iterator[tuple[str, tuple[Choice, ...], str]]:
    """Yield what stands on a KPI, each with links."""
    derived = [key for key in moved_keys(desk.catalogue, grown) if key != kpi.key]
    yield tr("KPIs built on it"), _links(desk, derived), "" if derived else tr("none moves")
    watching = [
        one.key
        for one in desk.catalogue.values()
        if kpi.key in one.guardrails or kpi.key in one.drives
    ]
    yield (
        tr("Watched or driven with"),
        _links(desk, watching),
        "" if watching else trc("of several", "none"),
    )
    yield from impact_watch.lines(desk, kpi)
    count = sum(
        row.kpi == kpi.key and row.period_end > desk.today
        for row in desk.session.scalars(target_questions.all_current())
    )
    said = tr("{count} of open and coming periods", count=count)
    link = Choice(said, f"/targets?kpi={kpi.key}")
    yield tr("Targets"), (link,) if count else (), "" if count else trc("targets", "none set")
    served = [
        goal.name
        for goal in goals.goals(desk.session, desk.catalogue, desk.today)
        if any(one.kpi == kpi.key for one in goal.supports)
    ]
    yield tr("Goals and the scorecard"), (), ", ".join(served) or tr("serves no goal")
    yield tr("Life"), (), _life(desk, kpi.key)


_LIVED = {
    LifeState.PROPOSED: mark("proposed since {day}"),
    LifeState.ACTIVE: mark("active since {day}"),
    LifeState.UNDER_REVIEW: mark("under review since {day}"),
    LifeState.RETIRED: mark("retired since {day}"),
}


def _life(desk: Desk, key: KpiKey) -> str:
    life = lifecycles.lives(desk.session).get(key)
    if life is None:
        used = lifecycles.stand(desk, key, None)
        return tr("in use, by its goals and targets") if used else tr("not adopted yet")
    if life.state is LifeState.RETIRED and life.successor:
        return tr("retired, followed by {name}", name=life.successor)
    return tr(_LIVED[life.state], day=desk.formats.day(life.since))


def _links(desk: Desk, keys: Sequence[KpiKey]) -> tuple[Choice, ...]:
    return tuple(Choice(desk.catalogue[key].name, kpi_page(key)) for key in keys[:12])
