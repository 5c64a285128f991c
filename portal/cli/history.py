"""How a KPI's past is said: as first known, as now known, and why the two differ."""

from collections.abc import Iterator, Mapping
from typing import Any

from kpi_engine.units import shown
from portal.cli.columns import say_columns
from portal.cli.output import say_json
from portal.services.histories import Past, PastPeriod, Told

_HEAD = ("period", "first known", "known at", "now known", "known at", "cause")


def say_history(past: Past, shape: str) -> None:
    """Print a KPI's past."""
    if shape == "json":
        say_json([one.plain() for one in past.periods])
        return
    rows = [(*_row(one, past), _causes(one)) for one in past.periods]
    say_columns(_HEAD, rows, numbers=("first known", "now known"))


def _row(one: PastPeriod, past: Past) -> Iterator[str]:
    yield one.period.label
    for told in (one.told[0], one.told[-1]):
        yield _value(told, past)
        yield f"{told.known_at:%Y-%m-%d}"


def _value(told: Told, past: Past) -> str:
    value = told.reading.value
    if value is None:
        return str(told.reading.reason)
    return shown(value, past.kpi.unit, past.currency)


def _causes(past: PastPeriod) -> str:
    told = [_cause(one.cause or {}) for one in past.told[1:]]
    if past.told[-1].observed_at is None:
        told[-1] += " (not stored yet; see: portal snapshot)"
    return "; ".join(told)


def _cause(cause: Mapping[str, Any]) -> str:
    told = [_load(one) for one in cause.get("loads", ())]
    if "definition" in cause:
        told.append(_definition(cause["definition"]))
    if cause.get("matured"):
        told.append("the cohort's window has passed")
    # Neither facts nor definition: what is left is how stages are mapped, and the portal itself.
    return ", ".join(told) or "another stage map, or another release of the portal"


def _load(load: Mapping[str, Any]) -> str:
    records = load.get("records", {})
    moved = (
        f"{entity}: " + ", ".join(f"{count:,} {word}" for word, count in counts.items())
        for entity, counts in records.items()
    )
    told = f"load {load['version']} of {load['source']}"
    return f"{told} ({'; '.join(moved)})" if records else told


def _definition(changed: Mapping[str, Any]) -> str:
    applied = [f"{one['kpi']} version {one['version']}" for one in changed.get("applied", ())]
    return f"a new definition ({', '.join(applied)})" if applied else "another setting or release"
