"""What stands around every page: header, sidebar, the bar of a phone, the palette's dialog."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from kpi_engine.language import tr, trc
from layouts import ids
from layouts.parts.attributes import attrs
from layouts.parts.bell import bell, newer
from layouts.parts.forms import send
from layouts.parts.icons import icon
from layouts.parts.links import hidden, link
from layouts.parts.people import tint
from portal.readmodels.brand import Brand
from portal.readmodels.shell import Place, Shell, Source

PLACES_ON_A_PHONE = 5
SIGN_OUT = "/logout"


def frame(shell: Shell, page: Component) -> Component:
    """Return a whole page of the portal with `page` in its middle."""
    return html.Div(
        [
            html.A(tr("Skip to the content"), href=f"#{ids.PAGE}", className="skip"),
            *_viewing(shell),
            header(shell),
            html.Div(
                [
                    html.Aside(sidebar(shell), id=ids.SIDEBAR, className="side"),
                    html.Main(page, id=ids.PAGE, className="page", tabIndex=-1),
                ],
                className="body",
            ),
            html.Div(tabs(shell), id=ids.TABS, className="tabs"),
            _palette(),
            html.Div(id=ids.TOAST, className="toasts", role="status"),
            html.Div(newer(shell.version), className="toasts", role="status"),
        ],
        id=ids.FRAME,
        className="frame",
    )


def header(shell: Shell) -> Component:
    """Return the bar on top: brand, tenant, role, search, theme, inbox, person."""
    return html.Header(
        [
            brand(shell.brand),
            html.Div([*_tenant(shell), html.Span(shell.role, className="role")], className="whose"),
            _search(),
            _theme(),
            bell(shell.unread),
            _person(shell),
        ],
        className="top",
    )


def brand(told: Brand) -> Component:
    """Return what leads home: the company's logo or Meridian's mark, and the name beside it."""
    word = [] if told.alt else [html.Span(told.name, className="brand-word")]
    classes = "brand brand-own" if told.own else "brand"
    return link([logo(told) if told.logo else mark(), *word], "/", classes)


def logo(told: Brand) -> Component:
    """Return the company's logo, on a plate of its own where the page would swallow it."""
    width, height = told.size
    ground = f" logo-{told.ground}" if told.ground else ""
    return html.Img(
        src=told.logo, alt=told.alt, width=width, height=height, className=f"logo{ground}"
    )


def _tenant(shell: Shell) -> list[Component]:
    """The company's name; where the header says it already, only while that is folded away."""
    if shell.brand.own and shell.brand.name == shell.tenant:
        said = html.Span(
            shell.tenant, className="tenant tenant-said", **attrs({"aria-hidden": "true"})
        )
        return [said]
    return [html.Span(shell.tenant, className="tenant")]


def sidebar(shell: Shell) -> list[Component]:
    """Return what stands in the sidebar: where one may go, and how fresh the data is."""
    places = html.Nav(
        [_place(place) for place in shell.places],
        className="nav",
        **attrs({"aria-label": tr("Main")}),
    )
    return [places, _foot(shell)]


def tabs(shell: Shell) -> list[Component]:
    """Return the bar at the foot of a phone: the first places, and the others behind "More"."""
    whole = len(shell.places) <= PLACES_ON_A_PHONE
    shown = PLACES_ON_A_PHONE if whole else PLACES_ON_A_PHONE - 1
    row = [_tab(place) for place in shell.places[:shown]]
    if not whole:
        row.append(_more(shell.places[shown:]))
    return [html.Nav(row, className="tab-row", **attrs({"aria-label": tr("Main, short")}))]


def _tab(place: Place) -> Component:
    inside: list[Component | str] = [
        icon(place.icon, "i-tab"),
        html.Span(place.short or place.text),
        *([hidden(tr(", this page"))] if place.chosen else []),
    ]
    return link(inside, place.href, "tab on" if place.chosen else "tab")


def _more(places: Sequence[Place]) -> Component:
    here = any(place.chosen for place in places)
    head = html.Summary(
        [icon("three-dots", "i-tab"), html.Span(tr("More"))], className="tab on" if here else "tab"
    )
    return html.Details(
        [head, html.Div([_place(place) for place in places], className="menu-list")],
        className="menu tab-more",
    )


def mark() -> Component:
    """Return the brand's mark: a ring, open below, with one segment apart."""
    return html.Span(className="mark", **attrs({"aria-hidden": "true"}))


def _place(place: Place) -> Component:
    inside: list[Component | str] = [icon(place.icon), html.Span(place.text, className="grow")]
    if place.chosen:
        inside.append(hidden(tr(", this page")))
    if place.count:
        inside.append(html.Span(place.count, className="count"))
    return link(inside, place.href, "place on" if place.chosen else "place")


def _foot(shell: Shell) -> Component:
    head: list[Component] = []
    if shell.sync:
        stale = any(source.stale for source in shell.sources)
        name = "database" if stale else "database-check"
        head = [html.Div([icon(name), html.Span(shell.sync)], className="sync-head")]
    fresh = [html.Div(shell.fresh, className="sync-fresh")] if shell.fresh else []
    return html.Div([*head, *map(_source, shell.sources), *fresh], className="sync")


def _source(source: Source) -> Component:
    age: list[Component | str] = [source.age]
    if source.stale:
        age.insert(0, icon("exclamation-triangle-fill", label=tr("stale")))
    return html.Div(
        [html.Span(source.name), html.Span(age)],
        className="sync-row watch" if source.stale else "sync-row",
    )


def _search() -> Component:
    # A link in the first place, so that it leads somewhere before the script has come.
    return html.A(
        [icon("search"), html.Span(tr("Find a KPI"), className="grow"), html.Kbd("/")],
        href="/kpis",
        className="search",
        **attrs(
            {"data-palette": ids.PALETTE, "aria-label": tr("Find a KPI"), "aria-keyshortcuts": "/"}
        ),
    )


def _theme() -> Component:
    return html.Button(
        [icon("moon-stars", "when-light"), icon("sun", "when-dark")],
        type="button",
        className="ib",
        title=tr("Light or dark"),
        **attrs({"data-theme-toggle": "", "aria-label": tr("Switch between light and dark")}),
    )


def _person(shell: Shell) -> Component:
    letters = html.Span(shell.initials, className=f"av av-{tint(shell.person)} av-lg")
    chosen = [
        link(
            [choice.text, *([icon("check-lg", label=tr("chosen"))] if choice.chosen else [])],
            choice.href,
            "menu-row on" if choice.chosen else "menu-row",
        )
        for choice in shell.homes
    ]
    rows = [html.A(choice.text, href=choice.href, className="menu-row") for choice in shell.account]
    return html.Details(
        [
            html.Summary(
                letters,
                className="ib",
                **attrs({"aria-label": tr("Menu of {name}", name=shell.person)}),
            ),
            html.Div(
                [
                    html.Div(
                        [html.Strong(shell.person), html.Span(shell.email, className="sub")],
                        className="menu-who",
                    ),
                    *chosen,
                    *rows,
                    _sign_out(shell),
                ],
                className="menu-list menu-right",
            ),
        ],
        className="menu",
    )


def _sign_out(shell: Shell) -> Component:
    return send(SIGN_OUT, shell.csrf, [icon("box-arrow-right"), tr("Sign out")], "menu-row")


def _viewing(shell: Shell) -> list[Component]:
    if not shell.viewing_as:
        return []
    words = html.Span(
        [
            icon("eye"),
            tr("You are looking as {name}. Nothing can be changed.", name=shell.viewing_as),
        ],
        className="grow",
    )
    stop = (
        [send(shell.stop_viewing, shell.csrf, trc("stop looking as somebody", "Stop"))]
        if shell.stop_viewing
        else []
    )
    return [
        html.Section([words, *stop], className="viewing", **attrs({"aria-label": tr("Looking as")}))
    ]


def _palette() -> Component:
    return html.Dialog(
        [
            html.Div(
                [
                    icon("search"),
                    dcc.Input(
                        id=ids.PALETTE_INPUT,
                        type="search",
                        placeholder=tr("Find a KPI, a page, a team"),
                        debounce=False,
                        autoComplete="off",
                        maxLength=80,
                        className="pal-input",
                    ),
                    html.Kbd("Esc"),
                ],
                className="pal-head",
            ),
            html.Div(id=ids.PALETTE_RESULTS, className="pal-list"),
        ],
        id=ids.PALETTE,
        className="pal",
        **attrs({"aria-label": tr("Find a KPI")}),
    )
