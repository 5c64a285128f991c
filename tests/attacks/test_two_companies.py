"""Of two companies with the same people, ids and teams, none sees a word or a figure of the other."""

import json

import pytest
from structlog.testing import capture_logs

from portal.models import people
from portal.web import printing
from tests.attacks import crawling
from tests.attacks.companies import MARKS, figures
from tests.attacks.crawling import ask, callbacks, file_addresses, page_addresses, text_of
from tests.attacks.texts import QUERIES
from tests.web import portals
from tests.web.conftest import new_browser

pytestmark = pytest.mark.slow

OURS, THEIRS = MARKS["a"], MARKS["b"]


_READING_QUERIES = ("/", "/scorecard", "/kpis/win_rate", "/targets", "/admin/audit")


def _leaks(found: str, tenant: str) -> list[str]:
    return [mark for mark in (THEIRS, tenant, *figures("b")) if mark in found]


@pytest.fixture
def printed(monkeypatch) -> list[str]:
    """What is handed to the printer: a PDF can't be searched."""
    found: list[str] = []
    draw = printing.scorecard_html
    monkeypatch.setattr(
        printing, "scorecard_html", lambda *given: found.append(draw(*given)) or found[-1]
    )
    return found


@pytest.fixture(scope="module")
def warmed(own, other):
    """The other company has looked at everything first: what is kept for it is kept."""
    seen = ""
    for path in [*page_addresses(), *file_addresses(other.joined)]:
        seen += text_of(other.browser("everything").get(path))
    assert seen.count(THEIRS) > 50, "the marks are on its pages, or this test finds nothing"
    assert any(figure in seen for figure in figures("b")), "so are its figures"
    assert OURS not in seen
    return own


@pytest.mark.parametrize("role", ["rep", "everything"])
def test_no_page_or_file_shows_the_other(warmed, other, role, printed):
    browser, seen = warmed.browser(role), ""
    for path in [*page_addresses(), *file_addresses(warmed.joined)]:
        answer = browser.get(path)
        assert answer.status_code < 500, path
        found = text_of(answer)
        assert not _leaks(found, other.tenant), path
        seen += found
    for page in printed:
        assert not _leaks(page, other.tenant)
    assert OURS in seen


@pytest.mark.parametrize("query", QUERIES, ids=lambda text: text[:40])
def test_no_query_leads_to_the_other_or_to_a_fault(warmed, other, query):
    browser = warmed.browser("everything")
    for path in _READING_QUERIES:
        answer = browser.get(f"{path}?{query}")
        assert answer.status_code < 500, path
        assert not _leaks(text_of(answer), other.tenant), path


def test_no_callback_tells_of_the_other(warmed, other):
    browser = warmed.browser("everything")
    person = _person(other)
    for name, body in callbacks(warmed.joined):
        for value in (
            f"crm\x1f{THEIRS}",
            THEIRS,
            person,
            other.tenant,
            {"tenant_id": other.tenant},
        ):
            for part in ("inputs", "state"):
                said = _put(body, part, value)
                answer = browser.call(said)
                assert answer.status_code < 500, (name, value)
                kept = text_of(answer).replace(json.dumps(value)[1:-1], "")
                assert not _leaks(kept.replace(str(value), ""), other.tenant), (name, value)


def test_a_search_for_the_other_finds_what_a_search_for_nothing_finds(warmed):
    browser = warmed.browser("everything")
    body = _palette(warmed.joined)
    answers = []
    for typed in (THEIRS, "Zzzzcanary"):
        answer = browser.call(_put(body, "inputs", typed))
        assert answer.status_code == 200
        answers.append(answer.text.replace(typed, "X"))
    assert answers[0] == answers[1]
    ours = browser.call(_put(body, "inputs", OURS[:8]))
    assert OURS in ours.text, "what is one's own is found"


def test_a_name_that_is_taken_in_the_other_is_free_here(warmed, other, database):
    taken = f"only-there-{warmed.run}@example.org"
    portals.add_person(database, other.tenant, taken, "rep")
    browser = warmed.browser("admin")
    added = ask(browser, "/admin/people/new", "POST", email=taken, role="rep")
    assert (added.status_code, added.location) == (303, "/admin?done=added")


def test_the_password_of_the_other_opens_nothing_here(own, other):
    browser = new_browser(own.joined)
    assert browser.sign_in(own.email("rep"), other.password).status_code == 303
    seen = browser.get("/").text
    assert THEIRS in seen
    assert OURS not in seen, "the password says in which of the two"


def test_nothing_that_is_tried_changes_a_row_of_the_other(warmed, other, database, server):
    before = _rows(server, other.tenant)
    person = _person(other)
    for role in ("rep", "admin", "everything"):
        browser = warmed.fresh(role)
        for method, rule in crawling.own_routes(warmed.joined):
            for wanted in (person, f"crm\x1f{THEIRS}", other.tenant):
                path = crawling.re.sub(r"<[^<>]+>", wanted, rule)
                answer = ask(browser, path, method, role="admin", tenant_id=other.tenant)
                assert answer.status_code < 500, (method, path)
                found = text_of(answer).replace(wanted, "")
                assert not _leaks(found, other.tenant), (method, path)
            browser = warmed.browser(role)
    assert _rows(server, other.tenant) == before


def test_no_log_line_names_a_person_s_words_or_figures(warmed, other):
    with capture_logs() as told:
        for path in page_addresses():
            warmed.browser("everything").get(path)
            other.browser("everything").get(path)
    lines = [json.dumps(line, default=str) for line in told]
    assert lines
    assert not [line for line in lines if other.tenant not in line and THEIRS in line]
    everything = "\n".join(lines)
    assert OURS not in everything, "a log has ids, not what people wrote"
    assert not [each for each in (*figures("a"), *figures("b")) if f" {each} " in everything]
    assert warmed.password not in everything


def _person(company) -> str:
    with company.joined.edge.database.session(company.tenant) as session:
        return str(session.scalars(people.by_email(company.email("rep"))).one().id)


def _put(body: dict, part: str, value: object) -> dict:
    """Put a value in every place of a body's inputs or state."""

    def one(wire):
        return [one(each) for each in wire] if isinstance(wire, list) else {**wire, "value": value}

    return {**body, part: [one(each) for each in body[part]]}


def _palette(joined) -> dict:
    return next(body for name, body in callbacks(joined) if "palette" in name)


def _rows(server, tenant) -> dict[str, str]:
    """Every row of a tenant, as one sum a table; sessions and what it writes itself excepted."""
    found = {}
    with server.superuser() as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'portal'"
            " AND tablename NOT IN ('alembic_version', 'sign_in', 'kpi_view', 'audit_event')"
        ).fetchall()
        for (table,) in tables:
            found[table] = connection.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
                f" FROM portal.{table} t WHERE tenant_id = %s",
                (str(tenant),),
            ).fetchone()[0]
    return found
