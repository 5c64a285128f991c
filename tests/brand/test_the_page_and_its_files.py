"""An administrator sets it, its people see it, and nobody else learns that it is there."""

import pytest
from sqlalchemy import event

from portal.models.people import everybody
from portal.services import auditing, branding
from portal.web import printing
from portal.web.printing import FetchingRefusedError
from tests.brand.sending import PAGE, PLUM, png, save, shown
from tests.exports.made import card, line
from tests.web.portals import START


def test_what_was_saved_stands_around_every_page_of_its_people(office, inside, tenant, database):
    done = save(office, name="Acme <b>One</b>", accent=PLUM.lower(), file=("l.png", png()))
    assert (done.status_code, done.location) == (303, f"{PAGE}?done=saved")
    card = shown(tenant, database)
    for browser in (office, inside(tenant, "executive")):
        page = browser.get("/account")
        assert "<title>Your account · Acme &lt;b&gt;One&lt;/b&gt;</title>" in page.text
        assert f'src="/brand/{card.logo}.png"' in page.text
        assert f'href="/brand/{branding.style(card).mark}.css"' in page.text
        assert "<b>One" not in page.text
    assert "It was saved." in office.get(done.location).text


def test_a_company_without_any_shows_meridian(inside, tenant):
    page = inside(tenant, "executive").get("/account").text
    assert "<title>Your account · Meridian</title>" in page
    assert "/brand/" not in page


def test_the_files_are_kept_privately_and_are_what_they_say(office, tenant, database):
    save(office, accent=PLUM, file=("l.png", png()))
    card = shown(tenant, database)
    for path, kind in (
        (f"/brand/{card.logo}.png", "image/png"),
        (f"/brand/{branding.style(card).mark}.css", "text/css; charset=utf-8"),
    ):
        answer = office.get(path)
        assert (answer.status_code, answer.content_type) == (200, kind)
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
    assert f"--brand:{PLUM}" in answer.text


def test_another_companys_files_are_as_unknown_as_none(
    office, inside, tenant, new_tenant, database
):
    save(office, accent=PLUM, file=("l.png", png()))
    card = shown(tenant, database)
    other = inside(new_tenant())
    for mark, kind in ((card.logo, "png"), (branding.style(card).mark, "css")):
        there, nowhere = (other.get(f"/brand/{one}.{kind}") for one in (mark, "0" * 32))
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert there.headers["Cache-Control"] == nowhere.headers["Cache-Control"] == "no-store"
    assert shown(tenant, database) == card


@pytest.mark.parametrize("mark", ["..%2f..%2fetc", "%00", "A" * 32, "é", "0" * 33, "x.png"])
def test_a_mark_that_is_none_is_not_there(office, mark):
    assert office.get(f"/brand/{mark}.png").status_code == 404
    assert office.get(f"/brand/{mark}.css").status_code == 404


def test_who_is_not_signed_in_gets_neither_file_nor_colour(office, browser, tenant, database):
    save(office, name="Acme", accent=PLUM, file=("l.png", png()))
    card = shown(tenant, database)
    assert browser.get(f"/brand/{card.logo}.png").status_code == 302
    door = browser.get("/login").text
    assert "Meridian" in door
    assert "Acme" not in door
    assert "/brand/" not in door


@pytest.mark.parametrize("role", ["rep", "leader", "executive", "owner", "analyst"])
def test_only_an_administrator_sets_it(inside, tenant, database, role):
    other = inside(tenant, role)
    assert other.get(PAGE).status_code == 403
    for path in (PAGE, f"{PAGE}/clear", f"{PAGE}/drop-logo"):
        assert save(other, path=path, name="Mine").status_code == 403
    assert shown(tenant, database).name == ""


def test_a_form_without_the_sessions_token_is_refused(office, tenant, database):
    assert save(office, name="Mine", csrf_token="0").status_code == 400
    assert shown(tenant, database).name == ""


def test_a_form_drawn_before_somebody_elses_change_is_not_taken(office, tenant, database):
    save(office, name="First")
    refused = save(office, name="Second")
    page = office.get(refused.location).text
    assert "Somebody changed this meanwhile" in page
    assert 'value="Second"' in page
    assert shown(tenant, database).name == "First"
    assert save(office, version=1, name="Second").location == f"{PAGE}?done=saved"


def test_the_logo_goes_alone_and_all_of_it_together(office, tenant, database):
    save(office, name="Acme", accent=PLUM, file=("l.png", png()))
    mark = shown(tenant, database).logo
    gone = save(office, version=1, path=f"{PAGE}/drop-logo")
    assert gone.location == f"{PAGE}?done=dropped"
    assert (shown(tenant, database).name, shown(tenant, database).logo) == ("Acme", "")
    assert office.get(f"/brand/{mark}.png").status_code == 404
    assert save(office, version=2, path=f"{PAGE}/clear").location == f"{PAGE}?done=cleared"
    assert "· Meridian</title>" in office.get("/account").text


def test_each_change_is_in_the_audit_log(office, tenant, database):
    save(office, name="Acme", accent=PLUM)
    save(office, version=1, path=f"{PAGE}/clear")
    with database.session(tenant) as session:
        noted = [one for one in auditing.read(session) if one.event == "brand.changed"]
    assert {one.detail["name"] for one in noted} == {"", "Acme"}
    assert "company&#x27;s appearance changed" in office.get("/admin/audit").text.replace(
        "company's", "company&#x27;s"
    )


def test_a_square_logo_is_the_browsers_icon_and_a_wide_one_is_not(office, tenant, database):
    save(office, file=("l.png", png((40, 40))))
    assert f'rel="icon" href="/brand/{shown(tenant, database).logo}.png"' in (
        office.get("/account").text
    )
    save(office, version=1, file=("l.png", png((80, 20))))
    assert 'rel="icon" href="/brand/' not in office.get("/account").text


def test_an_accent_that_nobody_could_read_is_told(office):
    save(office, accent="#FFE066")
    page = office.get(PAGE).text
    assert "Darkened to #" in page
    assert "Shown as it is." in page


def test_papers_carry_the_name_and_the_logo_and_fetch_nothing_else(office, tenant, database):
    save(office, name="Acme <One>", file=("l.png", png()))
    with database.session(tenant) as session:
        top = branding.letterhead(session)
    assert top.logo.startswith(b"\x89PNG")
    made = printing.scorecard_html(card(line("A")), "Acme", START, "en", top)
    assert "Acme &lt;One&gt;" in made
    assert made.count("<img") == 1
    assert printing.pdf_of(made, top.logo).startswith(b"%PDF-")
    with pytest.raises(FetchingRefusedError):
        printing.only(top.logo)("http://127.0.0.1/x.png")
    assert b"/Image" in printing.pdf_of(made, top.logo)
    assert "<img" not in printing.scorecard_html(card(line("A")), "Acme", START, "en")


def test_who_looks_as_somebody_else_sees_it_and_changes_nothing(office, inside, tenant, database):
    save(office, name="Acme")
    inside(tenant, "executive")
    with database.session(tenant) as session:
        seen = next(one for one in session.scalars(everybody()) if "executive" in one.roles)
        known = seen.id
    assert save(office, path=f"/admin/people/{known}/view").status_code == 303
    assert "· Acme</title>" in office.get("/account").text
    assert office.get(PAGE).status_code == 403
    assert save(office, version=1, name="Mine").status_code == 403
    assert shown(tenant, database).name == "Acme"


def test_a_page_asks_nothing_more_for_what_was_read_before(office, tenant, database):
    save(office, name="Acme", accent=PLUM)
    asked: list[str] = []

    def hear(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        office.get("/account")
        first = [one for one in asked if "portal.brand" in one]
        asked.clear()
        page = office.get("/account").text
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)
    assert "· Acme</title>" in page
    assert len(first) == 1
    assert asked
    assert not [one for one in asked if "portal.brand" in one]


def test_a_form_that_is_a_page_of_its_own_carries_it_and_a_page_of_an_error_does_not(
    office, tenant, database
):
    save(office, name="Acme", accent=PLUM, file=("l.png", png()))
    card = shown(tenant, database)
    form = office.get("/admin/people/new").text
    assert "<title>Add a person · Acme</title>" in form
    assert f'href="/brand/{branding.style(card).mark}.css"' in form
    assert f'src="/brand/{card.logo}.png"' in form
    gone = office.get("/brand/none.png")
    assert gone.status_code == 404
    assert "· Meridian</title>" in gone.text
    assert "/brand/" not in gone.text
