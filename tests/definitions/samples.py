"""A definition with all its fields, and a small catalogue to stand on."""

from kpi_engine.definitions.catalogue import Catalogue, read_own
from kpi_engine.definitions.settings import Settings

_FIELDS = {
    "key": "mine",
    "name": "Mine",
    "question": "How many?",
    "class": "quality",
    "stage": "sales",
    "department": "sales",
    "unit": "count",
    "better": "higher",
    "measure": "{count: opportunity}",
}
_BASE = (
    {
        "key": "won_deals",
        "measure": "{count: opportunity, where: \"status = 'won'\", on: closed_at}",
    },
    {
        "key": "won_revenue",
        "unit": "money",
        "measure": "{sum: opportunity.amount, where: \"status = 'won'\", on: closed_at}",
    },
    {
        "key": "win_rate",
        "unit": "ratio",
        "measure": "{ratio: {over: won_deals, under: {count: opportunity, on: closed_at}}}",
    },
)


def definition(fields=None, **more):
    """Return one definition as YAML, a field a line; a field that is "-" is left out."""
    told = {**_FIELDS, **(fields or {}), **more}
    return (
        "- " + "\n  ".join(f"{name}: {text}" for name, text in told.items() if text != "-") + "\n"
    )


def base_catalogue(settings=None):
    """Return a catalogue of won_deals, won_revenue and win_rate."""
    text = "".join(definition(fields) for fields in _BASE)
    catalogue, kpis, issues = read_own(text, Catalogue((), settings or Settings()))
    assert not issues
    assert len(kpis) == len(_BASE)
    return catalogue


def measure_of(text, settings=None, **fields):
    """Return the frozen measure that a YAML measure is read to."""
    written = definition(measure=text, **{"unit": "ratio", **fields})
    _, kpis, issues = read_own(written, base_catalogue(settings))
    assert [str(issue) for issue in issues if issue.place != "unit"] == []
    return kpis[0].measure


def issues_of(text):
    """Return all issues of a file, read over the base catalogue, as text."""
    return [str(issue) for issue in read_own(text, base_catalogue(), file="f.yaml")[2]]
