"""A sum that one may see must not tell, by what is missing from it, a figure that one may not."""

import pytest

from tests.attacks.companies import FACTORS
from tests.attacks.crawling import KPIS, callbacks, file_addresses, page_addresses, text_of
from tests.attacks.test_callbacks import _routed

HIDDEN = {"rep": (200, 600, 700, 1_500), "leader": (700, 1_500)}
"""In multiples of the company's own number, what a sum over more than one's own would come to.

ann, who is the rep, has 100 open, 300 won and a quota of 500; bob of her team has 200 open, cid of
another 400, each with the same quota. 700 is all that is open, 1,500 all quotas; 200 and 600 are
what is left of sums without her. What could be a sum of her own as well (300, 400) is not looked for.
"""
_WIDER = (
    *("team=all", "team=south", "team=north", "owner=cid", "owner=bob", "scope=company"),
    *("split=owner", "split=team", "by=owner", "by=team", "view=all", "compare=team"),
)


def _ways(times: int) -> tuple[str, ...]:
    amount = FACTORS["a"] * times
    grouped = f"{amount:,}"
    thousands = f"{amount / 1_000:,.0f}k"
    return str(amount), grouped, grouped.replace(",", "\N{NO-BREAK SPACE}"), f"€{thousands}"


def _seen(company, role: str) -> str:
    """Everything that somebody gets to see: pages, pages asked for with more, files, callbacks."""
    browser, found = company.browser(role), []
    paths = [*page_addresses(), *file_addresses(company.joined)]
    for path in ("/", "/scorecard", "/targets", *(f"/kpis/{key}" for key in KPIS[:3])):
        paths += [f"{path}?{query}" for query in _WIDER]
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code < 500, path
        found.append(text_of(answer))
    found += [text_of(browser.call(_routed(company.joined, path))) for path in page_addresses()]
    for name, body in callbacks(company.joined):
        answer = browser.call(body)
        assert answer.status_code < 500, name
        found.append(text_of(answer))
    return "\n".join(found)


@pytest.mark.parametrize("role", HIDDEN)
def test_no_sum_goes_further_than_one_s_own_reach(own, role):
    seen = _seen(own, role)
    told = [way for times in HIDDEN[role] for way in _ways(times) if way in seen]
    assert told == []
    assert any(way in seen for way in _ways(100)), "one's own is there, or this test finds nothing"


def test_who_may_see_all_sees_such_a_sum(own):
    """The twin: what is looked for is found where it may stand."""
    seen = _seen(own, "executive")
    assert any(way in seen for way in _ways(1_500))
