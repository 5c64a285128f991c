"""Tiny CRMs in which the published numbers come about, a function an example."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

Rows = list[dict[str, Any]]
Crm = Mapping[str, Rows]
"""Records by entity; a column that is left out is empty."""

JUNE = date(2017, 6, 1)
JULY = date(2017, 7, 1)
MIDSUMMER = datetime.fromisoformat("2017-06-15 12:00")


def subscription(number: int, account: object, mrr: int, *, ended: bool = False) -> dict[str, Any]:
    """A subscription that ran before June, and ended in it if told so."""
    return {
        "id": str(number),
        "account_id": str(account),
        "mrr": Decimal(mrr),
        "started_on": date(2017, 1, 1),
        "ended_on": date(2017, 6, 20) if ended else None,
    }


def begun(number: int, account: object, mrr: int) -> dict[str, Any]:
    """A subscription that began in June and runs on."""
    return {**subscription(number, account, mrr), "started_on": date(2017, 6, 20)}


def accounts_of(subscriptions: Rows) -> Rows:
    """The accounts that subscriptions name."""
    ids = dict.fromkeys(row["account_id"] for row in subscriptions)
    return [{"id": each, "name": f"Account {each}"} for each in ids]


def two_hundred() -> Crm:
    """MRR of 200 at the start: 6 leave, 4 shrink, 20 grow; 50 join and are in no rate."""
    rows = [
        subscription(1, "grows", 100, ended=True),
        begun(2, "grows", 120),
        subscription(3, "leaves", 6, ended=True),
        # Two at once: the account is what counts, and it shrinks by 4.
        subscription(4, "shrinks", 6),
        subscription(5, "shrinks", 4, ended=True),
        subscription(6, "stays", 84),
        begun(7, "joins", 50),
    ]
    return {"subscription": rows, "account": accounts_of(rows)}


def thousand_customers() -> Crm:
    """1,000 customers at the start; 25 of them leave, 40 others join."""
    rows = [subscription(n, n, 10, ended=n <= 25) for n in range(1, 1001)]
    rows += [begun(n, n, 10) for n in range(1001, 1041)]
    return {"subscription": rows, "account": accounts_of(rows)}


def hundred_thousand() -> Crm:
    """MRR of 100,000 at the start; 5,000 leave and 3,000 shrink, 9,000 grow elsewhere."""
    rows = [
        subscription(1, "leaves", 5_000, ended=True),
        subscription(2, "shrinks", 10_000, ended=True),
        begun(3, "shrinks", 7_000),
        subscription(4, "grows", 20_000),
        begun(5, "grows", 9_000),
        subscription(6, "stays", 65_000),
    ]
    return {"subscription": rows, "account": accounts_of(rows)}


def net_new_nine_hundred() -> Crm:
    """MRR of 12,500 that ends at 13,400: 400 leave, 1,300 join."""
    rows = [
        subscription(1, "stays", 12_100),
        subscription(2, "leaves", 400, ended=True),
        begun(3, "joins", 1_300),
    ]
    return {"subscription": rows, "account": accounts_of(rows)}


def rated_tickets() -> Crm:
    """8 good and 2 bad ratings, on both scales, and 5 tickets that nobody rated."""
    ratings: list[dict[str, Any]] = [{"is_satisfied": True}] * 4 + [{"satisfaction": 5.0}] * 3
    ratings += [{"satisfaction": 4.0}, {"satisfaction": 3.0}, {"is_satisfied": False}]
    ratings += [{}] * 5
    return {
        "ticket": [
            {"id": str(number), "created_at": MIDSUMMER, **rating}
            for number, rating in enumerate(ratings)
        ]
    }


def twenty_closed_deals() -> Crm:
    """12 won and 8 lost deals, and 30 that are open."""
    stages = ["Won"] * 12 + ["Lost"] * 8 + ["Open"] * 30
    return {
        "opportunity": [
            {
                "id": str(number),
                "owner_id": "anna",
                "stage": stage,
                "created_at": datetime.fromisoformat("2017-05-01 08:00"),
                "closed_at": None if stage == "Open" else MIDSUMMER,
            }
            for number, stage in enumerate(stages)
        ]
    }


MAILINGS = {
    "spring": (18_000, 360),
    "summer": (12_500, 540),
    "autumn": (9_200, 230),
    "winter": (25_000, 295),
}


def four_mailings() -> Crm:
    """Four campaigns with what they sent and what bounced, as counts."""
    touches = [
        {
            "id": f"{name}:{kind}",
            "campaign_id": name,
            "kind": kind,
            "count": number,
            "occurred_at": MIDSUMMER,
        }
        for name, numbers in MAILINGS.items()
        for kind, number in zip(("sent", "bounced"), numbers, strict=True)
    ]
    return {"touch": touches, "campaign": [{"id": name, "name": name} for name in MAILINGS]}


def three_forecast_deals() -> Crm:
    """Three open deals of 100,000, expected in June and July at half, in August for sure."""
    expected = [("Half", date(2017, 6, 30)), ("Half", date(2017, 7, 31))]
    expected += [("Sure", date(2017, 8, 31))]
    return {
        "opportunity": [
            {
                "id": str(number),
                "owner_id": "anna",
                "stage": stage,
                "amount": Decimal(100_000),
                "created_at": datetime.fromisoformat("2017-05-01 08:00"),
                "expected_close_on": on,
            }
            for number, (stage, on) in enumerate(expected)
        ]
    }


HEALTH_SETTINGS = {
    "health_components": {
        "usage": {"weight": 7, "worst": 0, "best": 100, "days": 100},
        "tickets": {"weight": 5, "worst": 100, "best": 0, "days": 100},
        "satisfaction": {"weight": 8, "worst": 0, "best": 5, "days": 100},
        "renewal": {"weight": 3, "worst": -54, "best": 46, "days": 100},
        "contact": {"weight": 5, "worst": 120, "best": 14, "days": 100},
    }
}
"""Weights 7, 5, 8 and 3; the fifth component is not known of the customer."""


def one_customer() -> Crm:
    """A customer whose components score 83, 71, 78 and 54, and who was never contacted."""
    number = count(1)
    days = [date(2017, 6, 30) - timedelta(days=back) for back in range(83)]
    tickets: Rows = [{"id": str(next(number)), "account_id": "1"} for _ in range(29)]
    tickets[0]["satisfaction"] = 3.9
    return {
        "subscription": [subscription(1, 1, 100)],
        "account": [{"id": "1", "name": "One"}],
        "usage": [{"id": str(next(number)), "account_id": "1", "occurred_on": on} for on in days],
        "ticket": [{**ticket, "created_at": MIDSUMMER} for ticket in tickets],
        "renewal": [
            {
                "id": "1",
                "account_id": "1",
                "due_on": date(2017, 6, 1),
                "decided_on": date(2017, 6, 1),
                "outcome": "churned",
            }
        ],
    }


def closed_deals_of_three_months() -> Crm:
    """Win rates of 1/1, 0/1 and 1/8 by month: their sum and mean are not the quarter's."""
    closed = [("Won", 4), ("Lost", 5), ("Won", 6), *[("Lost", 6)] * 7]
    return {
        "opportunity": [
            {
                "id": str(number),
                "owner_id": "anna",
                "stage": stage,
                "created_at": datetime.fromisoformat("2017-01-01 08:00"),
                "closed_at": datetime.fromisoformat(f"2017-0{month}-15 12:00"),
            }
            for number, (stage, month) in enumerate(closed)
        ]
    }
