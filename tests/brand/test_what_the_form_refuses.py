"""What can't be used is told at its field, and no text that is sent becomes more than a text."""

from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from portal.services import branding
from tests.brand.sending import PAGE, png, save, shown

_GIF = BytesIO()
Image.new("RGB", (4, 4)).save(_GIF, "GIF")


@pytest.mark.parametrize(
    ("fields", "file", "wrong", "said"),
    [
        ({"accent": "red"}, None, "accent", "has to look like #6B2D5C"),
        ({"accent": "#6B2D5C;}*{display:none"}, None, "accent", "has to look like #6B2D5C"),
        ({"name": "x" * 41}, None, "name", "longer than 40"),
        ({"name": "a\u202eb"}, None, "name", "invisible"),
        ({}, ("l.svg", b"<svg onload='alert(1)'/>"), "logo", "no whole PNG"),
        ({}, ("l.png", b"<script>alert(1)</script>"), "logo", "no whole PNG"),
        ({}, ("l.png", _GIF.getvalue()), "logo", "no whole PNG"),
        ({}, ("l.png", b"\x89PNG\r\n\x1a\n" + b"0" * 200_001), "logo", "larger than 200 kB"),
        ({}, ("l.png", b""), "logo", "no whole PNG"),
    ],
)
def test_what_is_refused_is_told_at_its_field_and_nothing_typed_is_lost(
    office, tenant, database, fields, file, wrong, said
):
    typed = {"name": "Kept <i>name</i>", "accent": "#123456", **fields}
    refused = save(office, file=file, **typed)
    assert refused.status_code == 303
    assert f"wrong={wrong}" in refused.location
    page = office.get(refused.location).text
    assert said in page.partition('role="alert"')[2]
    assert typed["accent"] in unescape(page)
    assert typed["name"] in unescape(page)
    assert "<i>name" not in page
    assert shown(tenant, database) == branding.BrandCard()


def test_the_name_of_a_file_is_neither_kept_nor_said(office, tenant, database):
    hostile = "../../x;a=b'><script>.svg"
    done = save(office, name="Acme", file=(hostile, png()))
    assert done.location == f"{PAGE}?done=saved"
    assert "script>.svg" not in office.get("/admin/audit").text
    assert shown(tenant, database).logo


def test_a_name_cannot_break_a_header_or_the_title(office):
    refused = save(office, name="Acme\r\nX-Evil: 1")
    page = office.get("/account")
    assert "X-Evil" not in refused.headers
    assert "X-Evil" not in page.headers
    assert "<title>Your account · Acme X-Evil: 1</title>" in page.text
