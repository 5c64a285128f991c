"""Dash as this portal mounts it: its layout and its first HTML are the page itself."""

import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from dash import Dash, html
from dash.development.base_component import Component
from flask import Flask, Response, has_request_context, request

from callbacks import routing
from callbacks.edge import Edge
from callbacks.handover import Address, Framed, Handover
from kpi_engine import language
from layouts import html_text, theme

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" data-bs-theme="{theme}">
<head>
{metas}
<title>{title}</title>
<link rel="icon" href="{icon}" type="{icon_type}">
<link rel="preload" as="font" type="font/woff2" href="{font}" crossorigin>
{css}{accent}
</head>
<body>
<div id="first">{first}</div>
<div id="react-entry-point"></div>
<footer id="scripts" data-names="{scripts}">{config}{inline}{renderer}</footer>
</body>
</html>
"""


_PAGE_COOKIE, _BYTES = "page", 12
"""By which the question for Dash's layout says which loading of a page it belongs to."""
_ADDRESS = re.compile(r'(?:src|href)="(/[^"]+)"')
_SCRIPT = re.compile(r'<script src="([^"]+)"></script>\n?')
_TABLE = re.compile(r'<script src="[^"]+/dash_table/[^"]+"></script>\n?')
_RUN = """(function () {
  var names = document.getElementById("scripts").dataset.names.split(" "), begun = false;
  function run() {
    if (begun) { return; }
    begun = true;
    names.forEach(function (name, at) {
      var script = document.createElement("script");
      script.src = name;
      script.async = false;
      if (at === names.length - 1) {
        script.onload = function () { window.renderer = new window.DashRenderer(); };
      }
      document.body.appendChild(script);
    });
  }
  new PerformanceObserver(run).observe({ type: "paint", buffered: true });
  setTimeout(run, document.hidden ? 0 : 1000);
}());"""
"""Fetch and run the scripts, in their order, once the page is painted.

Where they are fetched before, reading them takes from the time in which the page is laid out. What
is not painted, as a page in a tab behind, does not wait for it.
"""


@dataclass(frozen=True, slots=True)
class Looks:
    """Where the portal's own files are, and the addresses of those that every page needs first."""

    folder: Path
    sheet: str
    font: str


class PortalDash(Dash):
    """Dash on the portal's server, with pages of the portal's own routing."""

    def __init__(self, server: Flask, looks: Looks, csrf_cookie: str) -> None:
        super().__init__(
            "meridian",
            server=server,  # type: ignore[arg-type]  # Dash says less than it takes
            assets_folder=str(looks.folder),
            # The charts' script is large: the portal's own fetches it where a page has a chart.
            assets_path_ignore=["vendor"],
            # All styles come as one file.
            assets_ignore=r"\.css$",
            external_stylesheets=[looks.sheet],
            pages_folder="",
            use_pages=False,
            title="Meridian",
            update_title="",
            suppress_callback_exceptions=True,
            csrf_token_name=csrf_cookie,
            # Not left to its default: the environment can switch it on.
            enable_mcp=False,
            meta_tags=[
                {"charset": "utf-8"},
                {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            ],
        )
        self.renderer = _RUN
        self._edge: Edge | None = None
        self._looks = looks
        self._handover = Handover()

    def join(self, edge: Edge) -> None:
        """Take the edge that pages work with; until then there is nothing to lay out."""
        self._edge = edge
        self.layout = self._laid_out

    @cached_property
    def icon(self) -> str:
        """The address of the icon, with its age as a mark."""
        file = Path(self.config.assets_folder) / "mark.svg"
        return f"/assets/mark.svg?m={file.stat().st_mtime}"

    @cached_property
    def content_security(self) -> str:
        """The rule of what a page of ours may load and run, once all callbacks are registered."""
        scripts = " ".join(["'self'", *self.csp_hashes()])
        return (
            f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
            "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )

    def index(self, *_args: Any, **_kwargs: Any) -> Response:  # noqa: ANN401 - as Dash has it
        """Return the page with its real content, readable before any script has run."""
        edge, query = self._joined, request.query_string.decode("latin-1")
        drawn = routing.draw(edge, request.path, query)
        page = secrets.token_urlsafe(_BYTES)
        framed = Framed(drawn.title, routing.framed(drawn), drawn.status)
        scripts, brand = self._scripts(), drawn.shell.brand
        self._handover.keep(Address(edge.actor(), request.path, query, page), framed, edge.now())
        text = _PAGE.format(
            lang=language.spoken(),
            theme=_theme(),
            title=escape(drawn.title),
            icon=brand.icon or self.icon,
            icon_type="image/png" if brand.icon else "image/svg+xml",
            accent=f'\n<link rel="stylesheet" href="{brand.sheet}">' if brand.sheet else "",
            first=html_text.html(framed.frame),
            metas="\n".join(
                "<meta " + " ".join(f'{k}="{escape(v)}"' for k, v in meta.items()) + ">"
                for meta in self.config.meta_tags
            ),
            font=self._looks.font,
            css=self._styles(),
            config=self._generate_config_html(),
            scripts=" ".join(_SCRIPT.findall(scripts)),
            inline=_SCRIPT.sub("", scripts),
            renderer=self._generate_renderer(),
        )
        answer = Response(text, status=drawn.status, mimetype="text/html")
        answer.set_cookie(
            _PAGE_COOKIE,
            page,
            path="/_dash-layout",
            secure=edge.config.url.startswith("https:"),
            httponly=True,
            samesite="Strict",
        )
        return answer

    def _scripts(self) -> str:
        """What Dash would load, but for its table, of which no page has one."""
        return _TABLE.sub("", self._generate_scripts_html())

    def _styles(self) -> str:
        found: str = self._generate_css_dist_html()  # type: ignore[no-untyped-call]  # Dash's own
        return found

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of the scripts and styles that every page loads."""
        text = self._scripts() + self._styles()
        return tuple(_ADDRESS.findall(text))

    def sheets(self) -> tuple[str, ...]:
        """Return the addresses of the styles, for pages that Dash does not make."""
        return tuple(_ADDRESS.findall(self._styles()))

    @property
    def _joined(self) -> Edge:
        if self._edge is None:
            raise RuntimeError("The host was asked before it was joined to its edge.")
        return self._edge

    def _laid_out(self) -> Component:
        """The layout of the page that the browser is on, which its Referer names."""
        edge = self._joined
        actor = edge.asking.actor() if has_request_context() else None
        if actor is None:
            return html.Div()
        href = request.headers.get("Referer", "")
        own = href.startswith(request.host_url)
        path, _, query = href.removeprefix(request.host_url.rstrip("/")).partition("?")
        path, query = (path, query) if own else ("/", "")
        page = request.cookies.get(_PAGE_COOKIE, "")
        kept = self._handover.take(Address(actor, path, query, page), edge.now())
        if kept is None:
            drawn = routing.draw(edge, path, query)
            kept = Framed(drawn.title, routing.framed(drawn))
        return routing.layout(kept.title, kept.frame, path, query, href if own else "")


def _theme() -> str:
    said = request.cookies.get(theme.COOKIE, "")
    return said if said in theme.THEMES else theme.LIGHT
