"""What the tests of the page send, and what they find of it."""

from io import BytesIO

from PIL import Image

from portal.services import branding
from tests.web.portals import BASE, Browser

PAGE = "/admin/company"
PLUM = "#6B2D5C"


def png(size: tuple[int, int] = (60, 30), colour: str = PLUM) -> bytes:
    kept = BytesIO()
    Image.new("RGB", size, colour).save(kept, "PNG")
    return kept.getvalue()


def save(office: Browser, version: int = 0, file=None, path: str = PAGE, **fields: str):
    """Send the form as the page does."""
    token = office.client.get_cookie("csrf", domain="127.0.0.1")
    if token is None:
        office.get(PAGE)
        token = office.client.get_cookie("csrf", domain="127.0.0.1")
    data = {"csrf_token": token.decoded_value, "version": str(version), **fields}
    if file is not None:
        data["logo"] = (BytesIO(file[1]), file[0])
    return office.client.post(path, base_url=BASE, data=data, content_type="multipart/form-data")


def shown(tenant, database):
    with database.session(tenant) as session:
        return branding.read(session)
