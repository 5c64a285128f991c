"""The leader's home as plain Dash comes: a graph a panel, each filled by a callback of its own.

It reads the same numbers by the same services, without permissions, sessions or reach.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
from dash import Dash, Input, Output, dcc, html

from bench.homes import open_home
from kpi_engine.definitions.kinds import KpiKey
from kpi_engine.periods import Grain, Period
from portal.models.observations import ScopeKind
from portal.services import numbers, tenants
from portal.services.engines import calendar_of
from portal.services.rosters import roster
from portal.tenancy.keys import TenantKey
from portal.tenancy.session import TenantSession

CARDS = (
    *("won_revenue", "win_rate", "pipeline_value", "average_deal_size"),
    *("calls_made", "meetings_held", "reply_rate"),
)
PANELS = 8
_MONTHS = 13


def serve(home: Path, tenant: str, team: str, port: int) -> None:
    """Serve it until the process is ended, with two workers as the portal has."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - it is a server's alone

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is not typed
        def load_config(self) -> None:
            told = {"bind": f"127.0.0.1:{port}", "workers": 2, "threads": 8}
            for name, value in {**told, "worker_class": "gthread", "loglevel": "error"}.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            return _app(home, TenantKey(tenant), team).server

    Server().run()


def _app(home: Path, tenant: TenantKey, team: str) -> Dash:
    opened = open_home(home).__enter__()
    app = Dash("plain")
    months = [str(month) for month in pd.period_range(end="2026-10", periods=3, freq="M")]
    app.layout = html.Div(
        [
            html.H1("Team home"),
            dcc.Dropdown(months, months[-1], id="month"),
            *(dcc.Loading(dcc.Graph(id=f"panel-{at}")) for at in range(PANELS)),
        ]
    )
    for at, draw in enumerate(_DRAWN):

        def fill(month: str, draw: Draw = draw) -> go.Figure:
            with opened.database.session(tenant) as session:
                calendar = calendar_of(tenants.get(session))
                first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC).date()
                return draw(session, team, calendar.holding(first, Grain.MONTH))

        app.callback(Output(f"panel-{at}", "figure"), Input("month", "value"))(fill)
    return app


Draw = Callable[[TenantSession, str, Period], go.Figure]


def _series(session: TenantSession, kpis: tuple[str, ...], team: str, last: Period) -> pd.DataFrame:
    calendar = calendar_of(tenants.get(session))
    known = roster(session).of_team(team)
    who = numbers.Who(ScopeKind.TEAM, known.key if known else "")
    keys = [KpiKey(kpi) for kpi in kpis]
    found = numbers.series(session, calendar, keys, Grain.MONTH, who, last, _MONTHS)
    rows = [
        {"kpi": kpi, "month": point.period.start, "value": point.reading.value}
        for kpi, points in found.items()
        for point in points
    ]
    return pd.DataFrame(rows)


def _cards(session: TenantSession, team: str, month: Period) -> go.Figure:
    frame = _series(session, CARDS, team, month)
    figure = go.Figure()
    for at, (_, each) in enumerate(frame.groupby("kpi")):
        values = each["value"].fillna(0).tolist()
        place = {"row": 0, "column": at}
        shown = {"value": values[-1], "delta": {"reference": values[-2]}, "domain": place}
        figure.add_trace(go.Indicator(mode="number+delta", **shown))
    figure.update_layout(grid={"rows": 1, "columns": len(CARDS)})
    return figure


def _line(*kpis: str) -> Draw:
    def draw(session: TenantSession, team: str, month: Period) -> go.Figure:
        return px.line(_series(session, kpis, team, month), x="month", y="value", color="kpi")

    return draw


def _bars(*kpis: str) -> Draw:
    def draw(session: TenantSession, team: str, month: Period) -> go.Figure:
        frame = _series(session, kpis, team, month)
        return px.bar(frame, x="month", y="value", color="kpi", barmode="group")

    return draw


def _team(session: TenantSession, team: str, month: Period) -> go.Figure:
    known = roster(session)
    calendar = calendar_of(tenants.get(session))
    keys = [KpiKey(kpi) for kpi in CARDS]
    found = numbers.across(session, calendar, keys, month, ScopeKind.OWNER)
    mine = known.of_team(team)
    people = known.members(mine.key) if mine else ()
    rows = [_row(person.key, person.name, found) for person in people]
    frame = pd.DataFrame(rows, columns=["rep", *CARDS])
    cells = [frame[name].tolist() for name in frame.columns]
    return go.Figure(go.Table(header={"values": list(frame.columns)}, cells={"values": cells}))


def _row(
    key: str, name: str, found: Mapping[KpiKey, Mapping[str, numbers.Point]]
) -> list[str | float | None]:
    told = [found[KpiKey(kpi)].get(key) for kpi in CARDS]
    return [name, *(point.reading.value if point else None for point in told)]


_DRAWN: tuple[Draw, ...] = (
    _cards,
    _bars("pipeline_value"),
    _bars("opportunities_created", "won_deals"),
    _line("won_revenue"),
    _line("win_rate", "reply_rate"),
    _bars("calls_made", "meetings_held"),
    _line("average_deal_size"),
    _team,
)
