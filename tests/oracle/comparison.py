"""Whether the engine and the oracle say the same, and where not."""

from collections.abc import Mapping
from fractions import Fraction

from kpi_engine.definitions.settings import Settings
from kpi_engine.reading import Reading, State
from tests.oracle.adapter import Given, GivenKey, ask_engine, key_of
from tests.oracle.lens import Outcome
from tests.oracle.oracle import Asked, Told, answer, sources_of

_NEAR = 1e-9
_TINY = 1e-6


def differences(asked: Asked, settings: Settings, base: int = 0) -> list[str]:
    """Return a line for each reading on which the engine and the oracle differ."""
    return compared(asked, ask_engine(asked, settings, base))


def compared(asked: Asked, theirs: Mapping[GivenKey, Given]) -> list[str]:
    """Return a line for each reading that the oracle does not find."""
    sources = sources_of(asked)
    mine = {
        (kpi, grain, name, tuple((each, key_of(value, sources)) for each, value in group)): told
        for (kpi, grain, name, group), told in answer(asked).items()
    }
    return _differences(mine, theirs)


def _differences(mine: Mapping[GivenKey, Told], theirs: Mapping[GivenKey, Given]) -> list[str]:
    found: list[str] = []
    for key in sorted({*mine, *theirs}, key=str):
        if key not in theirs:
            # A group whose rows tell nothing at all may be left out.
            if mine[key].outcome.n:
                found.append(f"{key}: the engine is silent, expected {_said(mine[key])}")
        elif key not in mine:
            if theirs[key].reading.n:
                found.append(f"{key}: the engine says {theirs[key].reading}, expected nothing")
        elif wrong := _wrong(mine[key], theirs[key]):
            both = f"  engine {theirs[key].reading}\n  oracle {_said(mine[key])}"
            found.append(f"{key}: {', '.join(wrong)} differ\n{both}")
    return found


def _wrong(told: Told, given: Given) -> list[str]:
    outcome, reading = told.outcome, given.reading
    checks = {
        "days": (told.start, told.end) == (given.start, given.end),
        "label": tuple(given.by.values()) == told.labels,
        "state": told.state is reading.state,
        "reason": _same_reason(outcome, reading),
        "value": near(outcome.value, reading.value),
        "over": reading.state is State.ABSENT or near(outcome.over, reading.over),
        "under": reading.state is State.ABSENT or near(outcome.under, reading.under),
        "n": reading.state is State.ABSENT or outcome.n == reading.n,
        "beside": reading.state is State.ABSENT or _same_beside(outcome, reading),
    }
    return [name for name, holds in checks.items() if not holds]


def _same_reason(outcome: Outcome, reading: Reading) -> bool:
    if outcome.why is None or reading.reason is None:
        return outcome.why is reading.reason
    return reading.reason.startswith(outcome.why.value) and (outcome.part or "") in reading.reason


def _same_beside(outcome: Outcome, reading: Reading) -> bool:
    told = dict(reading.beside)
    return all(near(count, told.get(name, 0.0)) for name, count in outcome.beside)


def near(exact: Fraction | None, value: float | None) -> bool:
    """Whether a double is the exact number, but for what doubles lose."""
    if exact is None or value is None:
        return exact is value
    return abs(float(exact) - value) <= max(_NEAR * abs(float(exact)), _TINY)


def _said(told: Told) -> str:
    outcome = told.outcome
    value = None if outcome.value is None else float(outcome.value)
    over, under = (None if x is None else float(x) for x in (outcome.over, outcome.under))
    why = outcome.why.value if outcome.why else None
    beside = tuple((name, float(count)) for name, count in outcome.beside)
    return f"value={value} {told.state} {why} {outcome.part} n={outcome.n} {over}/{under} {beside}"
