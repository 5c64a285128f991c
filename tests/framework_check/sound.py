"""A framework in which no rule finds fault, and ways to spoil it.

Seven stages with an activity, a quality and an outcome each, one KPI on the data, one goal that
names the outcomes and is driven by the rest, an owner a stage.
"""

from dataclasses import replace

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.described import Better, Department, KpiClass, Stage, Timing
from kpi_engine.definitions.kinds import Aggregate, Kpi, KpiKey
from kpi_engine.definitions.takes import Take
from kpi_engine.framework.described import JOURNEY, Framework, Goal, Keeper, Member, Offer
from kpi_engine.periods import Grain
from kpi_engine.units import Unit

DATA = KpiKey("data_complete")


def a_kpi(key, kpi_class=KpiClass.QUALITY, stage=Stage.SALES, **said):
    """Return a KPI whose measure no rule minds; `said` goes over what it is otherwise."""
    lagging = kpi_class is KpiClass.OUTCOME
    told = {
        "name": key.replace("_", " ").capitalize(),
        "question": "How good is it?",
        "description": "",
        "department": Department.SALES,
        "timing": Timing.LAGGING if lagging else Timing.LEADING,
        "unit": Unit.DAYS,
        "better": Better.HIGHER,
        "cadence": Grain.MONTH,
        "measure": Aggregate(entity=key, take=Take.MEAN),
        "source": "",
    }
    return Kpi(key=KpiKey(key), kpi_class=kpi_class, stage=stage, **{**told, **said})


def a_member(kpi, **said):
    """Return an adopted KPI that has all it needs."""
    told = {
        "fingerprint": f"print of {kpi.key}",
        "keeper": Keeper(f"Owner of {kpi.stage.value}"),
        "has_target": True,
        "actions": 1,
        "viewers": 3,
    }
    return Member(kpi=kpi, **{**told, **said})


def key_of(stage, kpi_class):
    """Return the key of the KPI in a cell."""
    return KpiKey(f"{stage.value}_{kpi_class.value}")


def _of_cell(stage, kpi_class):
    quality, outcome = key_of(stage, KpiClass.QUALITY), key_of(stage, KpiClass.OUTCOME)
    leads = () if kpi_class is KpiClass.OUTCOME else (outcome,)
    return a_kpi(key_of(stage, kpi_class), kpi_class, stage, drives=leads, guardrails=(quality,))


def sound():
    """Return the framework."""
    kpis = [_of_cell(stage, each) for stage in JOURNEY for each in KpiClass]
    outcomes = tuple(key_of(stage, KpiClass.OUTCOME) for stage in JOURNEY)
    data = a_kpi(DATA, stage=Stage.DATA_QUALITY, drives=outcomes[:1])
    members = [a_member(kpi) for kpi in (*kpis, data)]
    drivers = tuple(key_of(stage, KpiClass.QUALITY) for stage in JOURNEY)
    goal = Goal("growth", "Growth", "Naomi", (*outcomes, *drivers))
    goals = (goal,)
    told = [replace(one, goals=("growth",) if one.kpi.key in goal.kpis else ()) for one in members]
    return Framework(tuple(told), Catalogue((*kpis, data)), goals, ())


def changed(framework, key, **said):
    """Return a framework with one member told otherwise; `kpi` fields go by `kpi_` names."""
    of_kpi = {name.removeprefix("kpi_"): said.pop(name) for name in list(said) if "kpi_" in name}
    members = tuple(
        replace(one, kpi=replace(one.kpi, **of_kpi), **said) if one.kpi.key == key else one
        for one in framework.members
    )
    return with_members(framework, members)


def with_members(framework, members):
    """Return a framework of other members, all of them in its catalogue."""
    kpis = {kpi.key: kpi for kpi in framework.catalogue.values()}
    kpis |= {one.kpi.key: one.kpi for one in members}
    return replace(framework, members=tuple(members), catalogue=Catalogue(kpis.values()))


def without(framework, *keys):
    """Return a framework from which some KPIs are taken; the catalogue still offers them."""
    kept = [one for one in framework.members if one.kpi.key not in keys]
    taken = [Offer(one.kpi, measured=True) for one in framework.members if one.kpi.key in keys]
    return replace(with_members(framework, kept), offers=tuple(taken))


def with_more(framework, *members):
    """Return a framework with further members."""
    return with_members(framework, (*framework.members, *members))
