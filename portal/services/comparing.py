"""Two definitions side by side: what is said of each in words, and their YAML line by line."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from kpi_engine.definitions.catalogue import Catalogue
from kpi_engine.definitions.kinds import Kpi
from kpi_engine.definitions.words import in_words
from kpi_engine.language import tr, trn
from portal.readmodels.proposals import Comparison, Line, WordRow
from portal.services import catalogue_words
from portal.services.builder_fields import unit_words

_NOTHING = ""


def compared(
    names: tuple[str, str],
    kpis: tuple[Kpi | None, Kpi | None],
    texts: tuple[str, str],
    known: Catalogue,
) -> Comparison:
    """Return two definitions side by side; None is one that there was not."""
    before, after = (dict(_said(kpi, known)) if kpi else {} for kpi in kpis)
    words = tuple(
        WordRow(name, before.get(name, _NOTHING), after.get(name, _NOTHING))
        for name in (after or before)
    )
    changed = sum(row.changed for row in words)
    return Comparison(*names, words, tuple(_lines(*texts)), _sub(kpis, changed))


def _sub(kpis: tuple[Kpi | None, Kpi | None], changed: int) -> str:
    before, after = kpis
    if before is None or after is None:
        return tr("The first definition: there was none before.")
    same = before.measure == after.measure and before.unit == after.unit
    numbers = tr("the numbers stay") if same else tr("the numbers are computed otherwise")
    if not changed:
        return tr("They say the same; {numbers}.", numbers=numbers)
    return trn(
        "{count} thing said otherwise; {numbers}.",
        "{count} things said otherwise; {numbers}.",
        changed,
        numbers=numbers,
    )


def _said(kpi: Kpi, known: Catalogue) -> Iterator[tuple[str, str]]:
    yield tr("Name"), kpi.name
    yield tr("Question"), kpi.question
    yield tr("Formula"), in_words(kpi.measure)
    yield tr("Unit"), unit_words(kpi.unit)
    yield tr("Better"), catalogue_words.titled(kpi.better)
    yield tr("Finest period"), catalogue_words.titled(kpi.cadence)
    yield tr("Who is in it"), kpi.description
    yield tr("Class and timing"), ", ".join(map(catalogue_words.plain, (kpi.kpi_class, kpi.timing)))
    yield (
        tr("Stage, department"),
        ", ".join(map(catalogue_words.plain, (kpi.stage, kpi.department))),
    )
    yield tr("Guardrails"), _names(kpi.guardrails, known)
    yield tr("Drives"), _names(kpi.drives, known)
    yield tr("Source"), kpi.source


def _names(keys: tuple[str, ...], known: Catalogue) -> str:
    named = {str(key): kpi.name for key, kpi in known.items()}
    return ", ".join(named.get(str(key), str(key)) for key in keys)


def _lines(before: str, after: str) -> Iterator[Line]:
    left, right = before.splitlines(), after.splitlines()
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for kind, low, high, first, last in matcher.get_opcodes():
        if kind == "equal":
            yield from (Line(text, text) for text in left[low:high])
            continue
        for at in range(max(high - low, last - first)):
            gone, come = low + at < high, first + at < last
            yield Line(
                left[low + at] if gone else "", right[first + at] if come else "", gone, come
            )
