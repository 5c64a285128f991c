"""Deals and stage changes in few words."""

from datetime import date, datetime
from decimal import Decimal

from kpi_engine.crm.stages import StageRule
from portal.services.deals import Deal, StageChange, State, rule_of, states_of, stays_of

STAGES = {
    "Find": StageRule("open", 1, 0.1),
    "Talk": StageRule("open", 2, 0.4),
    "Offer": StageRule("open", 3, 0.6),
    "Won": StageRule("won"),
    "Lost": StageRule("lost"),
}


def at(text: str) -> datetime:
    """Return a naive UTC instant: `2017-03-05` or `2017-03-05 12:30`."""
    return datetime.fromisoformat(text)


def on(text: str) -> date:
    """Return a day."""
    return date.fromisoformat(text)


def step(moment: str, stage: str, amount: int | None = None, due: str | None = None) -> StageChange:
    """Return one recorded change."""
    money = None if amount is None else Decimal(amount)
    return StageChange(at(moment), None, stage, money, on(due) if due else None)


def deal(
    key: str = "d",
    amount: int = 100,
    due: str | None = "2017-05-15",
    created: str = "2017-01-10",
    closed: str | None = None,
    stage: str = "Talk",
    steps: tuple[StageChange, ...] = (),
    owner: str = "ann",
    **more,
) -> Deal:
    """Return a deal made in January; open unless a stage and a moment end it."""
    rule = rule_of(STAGES, stage)
    ends = at(closed) if closed else None
    now = State(ends or at(created), Decimal(amount), on(due) if due else None)
    return Deal(
        key=key,
        name=key.upper(),
        account="Acme",
        owner=owner,
        stage=stage,
        rule=rule,
        amount=Decimal(amount),
        due=on(due) if due else None,
        created=at(created),
        closed=ends,
        states=states_of(now, steps, (), at(created)),
        stays=stays_of(
            steps, STAGES, at(created), None if ends is None else (ends, rule.status == "won")
        ),
        **more,
    )
