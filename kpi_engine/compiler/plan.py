"""From the KPIs of a question to the fewest statements: each entity once per date column.

Measures that add up are read once, at the finest grain and split that the others follow from.
Medians, distinct counts and the like are answered at each grain and split in the same read.
"""

from collections.abc import Iterable, Iterator

from kpi_engine.compiler.firsts import first_job, rank_job
from kpi_engine.compiler.forecasts import forecasts_at_opening
from kpi_engine.compiler.healths import health_job
from kpi_engine.compiler.jobs import Job, Leaf, Slice, Timeline, Window
from kpi_engine.compiler.needs import Needs
from kpi_engine.compiler.origin import Origin
from kpi_engine.compiler.quotas import quotas_in_force
from kpi_engine.compiler.scans import Scan, holistic, leaf_columns, looked_at, scan_job
from kpi_engine.compiler.scene import Scene
from kpi_engine.compiler.slips import slipped_job
from kpi_engine.compiler.stocks import balance_job, stock_folds, stock_job
from kpi_engine.compiler.stretches import Asked
from kpi_engine.compiler.touches import waiting
from kpi_engine.compiler.world import World
from kpi_engine.definitions.kinds import (
    Aggregate,
    Balance,
    Cohort,
    Duration,
    First,
    FirstTouch,
    Health,
    RankAccuracy,
    Slipped,
    Stock,
)
from kpi_engine.definitions.takes import At
from kpi_engine.periods import Grain
from kpi_engine.questions import Dimension, Split

_BY_GRAIN = {"quota", "forecast"}
"""Entities whose records have a grain of their own: which count depends on the one asked."""
_MONTHLY = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)


def base_line(scene: Scene) -> Timeline:
    """Return the fewest periods from which those of all asked grains add up."""
    grains = list(scene.asked)
    if len(grains) == 1:
        return scene.line(grains[0])
    if all(grain in _MONTHLY for grain in grains):
        return scene.base(Grain.MONTH)
    return scene.cuts


def base_splits(splits: Iterable[Split]) -> tuple[Split, ...]:
    """Return the splits from which the others follow: an owner tells the team."""
    found: list[Split] = []
    for split in sorted(set(splits), key=lambda one: (-len(one), one)):
        if not any(follows(split, base) for base in found):
            found.append(split)
    return tuple(found)


def follows(split: Split, base: Split) -> bool:
    """Say whether the groups of `split` are made of whole groups of `base`."""
    return all(
        name in base or (name is Dimension.TEAM and Dimension.OWNER in base) for name in split
    )


def jobs_of(world: World, scene: Scene, needs: Needs) -> Iterator[Job]:
    """Yield the statements of a question."""
    yield from _scans(world, scene, needs)
    yield from _touches(world, scene, needs)
    yield from _stocks(world, scene, needs)
    yield from _balances(world, scene, needs)
    yield from _healths(world, scene, needs)
    for leaf, splits in needs.leaves.items():
        yield from _single(world, scene, leaf, splits)


def _single(world: World, scene: Scene, leaf: Leaf, splits: set[Split]) -> Iterator[Job]:
    match leaf.measure:
        case First():
            for line, split in _pairs(_lines(scene, leaf.window), base_splits(splits)):
                yield first_job(world, leaf, _asked(scene, line, split))
        case RankAccuracy():
            for line, split in _pairs(scene.lines, splits):
                yield rank_job(world, leaf, _asked(scene, line, split))
        case Slipped():
            for split in base_splits(splits):
                asked = [_asked(scene, line, split) for line in scene.lines]
                yield slipped_job(world, leaf, asked)
        case Aggregate() if leaf.measure.entity in _BY_GRAIN:
            yield from _by_grain(world, scene, leaf, splits)
        case _:
            # The others share their statements with their like.
            return


def _by_grain(world: World, scene: Scene, leaf: Leaf, splits: set[Split]) -> Iterator[Job]:
    measure = leaf.measure
    if not isinstance(measure, Aggregate) or measure.on is None:
        return
    for line, split in _pairs(scene.lines, splits):
        scan = Scan(measure.entity, measure.on, leaf.window, (leaf,), (Slice(line, split),))
        quota = measure.entity == "quota"
        relation = (
            quotas_in_force(world, line, split) if quota else forecasts_at_opening(world, line)
        )
        yield scan_job(world, scan, scene.filters, relation)


def _scans(world: World, scene: Scene, needs: Needs) -> Iterator[Job]:
    groups: dict[tuple[str, str, Window], dict[Leaf, set[Split]]] = {}
    for leaf, splits in needs.leaves.items():
        measure = leaf.measure
        if not isinstance(measure, Aggregate | Duration | Cohort) or measure.on is None:
            continue
        if measure.entity not in _BY_GRAIN:
            key = (measure.entity, measure.on.text, leaf.window)
            groups.setdefault(key, {})[leaf] = splits
    for (entity, _, window), leaves in groups.items():
        splits = set().union(*leaves.values())
        first = next(iter(leaves)).measure
        if not isinstance(first, Aggregate | Duration | Cohort) or first.on is None:
            continue
        origin = Origin(world, entity)
        exact = any(holistic(leaf_columns(origin, leaf)) for leaf in leaves)
        for slices in _shapes(scene, window, splits, exact=exact):
            scan = Scan(entity, first.on, window, tuple(leaves), slices)
            yield scan_job(world, scan, scene.filters)


def _shapes(
    scene: Scene, window: Window, splits: set[Split], *, exact: bool
) -> Iterator[tuple[Slice, ...]]:
    """Yield the slices of the statements that answer a scan."""
    if exact and window.plain:
        lines = scene.lines
        yield tuple(Slice(line, split) for line, split in _pairs(lines, splits))
        return
    for line in _lines(scene, window):
        if exact:
            yield tuple(Slice(line, split) for split in sorted(splits))
        else:
            for split in base_splits(splits):
                yield (Slice(line, split),)


def _lines(scene: Scene, window: Window) -> list[Timeline]:
    """The timelines at which something that adds up is read: one base, or each through a window."""
    if window.plain:
        return [base_line(scene)]
    return scene.lines


def _touches(world: World, scene: Scene, needs: Needs) -> Iterator[Job]:
    groups: dict[tuple[object, ...], list[Leaf]] = {}
    splits: dict[tuple[object, ...], set[Split]] = {}
    for leaf, found in needs.leaves.items():
        measure = leaf.measure
        if isinstance(measure, FirstTouch):
            key = (*_touch_key(measure), leaf.window)
            groups.setdefault(key, []).append(leaf)
            splits.setdefault(key, set()).update(found)
    for key, leaves in groups.items():
        first = leaves[0].measure
        if not isinstance(first, FirstTouch):
            continue
        window = leaves[0].window
        exact = any(holistic(leaf_columns(Origin(world, first.of), leaf)) for leaf in leaves)
        for slices in _shapes(scene, window, splits[key], exact=exact):
            scan = Scan(first.of, first.after, window, tuple(leaves), slices)
            days = looked_at(world, scan)
            yield scan_job(world, scan, scene.filters, waiting(world, first, *days))


def _touch_key(one: FirstTouch) -> tuple[object, ...]:
    return (
        one.first,
        one.at,
        one.of,
        one.key,
        one.by,
        one.after,
        one.where,
        one.of_where,
    )


def _stocks(world: World, scene: Scene, needs: Needs) -> Iterator[Job]:
    groups: dict[tuple[object, ...], dict[Leaf, set[Split]]] = {}
    for leaf, splits in needs.leaves.items():
        one = leaf.measure
        if isinstance(one, Stock):
            shape = (one.at is At.MEAN, "adds" if stock_folds(one) else leaf)
            key = (one.entity, one.opened, one.closed, one.where, *shape)
            groups.setdefault(key, {})[leaf] = splits
    for leaves in groups.values():
        splits = set().union(*leaves.values())
        first = next(iter(leaves)).measure
        if not isinstance(first, Stock):
            continue
        if stock_folds(first):
            line = scene.base(Grain.DAY) if first.at is At.MEAN else base_line(scene)
            pairs = _pairs([line], base_splits(splits))
        else:
            pairs = _pairs(scene.lines, splits)
        for line, split in pairs:
            yield stock_job(world, list(leaves), _asked(scene, line, split))


def _balances(world: World, scene: Scene, needs: Needs) -> Iterator[Job]:
    groups: dict[tuple[object, ...], dict[Leaf, set[Split]]] = {}
    for leaf, splits in needs.leaves.items():
        one = leaf.measure
        if isinstance(one, Balance):
            key = (one.entity, one.value, one.opened, one.closed, one.per, one.where, leaf.window)
            groups.setdefault(key, {})[leaf] = splits
    for leaves in groups.values():
        splits = set().union(*leaves.values())
        window = next(iter(leaves)).window
        # A trailing balance is the sum of its calendar months.
        lines = scene.lines if window.plain else [scene.rolled(window)]
        for line, split in _pairs(lines, splits):
            yield balance_job(world, list(leaves), _asked(scene, line, split))


def _healths(world: World, scene: Scene, needs: Needs) -> Iterator[Job]:
    groups: dict[tuple[object, ...], dict[Leaf, set[Split]]] = {}
    for leaf, splits in needs.leaves.items():
        one = leaf.measure
        if isinstance(one, Health):
            groups.setdefault((one.components, one.threshold), {})[leaf] = splits
    for leaves in groups.values():
        # Health is that of a moment: periods of any grain that end together share it.
        for split in base_splits(set().union(*leaves.values())):
            yield health_job(world, list(leaves), _asked(scene, scene.moments, split))


def _pairs(lines: Iterable[Timeline], splits: Iterable[Split]) -> list[tuple[Timeline, Split]]:
    return [(line, split) for line in lines for split in sorted(splits)]


def _asked(scene: Scene, line: Timeline, split: Split) -> Asked:
    return Asked(line, split, scene.today, scene.filters)
