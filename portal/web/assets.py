"""Scripts, styles and fonts: packed once, kept by browsers as long as their address stays.

An address carries a mark of the file's content or age, so a new release has new addresses. What is
asked for without its mark, as scripts do that come later, is asked for again each time, and sent
only where it changed. Nobody's data is in these files.
"""

import hashlib
import mimetypes
import pkgutil
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dash.fingerprint import check_fingerprint
from flask import Flask, Response, abort, request

from portal.web.packing import Packed, pack
from portal.web.paths import IMMUTABLE, REVALIDATED

ASSETS = "_dash_assets.static"
FONT = "fonts/inter-latin-wght-normal.woff2"
SHEET = "sheet.css"
"""All the portal's styles as one file: a page is not painted before it has them all, and a browser
asks one server for only six files at a time."""
SUITES = "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>"
_URL = re.compile(r"url\(([\"']?)(fonts/[\w./-]+)\1\)")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files that this process has handed out, packed."""

    assets: Path
    cache: Path
    packages: Mapping[str, Collection[str]]
    """The scripts of each package of components, as Dash registered them."""
    packed: dict[str, Packed] = field(default_factory=dict)

    def asset(self, filename: str) -> Response:
        """Return one of the portal's own files."""
        file = (self.assets / filename).resolve()
        whole = filename == SHEET
        if not whole and (not file.is_relative_to(self.assets) or not file.is_file()):
            abort(404)
        key = f"assets/{filename}"
        if key not in self.packed:
            raw = styles(self.assets) if whole else file.read_bytes()
            self.packed[key] = pack(raw, _type(filename), self.cache)
        return _kept(self.packed[key], marked="m" in request.args)

    def script(self, package_name: str, fingerprinted_path: str) -> Response:
        """Return a script of a package of components."""
        path, marked = check_fingerprint(fingerprinted_path)
        if path not in self.packages.get(package_name, ()):
            abort(404)
        key = f"{package_name}/{path}"
        if key not in self.packed:
            raw = pkgutil.get_data(package_name, path)
            if raw is None:
                abort(404)
            self.packed[key] = pack(raw, _type(path), self.cache)
        return _kept(self.packed[key], marked=marked)


def styles(assets: Path) -> bytes:
    """Return all style sheets of a folder as one, in the order of their names.

    The address of a font within them carries a mark of the font's content.
    """

    def marked(found: re.Match[str]) -> str:
        return f"url({found[2]}?m={_mark((assets / found[2]).read_bytes())})"

    texts = (each.read_text("utf-8") for each in sorted(assets.glob("*.css")))
    return _URL.sub(marked, "\n".join(texts)).encode()


def marked_address(assets: Path, filename: str) -> str:
    """Return the address of the one style sheet or of a file, with a mark of its content."""
    content = styles(assets) if filename == SHEET else (assets / filename).read_bytes()
    return f"/assets/{filename}?m={_mark(content)}"


def serve_assets(server: Flask, shelf: Shelf) -> None:
    """Answer for Dash's two routes of files, and leave none of theirs."""

    def asset(filename: str) -> Response:
        return shelf.asset(filename)

    def script(package_name: str, fingerprinted_path: str) -> Response:
        return shelf.script(package_name, fingerprinted_path)

    server.view_functions[ASSETS] = asset
    server.view_functions[SUITES] = script


def _kept(packed: Packed, *, marked: bool) -> Response:
    found = packed.response()
    if marked:
        found.headers["Cache-Control"] = IMMUTABLE
        return found
    found.headers["Cache-Control"] = REVALIDATED
    found.set_etag(hashlib.sha256(packed.raw).hexdigest()[:16], weak=True)
    found.make_conditional(request)
    return found


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _type(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "application/octet-stream"
