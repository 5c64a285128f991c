"""What the browser is sent is ours: no other host is named, nothing missing, nothing heavy."""

import hashlib
import re
from pathlib import Path

import brotli
import plotly
import pytest

from layouts.parts.icons import NAMES, icon
from layouts.theme import __file__ as here

ROOT = Path(here).parents[1]
ASSETS = ROOT / "portal" / "assets"
PLOTLY = next((ASSETS / "vendor").glob("plotly-basic-*.js"))
OWN = sorted([*ASSETS.glob("*.css"), *ASSETS.glob("*.js")])
MOST_OF_OWN = 60_000
"""Bytes of our own sheets and script, compressed."""
MOST_OF_PLOTLY = 360_000


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_no_asset_names_another_host(path: Path):
    named = set(re.findall(r"(?:https?:)?//([\w.-]+\.\w+)", path.read_text("utf-8")))
    assert named <= {"www.w3.org"}


@pytest.mark.parametrize(
    "path", [each for each in OWN if each.suffix == ".css"], ids=lambda path: path.name
)
def test_what_a_sheet_points_to_is_there(path: Path):
    for address in re.findall(r"url\((?!\"data:)([^)]+)\)", path.read_text("utf-8")):
        assert (ASSETS / address.strip("\"'")).is_file()


def test_the_bundle_is_of_the_version_that_is_installed():
    version = re.search(
        r"plotly\.js v([\d.]+)",
        (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text("utf-8")[:300],
    )
    assert version
    assert PLOTLY.name == f"plotly-basic-{version[1]}.min.js"
    assert f"v{version[1]}" in PLOTLY.read_text("utf-8")[:300]
    assert PLOTLY.name in (ASSETS / "portal.js").read_text("utf-8")


def test_every_icon_is_in_the_sheet_and_no_other():
    sheet = (ASSETS / "50-icons.css").read_text("utf-8")
    assert set(re.findall(r"\.i-([\w-]+)\{--i", sheet)) == NAMES


def test_an_icon_that_is_not_there_is_refused():
    with pytest.raises(KeyError, match="no-such-icon"):
        icon("no-such-icon")


def test_every_icon_that_is_named_in_the_code_is_there():
    named = set()
    for path in [*(ROOT / "layouts").rglob("*.py"), *(ROOT / "callbacks").rglob("*.py")]:
        named |= set(re.findall(r"\bicon\(\"([\w-]+)\"", path.read_text("utf-8")))
    assert named <= NAMES


def test_what_is_sent_stays_small():
    own = sum(len(brotli.compress(path.read_bytes())) for path in OWN)
    assert own < MOST_OF_OWN
    assert len(brotli.compress(PLOTLY.read_bytes(), quality=9)) < MOST_OF_PLOTLY


def test_work_of_others_comes_with_its_terms():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for terms in [*ASSETS.rglob("*LICENSE*")]:
        assert str(terms.relative_to(ROOT)) in notice
    assert {path.name for path in ASSETS.rglob("*LICENSE*")} == {
        "plotly-LICENSE.txt",
        "icons-LICENSE.txt",
        "inter-LICENSE.txt",
    }


def test_the_fonts_are_fonts():
    assert all(path.read_bytes()[:4] == b"wOF2" for path in (ASSETS / "fonts").glob("*.woff2"))


def test_work_of_others_is_as_it_was_fetched():
    record = (ROOT / "tools" / "vendored.sha256").read_text("ascii").splitlines()
    kept = {path: digest for digest, path in (line.split("  ") for line in record)}
    found = {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in kept}
    assert found == kept
    others = [*(ASSETS / "vendor").iterdir(), *(ASSETS / "fonts").iterdir()]
    assert {str(path.relative_to(ROOT)) for path in others} <= kept.keys()
