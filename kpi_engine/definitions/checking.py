"""Every rule over every definition, each issue at its line where it came from a file."""

from collections.abc import Iterable, Mapping

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.definitions.problems import Issue
from kpi_engine.definitions.rules import RULES, keys_are_free
from kpi_engine.definitions.yaml_file import Draft


def check(
    kpis: Mapping[KpiKey, Kpi], drafts: Iterable[Draft] = (), given: Iterable[str] = ()
) -> list[Issue]:
    """Return what is wrong with `kpis`, and with the drafts that some of them came from.

    A key that a draft defines and that could not be read is not told as missing again. `given` are
    the keys that are given now: they have to be free, while what holds already stays.
    """
    drafts = list(drafts)
    unread = frozenset(key for draft in drafts for key in draft.keys if KpiKey(key) not in kpis)
    found = [issue for draft in drafts for issue in draft.issues]
    broken = [issue for rule in RULES for issue in rule(kpis, unread)]
    ruled = [_at_line(issue, drafts) for issue in (*broken, *keys_are_free(given))]
    return found + sorted(ruled, key=lambda issue: (issue.file, issue.line))


def _at_line(issue: Issue, drafts: Iterable[Draft]) -> Issue:
    """Return the issue with the file and line of its place, or of the nearest place around it."""
    for draft in drafts:
        if issue.key not in draft.keys:
            continue
        place = issue.place
        while place and (issue.key, place) not in draft.lines:
            place = place.rpartition(".")[0]
        line = draft.lines.get((issue.key, place or "key"), 0)
        return Issue(draft.file, line, issue.place, issue.key, issue.severity, issue.text)
    return issue
