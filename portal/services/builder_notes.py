"""What is said of a definition while it is built: what is missing, wrong or unwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi_engine.definitions.catalogue import Catalogue, read_own
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.definitions.problems import Issue, Severity
from kpi_engine.definitions.rules import key_refusal
from kpi_engine.framework.rule import Severity as Weight
from portal.readmodels.builder import Note
from portal.readmodels.cards import Status, Tone
from portal.services import linting
from portal.services.builder_form import Form
from portal.services.builder_texts import Compiled, compiled
from portal.services.builder_trial import Tried
from portal.services.desks import Desk
from portal.services.linting import Finding
from portal.services.statuses import LEAST_RECORDS

_MISSING, _WRONG, _UNWISE, _FINE = (
    Status(Tone.NEUTRAL, "Missing", "pencil"),
    Status(Tone.BAD, "Wrong"),
    Status(Tone.WATCH, "Consider"),
    Status(Tone.GOOD, "Sound"),
)
_FRAMEWORK: Mapping[Weight, Status] = {
    Weight.ERROR: Status(Tone.BAD, "Framework"),
    Weight.WARNING: Status(Tone.WATCH, "Framework"),
    Weight.HINT: Status(Tone.NEUTRAL, "Framework", "info-circle"),
}
"""What the framework check says; nothing of it stops a proposal."""
_UNGUARDED = "D54"
_FIELDS: Mapping[str, str] = {
    "guardrails": "guardrail_1",
    "drives": "drives_1",
    "measure": "kind",
    "from": "a_from",
    "to": "a_to",
}
_ABOUT = frozenset(
    {
        *("key", "name", "question", "description", "source", "class", "stage", "department"),
        *("timing", "unit", "better", "cadence"),
    }
)
_FEW_PERIODS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A form read as a definition: what it means, and everything that is wrong with it."""

    made: Compiled
    kpi: Kpi | None
    """None where its number cannot be tried yet."""
    grown: Catalogue
    issues: Sequence[Issue]
    errors: Mapping[str, str]
    """By the field beside which each is told."""


def read(desk: Desk, form: Form, of: str = "") -> Reading:
    """Read a form against the company's KPIs; `of` is the KPI whose next version it is."""
    made = compiled(form)
    grown, kpis, trial_issues = read_own(made.trial, desk.catalogue)
    tried = kpis[0] if made.measured and len(kpis) == 1 else None
    broken = not made.measured or any(one.severity is Severity.ERROR for one in trial_issues)
    issues = tuple(trial_issues) if made.measured else ()
    if not made.errors:
        issues = read_own(made.text, desk.catalogue)[2]
    errors = dict(made.errors)
    if made.measured:
        for one in issues:
            if one.severity is Severity.ERROR:
                errors.setdefault(field_of(one, form), one.text)
    _check_key(desk, made, of, errors)
    return Reading(made, None if broken else tried, grown, issues, errors)


def _check_key(desk: Desk, made: Compiled, of: str, errors: dict[str, str]) -> None:
    if not of and made.key in desk.catalogue:
        errors.setdefault("key", f"There is a KPI '{made.key}' already. Choose another key.")
    refusal = key_refusal(made.key)
    if refusal:
        errors.setdefault("key", refusal)


def field_of(issue: Issue, form: Form) -> str:
    """Return the name of the field beside which an issue is told."""
    head, _, rest = issue.place.partition(".")
    if head in _ABOUT:
        return head
    if not rest:
        return _FIELDS.get(head, "kind")
    return "yaml" if form.kind == "written" else _of_measure(rest, form)


def _of_measure(rest: str, form: Form) -> str:
    side = "b" if "under" in rest.split(".") else "a"
    last = rest.rpartition(".")[2]
    if last == "where":
        return "s" if form.kind == "share" and side == "a" else side
    if last in ("on", "from", "to", "reaches", "opened", "closed", "take"):
        return f"{side}_{last}"
    if last in ("over", "under"):
        return f"{side}_kpi" if form.get(f"{side}_of") == "kpi" else f"{side}_entity"
    return f"{side}_entity" if last not in ("within", "value") else f"{side}_limit"


def notes(desk: Desk, found: Reading, points: Sequence[Tried], *, asked: bool) -> tuple[Note, ...]:
    """Return the opinions on a definition, the gravest first.

    What is not filled in yet is told as missing, and as wrong once somebody proposed it.
    """
    said = [Note(_WRONG, one.text) for one in found.issues if one.severity is Severity.ERROR]
    if not found.made.measured or found.made.errors:
        told = " ".join(dict.fromkeys(found.made.errors.values()))
        said.append(Note(_WRONG if asked else _MISSING, told or "Say what is measured."))
    said += [Note(_UNWISE, one.text) for one in found.issues if one.severity is not Severity.ERROR]
    if found.kpi is not None:
        said += _thoughts(desk, found.kpi, points)
    if not said:
        said.append(Note(_FINE, "Nothing is missing, and no rule is broken."))
    return tuple(said)


def opinions(desk: Desk, kpi: Kpi, points: Sequence[Tried]) -> tuple[Note, ...]:
    """Return what is worth a thought of a definition that can be used."""
    return tuple(_thoughts(desk, kpi, points)) or (
        Note(_FINE, "Nothing is missing, and no rule is broken."),
    )


def _thoughts(desk: Desk, kpi: Kpi, points: Sequence[Tried]) -> list[Note]:
    """Return what the framework check says of a definition, and what else is unwise."""
    found = sorted(linting.opinion(kpi, desk.catalogue), key=lambda one: _GRAVEST[one.severity])
    told = {one.rule for one in found}
    unwise = _unwise(kpi, points, unguarded_told=_UNGUARDED in told)
    return [*(_of_framework(one) for one in found), *(Note(_UNWISE, text) for text in unwise)]


_GRAVEST = {severity: at for at, severity in enumerate(Weight)}


def _of_framework(one: Finding) -> Note:
    parts = (one.title, one.reason, one.fix)
    said = " ".join(f"{part.rstrip('.')}." for part in parts if part)
    return Note(_FRAMEWORK[one.severity], f"{said} Rule {one.rule}.")


def _unwise(kpi: Kpi, points: Sequence[Tried], *, unguarded_told: bool) -> list[str]:
    told = []
    if kpi.name != "Being built" and not kpi.description:
        told.append("Describe who is in it and who is not: two people read a name differently.")
    if kpi.better.value != "range" and not kpi.guardrails and not unguarded_told:
        told.append("Without a guardrail it can be improved at the cost of something else.")
    return [*told, *_of_points(kpi, points)]


def _of_points(kpi: Kpi, points: Sequence[Tried]) -> list[str]:
    told = [one for one in points if one.reading.value is not None]
    if not points:
        return []
    if len(told) < _FEW_PERIODS:
        return [f"Only {len(told)} of {len(points)} periods have a number."]
    few = sum(one.reading.n < LEAST_RECORDS for one in told)
    if few * 2 > len(told):
        thin = f"{few} of {len(told)} periods stand on fewer than {LEAST_RECORDS} records"
        return [f"{thin}: a coarser cadence than {kpi.cadence.value} tells more."]
    values = [one.reading.value for one in told]
    if len(set(values)) == 1:
        return ["It never moved in these periods, so it would tell nobody anything."]
    return []
