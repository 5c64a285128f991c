"""A callback's body has the shape that was registered, or is refused before Dash sees it."""

import copy
import json

import pytest

from portal.services import auditing
from portal.web.strict_json import DEEPEST
from tests.web import portals
from tests.web.conftest import new_browser

PLAIN = {
    "output": "out.children",
    "outputs": {"id": "out", "property": "children"},
    "inputs": [{"id": "in", "property": "value", "value": "hello"}],
    "changedPropIds": ["in.value"],
    "parsedChangedPropsIds": ["in"],
    "state": [{"id": "kept", "property": "data", "value": 7}],
}
MATCHED = {
    "output": '{"row":["MATCH"],"type":"out"}.children',
    "outputs": {"id": {"row": 3, "type": "out"}, "property": "children"},
    "inputs": [{"id": {"row": 3, "type": "in"}, "property": "n_clicks", "value": 1}],
    "changedPropIds": ['{"row":3,"type":"in"}.n_clicks'],
    "parsedChangedPropsIds": [{"row": 3, "type": "in"}],
}
SEVERAL = {
    "output": "..one.children...two.children..",
    "outputs": [{"id": "one", "property": "children"}, {"id": "two", "property": "children"}],
    "inputs": [
        [
            {"id": {"row": row, "type": "cell"}, "property": "value", "value": row}
            for row in (1, 2, 3)
        ]
    ],
    "changedPropIds": ['{"row":2,"type":"cell"}.value'],
}


def _with(body, *path_and_value):
    """Return a copy of a body with the part at a path set, or with ... taken away."""
    changed = copy.deepcopy(body)
    *path, last, value = path_and_value
    part = changed
    for step in path:
        part = part[step]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return changed


@pytest.fixture
def admin(joined, database, tenant):
    """A browser of somebody who may call all three."""
    portals.add_person(database, tenant, f"boss@{tenant}.org", "executive", "admin")
    browser = new_browser(joined)
    browser.sign_in(f"boss@{tenant}.org")
    browser.get("/things/a")
    return browser


@pytest.mark.parametrize("body", [PLAIN, MATCHED, SEVERAL], ids=["plain", "MATCH", "several"])
def test_a_body_as_it_was_registered_is_answered(admin, body):
    answer = admin.call(body)
    assert answer.status_code == 200, answer.text
    assert admin.call(body, path=f"{portals.UPDATE}?endId=abc.def").status_code == 200


def test_a_property_s_second_callback_is_answered(admin, joined):
    (name,) = [key for key in joined.dash.callback_map if key.startswith("out.children@")]
    body = {
        "output": name,
        "outputs": {"id": "out", "property": name.partition(".")[2]},
        "inputs": [{"id": "other", "property": "value", "value": 5}],
        "changedPropIds": ["other.value"],
    }
    assert admin.call(body).status_code == 200
    assert admin.call(_with(body, "outputs", "property", "children")).status_code == 400


def test_the_answers_are_those_of_the_callbacks(admin):
    assert admin.call(PLAIN).json["response"] == {"out": {"children": "hello 7"}}
    assert admin.call(SEVERAL).json["response"]["two"] == {"children": 6}


@pytest.mark.parametrize(
    "body",
    [
        _with(PLAIN, "changedPropIds", []),
        _with(PLAIN, "inputs", 0, "value", ...),
        _with(PLAIN, "inputs", 0, "value", {"any": ["thing", None, True, -1.5]}),
        _with(SEVERAL, "inputs", 0, []) | {"changedPropIds": []},
    ],
    ids=["first call", "without a value", "any value", "no component of a pattern"],
)
def test_what_dash_s_script_also_sends_is_answered(admin, body):
    assert admin.call(body).status_code == 200


HOSTILE = {
    "an unknown callback": _with(PLAIN, "output", "secret.children"),
    "no callback": _with(PLAIN, "output", ...),
    "a list as callback": _with(PLAIN, "output", ["out.children"]),
    "another output": _with(PLAIN, "outputs", "id", "other"),
    "another property": _with(PLAIN, "outputs", "property", "style"),
    "a list of outputs": _with(PLAIN, "outputs", [PLAIN["outputs"]]),
    "no outputs": _with(PLAIN, "outputs", ...),
    "one output of two": _with(SEVERAL, "outputs", SEVERAL["outputs"][:1]),
    "outputs in another order": _with(SEVERAL, "outputs", SEVERAL["outputs"][::-1]),
    "no inputs": _with(PLAIN, "inputs", ...),
    "a number of inputs": _with(PLAIN, "inputs", 5),
    "an empty input": _with(PLAIN, "inputs", [{}]),
    "fewer inputs": _with(PLAIN, "inputs", []),
    "more inputs": _with(PLAIN, "inputs", PLAIN["inputs"] * 2),
    "another input": _with(PLAIN, "inputs", 0, "id", "kept"),
    "another property of an input": _with(PLAIN, "inputs", 0, "property", "id"),
    "an object as id": _with(PLAIN, "inputs", 0, "id", {"in": 1}),
    "a list as id": _with(PLAIN, "inputs", 0, "id", ["in"]),
    "more said of an input": _with(PLAIN, "inputs", 0, "role", "admin"),
    "no state": _with(PLAIN, "state", ...),
    "another state": _with(PLAIN, "state", 0, "id", "tenant"),
    "more at the top": PLAIN | {"tenant": "kestrel"},
    "a prototype": PLAIN | {"__proto__": {"admin": True}},
    "something else changed": _with(PLAIN, "changedPropIds", ["kept.data"]),
    "a number changed": _with(PLAIN, "changedPropIds", [1]),
    "a text changed": _with(PLAIN, "changedPropIds", "in.value"),
    "changed a hundred times": _with(PLAIN, "changedPropIds", ["in.value"] * 100),
    "ids that are no list": _with(PLAIN, "parsedChangedPropsIds", {"in": 1}),
    "input and output of different rows": _with(MATCHED, "inputs", 0, "id", "row", 4),
    "a row that is a list": _with(MATCHED, "inputs", 0, "id", "row", [3]),
    "a row that is an object": _with(MATCHED, "outputs", "id", "row", {"a": 1}),
    "a row that is nothing": _with(MATCHED, "inputs", 0, "id", "row", None),
    "the wildcard itself": _with(MATCHED, "inputs", 0, "id", "row", ["MATCH"]),
    "a row of a thousand letters": _with(MATCHED, "inputs", 0, "id", "row", "x" * 1_000),
    "another type in a pattern": _with(MATCHED, "inputs", 0, "id", "type", "out"),
    "a pattern with a part more": _with(MATCHED, "inputs", 0, "id", "tenant", "b"),
    "a pattern without a part": _with(MATCHED, "inputs", 0, "id", {"type": "in"}),
    "a pattern as text": _with(MATCHED, "inputs", 0, "id", '{"row":3,"type":"in"}'),
    "another row triggered": _with(MATCHED, "changedPropIds", ['{"row":9,"type":"in"}.n_clicks']),
    "one in place of many": _with(SEVERAL, "inputs", 0, SEVERAL["inputs"][0][0]),
    "one of many twice": _with(SEVERAL, "inputs", 0, SEVERAL["inputs"][0][:1] * 2),
    "one of many is another": _with(SEVERAL, "inputs", 0, 1, "id", {"row": 1, "type": "x"}),
    "a hundred thousand": _with(
        SEVERAL,
        "inputs",
        0,
        [{"id": {"row": row, "type": "cell"}, "property": "value"} for row in range(5_000)],
    ),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_body_of_another_shape_is_refused(admin, body):
    assert admin.call(body).status_code == 400
    assert admin.call(PLAIN).status_code == 200, "its twin passes"


def _raw(value: str) -> bytes:
    return json.dumps(PLAIN).replace('"hello"', value).encode()


NOT_JSON = {
    "nothing": b"",
    "an empty object": b"{}",
    "a list": b"[]",
    "null": b"null",
    "a text": b'"x"',
    "a number": b"1",
    "half of it": json.dumps(PLAIN).encode()[:-9],
    "two of it": json.dumps(PLAIN).encode() * 2,
    "NaN": _raw("NaN"),
    "Infinity": _raw("-Infinity"),
    "1e999": _raw("1e999"),
    "2 to the 70th": _raw(str(2**70)),
    "a whole number of 5000 digits": _raw("9" * 5_000),
    "half a character": _raw(r'"\ud800"'),
    "a NUL": _raw(r'"a\u0000b"'),
    "a name twice": _raw('{"a": 1, "a": 2}'),
    "output twice": json.dumps(PLAIN).encode()[:-1] + b', "output": "one.children"}',
    "UTF-16": json.dumps(PLAIN).encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(PLAIN).encode(),
    "no UTF-8": _raw('"\xff"').replace("\xff".encode(), b"\xff"),
    "nested a little too deep": _raw("[" * DEEPEST + "]" * DEEPEST),
    "nested two hundred thousand deep": _raw("[" * 200_000 + "]" * 200_000),
    "only brackets": b"[" * 200_000,
    "a long text": _raw('"' + "x" * 30_000 + '"'),
    "a hundred thousand parts": _raw("[" + "1," * 100_000 + "1]"),
}


@pytest.mark.parametrize("raw", NOT_JSON.values(), ids=NOT_JSON)
def test_what_no_browser_of_ours_writes_is_refused(admin, raw):
    answer = admin.call(raw)
    assert answer.status_code == 400
    assert set(answer.json) == {"name", "sentence", "request_id"}


def test_as_deep_as_pages_are_is_answered(admin):
    deep = DEEPEST - 5
    assert admin.call(_raw("[" * deep + "]" * deep)).status_code == 200


def test_too_large_a_body_is_refused_before_it_is_read(admin):
    assert admin.call(b" " * 1_000_001).status_code == 413
    assert admin.call(_raw('"' + "x" * 10_000 + '"')).status_code == 200


@pytest.mark.parametrize(
    "options",
    [
        {"content_type": "text/plain"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "multipart/form-data; boundary=x"},
        {"content_type": ""},
        {"headers": {"Content-Encoding": "gzip"}},
    ],
    ids=["text", "form", "parts", "none", "packed"],
)
def test_another_kind_of_body_is_refused(admin, options):
    assert admin.call(PLAIN, **options).status_code in {400, 415}


@pytest.mark.parametrize("name", ["cacheKey", "job", "oldJob", "cancelJob", "x"])
def test_nothing_is_steered_by_the_query(admin, name):
    assert admin.call(PLAIN, path=f"{portals.UPDATE}?{name}=1").status_code == 400


def test_a_callback_needs_the_token_of_its_session(joined, admin, inside):
    assert admin.call(PLAIN, headers={"X-CSRFToken": ""}).status_code == 400
    other = inside.client.get_cookie("csrf", domain="127.0.0.1").decoded_value
    assert admin.call(PLAIN, headers={"X-CSRFToken": other}).status_code == 400
    assert admin.call(PLAIN).status_code == 200


def test_a_callback_of_another_role_s_page_is_refused_and_noted(joined, inside, database, tenant):
    answer = inside.call(SEVERAL)
    assert answer.status_code == 403
    assert "role admin" in answer.json["sentence"]
    with database.session(tenant) as session:
        denied = [one for one in auditing.read(session) if one.event == "denied"]
    assert [one.object for one in denied] == ["several"]
    assert inside.call(PLAIN).status_code == 200


def test_what_a_browser_answers_by_itself_the_server_does_not(admin, joined):
    (name,) = [key for key, one in joined.dash.callback_map.items() if "callback" not in one]
    body = {
        "output": name,
        "outputs": [],
        "inputs": [{"id": "title", "property": "data", "value": 1}],
        "changedPropIds": ["title.data"],
    }
    assert admin.call(body).status_code == 400


def test_a_fault_within_a_callback_tells_nothing_of_itself(admin, capsys):
    answer = admin.call(_with(SEVERAL, "inputs", 0, 0, "value", "CANARY"))
    assert answer.status_code == 500
    assert "CANARY" not in answer.text
    assert "Traceback" not in answer.text
    assert "CANARY" not in "".join(capsys.readouterr())
