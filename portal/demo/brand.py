"""Gives RavenStack a name, an accent and a logo of its own; Kestrel shows Meridian's."""

from io import BytesIO

from portal.demo.cast import CAST
from portal.demo.companies import RAVENSTACK, Company
from portal.models.people import by_email
from portal.security.roles import Role
from portal.services import branding
from portal.services.auditing import Trace
from portal.services.branding import Look
from portal.services.office import Office
from portal.services.signing_in import actor_of

_PLUM = "#6B2D5C"
_SIDE, _THICK, _APART = 384, 96, 120
_LONG = (384, 276, 168)
"""Three bars, each shorter than the one above: a wing, and a stack."""


def show_itself(office: Office, company: Company) -> None:
    """Set what RavenStack shows, in the name of its administrator, where it never set anything."""
    if company is not RAVENSTACK:
        return
    chief = next(one for one in CAST if one.company == company.key and Role.ADMIN in one.roles)
    with office.database.session(company.key) as session:
        if branding.read(session).version:
            return
        person = session.scalars(by_email(chief.email)).one_or_none()
        if person is None:
            return
        look = Look(0, company.profile.name, _PLUM, logo())
        branding.change(session, actor_of(company.key, person), look, Trace(office.now()))


def logo() -> bytes:
    """Return the picture, drawn here: a PNG on nothing."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only who makes the demo draws

    made = Image.new("RGBA", (_SIDE, _SIDE))
    pen = ImageDraw.Draw(made)
    for at, length in enumerate(_LONG):
        top = (_SIDE - 2 * _APART - _THICK) // 2 + at * _APART
        box = (_SIDE - length, top, _SIDE - 1, top + _THICK - 1)
        pen.rounded_rectangle(box, _THICK // 2, fill=_PLUM)
    kept = BytesIO()
    made.save(kept, "PNG")
    return kept.getvalue()
