"""Whole read models to draw: a card and a shell in which every part is filled."""

from portal.readmodels.cards import Bullet, Change, Choice, KpiCard, OwnerShare, Spark, Status, Tone
from portal.readmodels.shell import Place, Shell, Source

HOSTILE = "<script>alert(\"1\")</script>' onload='x"

CARD = KpiCard(
    "win_rate",
    "Win rate",
    "/kpis/win_rate",
    "22.6\N{NO-BREAK SPACE}%",
    status=Status(Tone.BAD, "Off target"),
    change=Change("−2.4\N{NO-BREAK SPACE}pp", "vs Sep", Tone.BAD, up=False),
    spark=Spark((0.25, None, 0.226), summary="Fell from 25.0 to 22.6 %"),
    target="Target 27.0 %",
    attained="84 % attained",
    bullet=Bullet(0.69, 0.82, Tone.BAD, "84 % of the target"),
    owners=(OwnerShare("Theo Okafor", "TO", 70), OwnerShare("Ines Duarte", "ID", 30)),
    confidence=(2, "Medium"),
)


def shell(**changed: object) -> Shell:
    told = {
        "tenant": "Kestrel Systems",
        "role": "Executive",
        "person": "Eva Sandoval",
        "initials": "ES",
        "email": "eva@kestrel.example",
        "csrf": "token",
        "places": (
            Place("Scorecard", "/", "grid-1x2", chosen=True),
            Place("KPIs", "/kpis", "graph-up", count="3"),
        ),
        "sync": "1 of 2 sources fresh",
        "sources": (Source("CRM", "8 min ago"), Source("Quotas", "26 h ago", stale=True)),
        "fresh": "24 of 24 KPIs fresh",
        "homes": (Choice("Executive home", "/?home=executive", chosen=True),),
        "account": (Choice("Your account", "/account"),),
    }
    return Shell(**(told | changed))
