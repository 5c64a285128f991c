"""The page on which an administrator sets what their company shows of itself."""

from collections.abc import Mapping
from datetime import datetime

from kpi_engine.language import tr
from portal.readmodels.brand import AppearanceForm, AppearancePage, Sample
from portal.security.actor import Actor
from portal.services import branding, kept_forms, tenants
from portal.services.brand_colours import DARK, LIGHT, Grounds, Tones, is_colour, tones
from portal.services.brand_logos import MOST_BYTES
from portal.services.branding import LONGEST_NAME, BrandCard
from portal.tenancy.session import TenantSession

PATH = "/admin/company"
FORM = "brand"
PARTS = ("name", "accent", "logo")
WRONG = "wrong"
"""The name in an address by which the page knows which field was refused."""
PRODUCT = {
    LIGHT: Tones("#0B5C7A", "#FFFFFF", "#E3EFF4"),
    DARK: Tones("#5CC4E4", "#08202B", "#12303C"),
}
"""Meridian's own accent in each theme, as in `10-tokens.css`."""
_INKS = {LIGHT: "#14202E", DARK: "#E8EEF4"}


def read(
    session: TenantSession, actor: Actor, query: Mapping[str, str], now: datetime, csrf: str
) -> AppearancePage:
    """Return the page; with what was refused in its fields, if the address asks for it."""
    card, company = branding.read(session), tenants.get(session).name
    form = _form(session, actor, query, now, card)
    return AppearancePage(
        company=company,
        shown=branding.shown(card, company),
        form=form,
        samples=samples(form.accent),
        longest=LONGEST_NAME,
        most=MOST_BYTES,
        csrf=csrf,
        named=card.name,
        own=bool(card.name or card.accent or card.logo),
    )


def samples(accent: str) -> tuple[Sample, ...]:
    """Return how an accent looks in each theme; Meridian's for what is no colour (yet)."""
    told = accent.strip().upper()
    if not is_colour(told):
        own = tr("Meridian's own.")
        return (
            _seen(tr("Light"), PRODUCT[LIGHT], LIGHT, own),
            _seen(tr("Dark"), PRODUCT[DARK], DARK, own),
        )
    return (
        _sample(tr("Light"), told, tones(told, LIGHT), LIGHT),
        _sample(tr("Dark"), told, tones(told, DARK), DARK),
    )


def _sample(theme: str, accent: str, made: Tones, grounds: Grounds) -> Sample:
    if made.brand == accent:
        said = tr("Shown as it is.")
    elif grounds is LIGHT:
        said = tr("Darkened to {colour}, so that it can be read.", colour=made.brand)
    else:
        said = tr("Lightened to {colour}, so that it can be read.", colour=made.brand)
    return _seen(theme, made, grounds, said)


def _seen(theme: str, made: Tones, grounds: Grounds, said: str) -> Sample:
    surface, ink = grounds.surfaces[0], _INKS[grounds]
    return Sample(theme, surface, ink, made.brand, made.on_brand, made.soft, said)


def _form(
    session: TenantSession,
    actor: Actor,
    query: Mapping[str, str],
    now: datetime,
    card: BrandCard,
) -> AppearanceForm:
    kept = kept_forms.kept(session, actor, FORM, query, now)
    version = str(card.version)
    if kept is None:
        return AppearanceForm(version, card.name, card.accent)
    wrong = query.get(WRONG, "")
    return AppearanceForm(
        version,
        kept.one("name", card.name),
        kept.one("accent", card.accent),
        wrong if wrong in PARTS else "",
        kept.why,
    )
