"""Companies of one shape: the same addresses, ids and teams, each with marks and numbers of its own."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from tests.attacks.texts import FORMULAS, PAGE_TEXTS
from tests.homes.company import TABLES

_NAMES = frozenset({"name", "subject", "next_step", "lost_reason", "lead_source", "company"})
MARKS = {"a": "Aldercanary", "b": "Birchcanary"}
"""A word that stands in every name of a company and nowhere else."""
FACTORS = {"a": 1_009, "b": 7_919}
"""Every amount of a company is a multiple of its own prime."""


def tables(mark: Callable[[str], str], factor: int) -> Mapping[str, list[dict[str, Any]]]:
    """Return the records of a company: names as `mark` makes them, amounts times `factor`."""
    more = {
        "campaign": [{"id": "k1", "name": "Spring", "started_on": "2017-03-01"}],
        "product": [{"id": "p1", "name": "Widget"}],
        "lead": [
            {
                "id": "l1",
                "owner_id": "ann",
                "created_at": "2017-05-02",
                "name": "Lead",
                "company": "Prospect",
                "lead_source": "Web",
                "campaign_id": "k1",
            }
        ],
    }
    return {
        entity: [_record(record, mark, factor) for record in records]
        for entity, records in {**TABLES, **more}.items()
    }


def _record(record: Mapping[str, Any], mark: Callable[[str], str], factor: int) -> dict[str, Any]:
    given = {"name": record["id"], **record} if "stage" in record else record
    made = {name: mark(text) if name in _NAMES else text for name, text in given.items()}
    if isinstance(made.get("amount"), int):
        made["amount"] *= factor
    return made


def marked(company: str) -> Callable[[str], str]:
    """Put the mark of a company before every name."""
    return lambda text: f"{MARKS[company]} {text}"


def hostile() -> Callable[[str], str]:
    """Put one hostile text after another in place of every name."""
    texts, at = (*PAGE_TEXTS, *FORMULAS), count()
    return lambda text: f"{texts[next(at) % len(texts)]}" if text else text


def figures(company: str) -> tuple[str, ...]:
    """Return what a company's own amounts look like, plain, grouped and short."""
    factor = FACTORS[company]
    whole = [factor * part for part in (100, 200, 300, 400, 500, 700, 1_000, 1_500)]
    plain = [str(each) for each in whole]
    return (*plain, *(f"{each:,}" for each in whole))
