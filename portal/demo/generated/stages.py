"""How each deal went through its stages, as stage changes, and where it stands today."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.campaigns import SOURCES
from portal.demo.generated.clock import Clock
from portal.demo.generated.companies import company_names
from portal.demo.generated.deals import KINDS, NEW, PRODUCTS, Deals
from portal.demo.generated.draws import Draws, Floats
from portal.demo.generated.people import seller_id
from portal.demo.generated.promises import Delay, by_deal, counted, delays, last_expected
from portal.demo.generated.stories import Stories
from portal.demo.generated.tables import Table, ids

STAGES = ("Discovery", "Evaluation", "Proposal", "Negotiation")
WON, LOST = "Closed won", "Closed lost"
_LENGTHS = ((2.2, 2.4, 2.4, 1.6), 6.0)
_REASONS = ("Price", "No decision", "Competitor", "Missing feature", "Budget cut", "Bad timing")
_NEXT = (
    "Send revised offer",
    "Meet the buying team",
    "Security review",
    "Workshop with operations",
    "Contract to legal",
    "Reference call",
    "Confirm budget",
)
_HAS_NEXT, _CHANGES_AMOUNT = 0.77, 0.16


@dataclass(frozen=True, slots=True)
class _Step:
    at: float
    before: str | None
    after: str
    amount: float
    expected: float


@dataclass(frozen=True, slots=True)
class Walks:
    """Everything that is known of the deals' way: records of steps and of deals."""

    steps: Table
    records: Table


def walks(deals: Deals, stories: Stories) -> Walks:
    """Let every deal go through its stages."""
    clock, draws = stories.clock, Draws("stages")
    share = np.cumsum(draws.shares([length * 2 for length in _LENGTHS[0]], deals.count), axis=1)
    first = np.where(
        draws.chance(_CHANGES_AMOUNT, deals.count),
        np.round(deals.amount * draws.between(0.8, 1.35, deals.count), -2),
        deals.amount,
    )
    late = delays(deals, stories)
    expected = last_expected(deals, clock, counted(late, deals.count))
    put_off = by_deal(late, deals.count)
    ways = [
        _way(deals, n, (share[n], float(first[n]), float(expected[n])), put_off[n])
        for n in range(deals.count)
    ]
    known = [[step for step in way if step.at < clock.end] for way in ways]
    return Walks(_changes(deals, known, clock), _records(deals, known, clock))


def _way(
    deals: Deals, number: int, told: tuple[Floats, float, float], put_off: list[Delay]
) -> list[_Step]:
    """All steps of a deal, also those that are still ahead."""
    share, first, last = told
    created, closed = float(deals.origin.created[number]), float(deals.closed[number])
    depth, amount = int(deals.depth[number]), float(deals.amount[number])
    reached = [created, *(created + (closed - created) * share[:depth] / share[depth])]
    marks: list[tuple[float, str | None]] = list(zip(reached, STAGES, strict=False))
    marks += [(each.at, None) for each in put_off]
    marks.append((closed, WON if deals.won[number] else LOST))
    marks.sort(key=lambda mark: mark[0])
    steps: list[_Step] = []
    stage: str | None = None
    for at, after in marks:
        ahead = [each.before for each in put_off if each.at > at]
        expected = ahead[0] if ahead else (np.floor(closed) if after in {WON, LOST} else last)
        worth = first if at < created + (closed - created) * 0.5 else amount
        steps.append(_Step(at, stage, after or stage or STAGES[0], worth, float(expected)))
        stage = steps[-1].after
    return steps


def _changes(deals: Deals, known: list[list[_Step]], clock: Clock) -> Table:
    number = np.repeat(np.arange(deals.count), [len(steps) for steps in known])
    steps = [step for way in known for step in way]
    order = np.argsort([step.at for step in steps], kind="stable")
    number, steps = number[order], [steps[n] for n in order]
    return {
        "id": ids("S", np.arange(len(steps))),
        "opportunity_id": ids("D", number),
        "from_stage": [step.before for step in steps],
        "to_stage": [step.after for step in steps],
        "changed_at": clock.moments(np.array([step.at for step in steps])),
        "changed_by_id": [seller_id(n) for n in deals.origin.seller[number]],
        "amount": np.array([step.amount for step in steps]),
        "expected_close_on": clock.days(np.array([step.expected for step in steps])),
    }


def _records(deals: Deals, known: list[list[_Step]], clock: Clock) -> Table:
    draws, count, origin = Draws("deals as records"), deals.count, deals.origin
    open_ = deals.is_open(clock.end)
    last = [steps[-1] for steps in known]
    names = company_names(int(origin.account.max()) + 1)
    reason, step = draws.any_of(len(_REASONS), count), draws.any_of(len(_NEXT), count)
    planned = open_ & draws.chance(_HAS_NEXT, count)
    touched = np.array([each.at for each in last])
    heard = np.maximum(touched, clock.end - draws.spread(9, 1.0, count))
    touched = np.where(open_, np.minimum(heard, clock.end - 0.4), touched)
    lost = ~open_ & ~deals.won
    return {
        "id": ids("D", np.arange(count)),
        "name": [
            f"{names[account]} · {PRODUCTS[product].removeprefix('Kestrel ')}"
            + ("" if kind == NEW else f" {KINDS[kind]}")
            for account, product, kind in zip(
                origin.account, deals.product, origin.kind, strict=True
            )
        ],
        "account_id": ids("A", origin.account),
        "lead_id": ids("L", origin.lead),
        "campaign_id": ids("K", origin.campaign),
        "owner_id": [seller_id(n) for n in origin.seller],
        "product_id": ids("P", deals.product),
        "stage": [each.after for each in last],
        "amount": np.array([each.amount for each in last]),
        "kind": [KINDS[n] for n in origin.kind],
        "lead_source": [
            SOURCES[n] if n >= 0 else ("Outbound" if kind == NEW else "Customer")
            for n, kind in zip(origin.source, origin.kind, strict=True)
        ],
        "created_at": clock.moments(origin.created),
        "expected_close_on": clock.days(np.array([each.expected for each in last])),
        "closed_at": clock.moments(np.where(open_, np.nan, deals.closed)),
        "lost_reason": [_REASONS[n] if yes else None for n, yes in zip(reason, lost, strict=True)],
        "next_step": [_NEXT[n] if yes else None for n, yes in zip(step, planned, strict=True)],
        "updated_at": clock.moments(touched),
    }
