"""A company's name, accent and logo are kept whole, for itself only, and never over a newer one."""

from io import BytesIO

import pytest
from PIL import Image

from portal.errors import BadInputError, DeniedError
from portal.readmodels.brand import Brand
from portal.security.actor import Actor
from portal.security.roles import Role
from portal.services import auditing, branding, people
from portal.services.auditing import Trace
from portal.services.branding import BrandCard, Look
from tests.conftest import NOW

TRACE = Trace(NOW)
PLUM = "#6B2D5C"


def _png() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (60, 30), PLUM).save(kept, "PNG")
    return kept.getvalue()


@pytest.fixture
def actor_of(tenant_session):
    """Put a person with a role into a tenant."""

    def made(key, role=Role.ADMIN):
        with tenant_session(key) as session:
            card = people.add(session, people.NewPerson("a@example.org", [role.value]), NOW)
        return Actor(key, card.id, card.email, "A", frozenset({role}))

    return made


@pytest.fixture
def admin(tenant, actor_of):
    """An administrator of the tenant."""
    return actor_of(tenant)


def test_what_was_set_is_shown_and_written_down_without_the_picture(admin, tenant_session):
    look = Look(0, " Acme  One ", PLUM.lower(), _png())
    with tenant_session(admin.tenant) as session:
        made = branding.change(session, admin, look, TRACE)
    with tenant_session(admin.tenant) as session:
        assert branding.read(session) == made
        assert branding.picture(session, made.logo).startswith(b"\x89PNG")
        (noted,) = (e for e in auditing.read(session) if e.event == "brand.changed")
    assert (made.name, made.accent, made.size, made.version) == ("Acme One", PLUM, (60, 30), 1)
    assert dict(noted.detail) == {"name": "Acme One", "accent": PLUM, "logo": made.logo}


def test_a_company_that_set_nothing_shows_nothing_of_its_own(admin, tenant_session):
    with tenant_session(admin.tenant) as session:
        assert branding.read(session) == BrandCard()


def test_the_picture_of_another_company_is_not_there(admin, actor_of, new_tenant, tenant_session):
    other = actor_of(new_tenant())
    with tenant_session(admin.tenant) as session:
        mark = branding.change(session, admin, Look(0, logo=_png()), TRACE).logo
    with tenant_session(other.tenant) as session:
        assert branding.picture(session, mark) is None
    with tenant_session(admin.tenant) as session:
        assert branding.picture(session, mark) is not None


def test_a_stale_form_changes_nothing(admin, tenant_session):
    with tenant_session(admin.tenant) as session:
        branding.change(session, admin, Look(0, "First"), TRACE)
    with (
        pytest.raises(BadInputError, match="meanwhile"),
        tenant_session(admin.tenant) as session,
    ):
        branding.change(session, admin, Look(0, "Second"), TRACE)
    with tenant_session(admin.tenant) as session:
        assert branding.read(session).name == "First"


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (Look(0, "x" * 41), "longer than 40"),
        (Look(0, "a\u202eb"), "invisible"),
        (Look(0, "Fine", "red"), "#6B2D5C"),
        (Look(0, "Fine", PLUM + ";}"), "#6B2D5C"),
        (Look(0, "Fine", PLUM, b"<svg/>"), "no whole PNG"),
    ],
)
def test_nothing_is_kept_of_what_is_refused(admin, tenant_session, look, said):
    with pytest.raises(BadInputError, match=said), tenant_session(admin.tenant) as session:
        branding.change(session, admin, look, TRACE)
    with tenant_session(admin.tenant) as session:
        assert branding.read(session) == BrandCard()


def test_back_to_the_product_forgets_the_picture(admin, tenant_session):
    with tenant_session(admin.tenant) as session:
        made = branding.change(session, admin, Look(0, "Acme", PLUM, _png()), TRACE)
    with tenant_session(admin.tenant) as session:
        branding.clear(session, admin, made.version, TRACE)
    with tenant_session(admin.tenant) as session:
        assert branding.read(session) == BrandCard(version=2)
        assert branding.picture(session, made.logo) is None


def test_only_the_logo_is_removed(admin, tenant_session):
    with tenant_session(admin.tenant) as session:
        made = branding.change(session, admin, Look(0, "Acme", PLUM, _png()), TRACE)
        assert branding.shown(made, "A Ltd").logo == f"/brand/{made.logo}.png"
    with tenant_session(admin.tenant) as session:
        kept = branding.drop_logo(session, admin, made.version, TRACE)
    with tenant_session(admin.tenant) as session:
        assert branding.read(session) == kept
        assert branding.picture(session, made.logo) is None
    assert (kept.name, kept.accent, kept.logo, kept.version) == ("Acme", PLUM, "", 2)


def test_a_company_that_shows_nothing_is_shown_meridian():
    assert branding.shown(BrandCard(), "Acme") == Brand()
    assert branding.style(BrandCard()) is None


def test_a_rep_may_not_change_it(tenant, actor_of, tenant_session):
    rep = actor_of(tenant, Role.REP)
    with pytest.raises(DeniedError), tenant_session(tenant) as session:
        branding.change(session, rep, Look(0, "Mine"), TRACE)
