"""What is said of a definition while it is built: what is missing, wrong or unwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kpi_engine.definitions.catalogue import Catalogue, read_own
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.definitions.problems import Issue, Severity
from kpi_engine.definitions.rules import key_refusal
from kpi_engine.framework.rule import Severity as Weight
from kpi_engine.language import mark, tr
from portal.readmodels.builder import Note
from portal.readmodels.cards import Status, Tone
from portal.services import catalogue_words, linting
from portal.services.builder_form import Form
from portal.services.builder_texts import Compiled, compiled
from portal.services.builder_trial import Tried
from portal.services.desks import Desk
from portal.services.linting import Finding
from portal.services.statuses import LEAST_RECORDS

_MISSING, _WRONG, _UNWISE, _FINE = (
    Status(Tone.NEUTRAL, mark("Missing"), "pencil"),
    Status(Tone.BAD, mark("Wrong")),
    Status(Tone.WATCH, mark("Consider")),
    Status(Tone.GOOD, mark("Sound")),
)
_FRAMEWORK: Mapping[Weight, Status] = {
    Weight.ERROR: Status(Tone.BAD, mark("Framework")),
    Weight.WARNING: Status(Tone.WATCH, mark("Framework")),
    Weight.HINT: Status(Tone.NEUTRAL, mark("Framework"), "info-circle"),
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
_NOTHING = mark("Nothing is missing, and no rule is broken.")


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
        errors.setdefault("key", _taken(made.key))
    refusal = key_refusal(made.key)
    if refusal:
        errors.setdefault("key", refusal)


def _taken(key: str) -> str:
    return tr("There is a KPI '{key}' already. Choose another key.", key=key)


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
    said = [_note(_WRONG, one.text) for one in found.issues if one.severity is Severity.ERROR]
    if not found.made.measured or found.made.errors:
        told = " ".join(dict.fromkeys(found.made.errors.values()))
        said.append(_note(_WRONG if asked else _MISSING, told or tr("Say what is measured.")))
    said += [_note(_UNWISE, one.text) for one in found.issues if one.severity is not Severity.ERROR]
    if found.kpi is not None:
        said += _thoughts(desk, found.kpi, points)
    if not said:
        said.append(_note(_FINE, tr(_NOTHING)))
    return tuple(said)


def opinions(desk: Desk, kpi: Kpi, points: Sequence[Tried]) -> tuple[Note, ...]:
    """Return what is worth a thought of a definition that can be used."""
    return tuple(_thoughts(desk, kpi, points)) or (_note(_FINE, tr(_NOTHING)),)


def _thoughts(desk: Desk, kpi: Kpi, points: Sequence[Tried]) -> list[Note]:
    """Return what the framework check says of a definition, and what else is unwise."""
    found = sorted(linting.opinion(kpi, desk.catalogue), key=lambda one: _GRAVEST[one.severity])
    told = {one.rule for one in found}
    unwise = _unwise(kpi, points, unguarded_told=_UNGUARDED in told)
    return [*(_of_framework(one) for one in found), *(_note(_UNWISE, text) for text in unwise)]


_GRAVEST = {severity: at for at, severity in enumerate(Weight)}


def _of_framework(one: Finding) -> Note:
    parts = (one.title, one.reason, one.fix)
    said = " ".join(f"{part.rstrip('.')}." for part in parts if part)
    return _note(_FRAMEWORK[one.severity], tr("{said} Rule {rule}.", said=said, rule=one.rule))


def _note(status: Status, text: str) -> Note:
    return Note(replace(status, word=tr(status.word)), text)


def _unwise(kpi: Kpi, points: Sequence[Tried], *, unguarded_told: bool) -> list[str]:
    told = []
    if kpi.name != "Being built" and not kpi.description:
        told.append(tr("Describe who is in it and who is not: two people read a name differently."))
    if kpi.better.value != "range" and not kpi.guardrails and not unguarded_told:
        told.append(tr("Without a guardrail it can be improved at the cost of something else."))
    return [*told, *_of_points(kpi, points)]


def _of_points(kpi: Kpi, points: Sequence[Tried]) -> list[str]:
    told = [one for one in points if one.reading.value is not None]
    if not points:
        return []
    if len(told) < _FEW_PERIODS:
        return [
            tr(
                "Only {count} of {total} periods have a number.",
                count=len(told),
                total=len(points),
            )
        ]
    few = sum(one.reading.n < LEAST_RECORDS for one in told)
    if few * 2 > len(told):
        return [
            tr(
                "{count} of {total} periods stand on fewer than {least} records: a coarser cadence"
                " than {cadence} tells more.",
                count=few,
                total=len(told),
                least=LEAST_RECORDS,
                cadence=catalogue_words.plain(kpi.cadence),
            )
        ]
    values = [one.reading.value for one in told]
    if len(set(values)) == 1:
        return [tr("It never moved in these periods, so it would tell nobody anything.")]
    return []
