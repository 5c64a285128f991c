"""Every address of the portal, and what its answers hold, unpacked."""

import io
import json
import re
import zipfile
from collections.abc import Iterator

from werkzeug.test import TestResponse

from callbacks import pages
from portal.app import Joined
from portal.security.registry import Kind
from tests.access.test_the_matrix import _body
from tests.web.portals import BASE, Browser

KPIS = ("win_rate", "won_revenue", "open_pipeline", "sales_cycle", "pipeline_coverage")
_DASH = ("/_dash", "/_reload", "/_favicon", "/assets", "/<path")


def page_addresses() -> list[str]:
    """Every page, with something in its places."""
    found = []
    for page in pages.PAGES:
        if "<key>" in page.path:
            found += [page.path.replace("<key>", key) for key in KPIS]
        else:
            found.append(re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", "x", page.path))
    return [*found, "/?home=marketing", "/?home=service", "/?home=success", "/?home=leader"]


def file_addresses(joined: Joined) -> list[str]:
    """Every address that answers with a file, for each kind and part."""
    kinds = ("csv", "xlsx", "pdf")
    parts = ("records", "split", "trend", "series")
    found = []
    for rule in joined.server.url_map.iter_rules():
        if "export" not in rule.rule and not rule.rule.endswith((".<kind>", ".pdf", ".csv")):
            continue
        for kind in kinds:
            for part in parts:
                for key in KPIS[:2]:
                    filled = rule.rule.replace("<kind>", kind).replace("<what>", part)
                    filled = filled.replace("<key>", key)
                    found.append(re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", "x", filled))
    return sorted(set(found))


def own_routes(joined: Joined) -> Iterator[tuple[str, str]]:
    """Every route of ours with a place for an id, and each method it takes."""
    for rule in joined.server.url_map.iter_rules():
        if rule.rule.startswith(_DASH) or "<" not in rule.rule:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield method, rule.rule


def callbacks(joined: Joined) -> Iterator[tuple[str, dict]]:
    """Every callback of the portal that the server answers, with a body of its shape."""
    for name in sorted(joined.edge.registry.names(Kind.CALLBACK)):
        if "callback" in joined.dash.callback_map[name]:
            yield name, _body(joined, name)


def text_of(answer: TestResponse) -> str:
    """What an answer says: also what is packed in a workbook, and in its headers."""
    headers = "\n".join(f"{name}: {told}" for name, told in answer.headers.items())
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            inside = [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
        return headers + "".join(inside)
    if answer.is_json:
        # Without the escapes that stand in for some letters.
        return headers + json.dumps(answer.get_json(silent=True), ensure_ascii=False)
    return headers + answer.data.decode("utf-8", "replace")


def ask(browser: Browser, path: str, method: str = "GET", **fields: str) -> TestResponse:
    """Ask for an address; a form carries the token of the page's cookie."""
    if method == "GET":
        return browser.get(path)
    token = browser.client.get_cookie("csrf", domain="127.0.0.1")
    data = {"csrf_token": token.decoded_value if token else "", **fields}
    return browser.client.post(path, base_url=BASE, data=data)
