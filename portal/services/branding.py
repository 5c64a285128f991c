"""What a company shows of itself: a name, an accent and a logo of its own, or Meridian's."""

import hashlib
from dataclasses import dataclass

from kpi_engine.language import tr
from portal.errors import BadInputError, DeniedError
from portal.models import brands as questions
from portal.models.brands import Brand, BrandLogo
from portal.readmodels.brand import Brand as Shown
from portal.readmodels.brand import Letterhead
from portal.security.actor import Actor
from portal.security.permissions import Denied, Permission, may
from portal.services import auditing, inputs
from portal.services.auditing import Event, Trace
from portal.services.brand_colours import DARK, LIGHT, Tones, is_colour, tones
from portal.services.brand_logos import checked
from portal.services.remembering import remembered
from portal.services.typed_words import beside
from portal.tenancy.session import TenantSession

LONGEST_NAME = 40
"""Letters of a name in the header."""
PLACE = "/brand"
"""Where logos and accents are fetched."""
_SQUARE = 1.25
"""How much longer than the other a side of a picture may be that stands in a browser's tab."""


@dataclass(frozen=True, slots=True)
class BrandCard:
    """What a company shows; an empty part is Meridian's."""

    name: str = ""
    accent: str = ""
    """`#RRGGBB`, as it was given."""
    light: Tones | None = None
    """The accent as it is read on light pages; None without one."""
    dark: Tones | None = None
    logo: str = ""
    """The mark of the logo."""
    size: tuple[int, int] = (0, 0)
    """Width and height of the logo, in pixels."""
    ground: str = ""
    """What the logo has to stand on: 'light', 'dark', or empty for either."""
    version: int = 0
    """0 where nothing was ever set."""


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody sets: of the version that they saw. An empty part goes back to Meridian's."""

    version: int
    name: str = ""
    accent: str = ""
    logo: bytes | None = None
    """A new picture as it was sent; None keeps the one that is there."""


def shown(card: BrandCard, company: str) -> Shown:
    """Return what stands around every page of a company of that name."""
    logo = f"{PLACE}/{card.logo}.png" if card.logo else ""
    short, long = sorted(card.size)
    made = style(card)
    return Shown(
        name=card.name or Shown().name,
        logo=logo,
        alt=company if card.logo and not card.name else "",
        size=card.size,
        ground=card.ground,
        icon=logo if logo and long <= short * _SQUARE else "",
        sheet=f"{PLACE}/{made.mark}.css" if made else "",
        own=bool(card.name or card.logo),
    )


def product(session: TenantSession) -> str:
    """Return what the session's company calls the portal: Meridian, where it says nothing."""
    return read(session).name or Shown().name


def letterhead(session: TenantSession) -> Letterhead:
    """Return what stands on top of the papers of the session's company; nothing without any."""
    card = read(session)
    logo = picture(session, card.logo) if card.logo else None
    return Letterhead(card.name, logo or b"", card.ground)


@dataclass(frozen=True, slots=True)
class Style:
    """A company's accent as a style sheet; its address has the mark of its text."""

    mark: str
    text: str


def style(card: BrandCard) -> Style | None:
    """Return the accent as a style sheet, over the product's own; None without an accent."""
    if card.light is None or card.dark is None:
        return None
    text = f":root{_rule(card.light)}\n[data-bs-theme=dark]{_rule(card.dark)}\n"
    return Style(hashlib.sha256(text.encode()).hexdigest()[:32], text)


def _rule(told: Tones) -> str:
    return f"{{--brand:{told.brand};--on-brand:{told.on_brand};--brand-soft:{told.soft}}}"


@remembered
def read(session: TenantSession) -> BrandCard:
    """Return what the session's company shows; all empty where it never set anything."""
    row = session.scalars(questions.its_brand()).one_or_none()
    return BrandCard() if row is None else _card(row)


def picture(session: TenantSession, mark: str) -> bytes | None:
    """Return the PNG of the company's logo with this mark; None where it has no such logo."""
    row = session.scalars(questions.logo_of(mark)).one_or_none()
    return None if row is None else row.picture


def change(session: TenantSession, actor: Actor, look: Look, trace: Trace) -> BrandCard:
    """Set what the company shows, all of it or nothing.

    Raises:
        DeniedError: if the actor may not change settings.
        RefusedFieldError: if a part can't be used.
        BadInputError: if somebody changed it since this version.
    """
    row = _held(session, actor, look.version, trace)
    with beside("name"):
        name = _name(look.name)
    with beside("accent"):
        accent = _accent(look.accent)
    with beside("logo"):
        logo = None if look.logo is None else checked(look.logo)
    row.shown_name, row.accent = name, accent
    if logo is not None:
        _forget(session)
        session.insert_new(BrandLogo(mark=logo.mark, picture=logo.data))
        row.logo, row.logo_ground = logo.mark, logo.ground
        row.logo_width, row.logo_height = logo.width, logo.height
    return _written(session, actor, row, trace)


def drop_logo(session: TenantSession, actor: Actor, version: int, trace: Trace) -> BrandCard:
    """Show no logo any more; the name and the accent stay.

    Raises:
        DeniedError: if the actor may not change settings.
        BadInputError: if somebody changed it since this version.
    """
    row = _held(session, actor, version, trace)
    _bare(session, row)
    return _written(session, actor, row, trace)


def clear(session: TenantSession, actor: Actor, version: int, trace: Trace) -> BrandCard:
    """Go back to Meridian's name, accent and mark.

    Raises:
        DeniedError: if the actor may not change settings.
        BadInputError: if somebody changed it since this version.
    """
    row = _held(session, actor, version, trace)
    _bare(session, row)
    row.shown_name = row.accent = None
    return _written(session, actor, row, trace)


def _held(session: TenantSession, actor: Actor, seen: int, trace: Trace) -> Brand:
    """The row, made where there was none, held against other writers, if it is as it was seen."""
    answer = may(actor, Permission.SETTINGS_EDIT)
    if isinstance(answer, Denied):
        raise DeniedError(answer.reason)
    row = session.scalars(questions.its_brand_held()).one_or_none()
    if row is None:
        made = Brand(version=0, changed_at=trace.at, changed_by=actor.person)
        session.insert_new(made)
        row = session.scalars(questions.its_brand_held()).one()
    if row.version != seen:
        raise BadInputError(
            tr("Somebody changed this meanwhile. Look at what stands there now, then save again.")
        )
    return row


def _written(session: TenantSession, actor: Actor, row: Brand, trace: Trace) -> BrandCard:
    row.version, row.changed_at, row.changed_by = row.version + 1, trace.at, actor.person
    session.flush()
    told = {"name": row.shown_name or "", "accent": row.accent or "", "logo": row.logo or ""}
    auditing.note(session, actor, Event.BRAND_CHANGED, "", told, trace=trace)
    return _card(row)


def _bare(session: TenantSession, row: Brand) -> None:
    _forget(session)
    row.logo = row.logo_width = row.logo_height = row.logo_ground = None


def _forget(session: TenantSession) -> None:
    for each in session.scalars(questions.logos()):
        session.delete(each)
    session.flush()


def _name(given: str) -> str | None:
    if not given.strip():
        return None
    told = inputs.line(tr("The shown name"), given)
    if len(told) > LONGEST_NAME:
        raise BadInputError(
            tr("The shown name is longer than {count} letters.", count=LONGEST_NAME)
        )
    return told


def _accent(given: str) -> str | None:
    told = given.strip().upper()
    if told and not is_colour(told):
        raise BadInputError(tr("The accent has to look like #6B2D5C."))
    return told or None


def _card(row: Brand) -> BrandCard:
    return BrandCard(
        name=row.shown_name or "",
        accent=row.accent or "",
        light=tones(row.accent, LIGHT) if row.accent else None,
        dark=tones(row.accent, DARK) if row.accent else None,
        logo=row.logo or "",
        size=(row.logo_width or 0, row.logo_height or 0),
        ground=row.logo_ground or "",
        version=row.version,
    )
