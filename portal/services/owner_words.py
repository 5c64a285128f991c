"""Owners as pages show them: rounds with their shares, and in words."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from kpi_engine.definitions.kinds import Kpi, KpiKey
from kpi_engine.language import tr
from portal.readmodels.cards import OwnerShare
from portal.services import catalogue_words, ownership
from portal.services.desks import Desk
from portal.services.numbers import TENANT, Who
from portal.services.ownership import Ownership


def known(
    desk: Desk, kpis: Collection[KpiKey], who: Who = TENANT
) -> Mapping[KpiKey, tuple[OwnerShare, ...]]:
    """Return whose rounds stand at each KPI; one that nobody owns is missing."""
    found = ownership.answering(desk.session, kpis, desk.today, who)
    return {kpi: rounds(one) for kpi, one in found.items()}


def rounds(one: Ownership) -> tuple[OwnerShare, ...]:
    """Return the co-owners with their shares where a KPI is shared, else its owner."""
    if not one.shares:
        return (OwnerShare(one.accountable.name, ""),)
    return tuple(
        OwnerShare(share.person.name, "", Decimal(percent(share.percent))) for share in one.shares
    )


def percent(share: Decimal) -> str:
    """Return a share as short as it is exact: '60', '33.3'."""
    text = f"{share:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def names(shares: tuple[OwnerShare, ...], kpi: Kpi) -> str:
    """Return the owners by name; the KPI's department where nobody owns it."""
    if not shares:
        return catalogue_words.titled(kpi.department)
    return ", ".join(
        one.name if one.share is None else f"{one.name} {one.share}\u00a0%" for one in shares
    )


def sentence(one: Ownership) -> str:
    """Tell who answers for a KPI in words: each share with its responsibility, cover, updaters."""
    if one.shares:
        parts = [
            f"{share.person.name}, {percent(share.percent)}\u00a0% ({share.component})"
            for share in one.shares
        ]
        held = "; ".join(parts)
        told = tr("{shares}. Accountable: {name}", shares=held, name=one.accountable.name)
    else:
        told = one.accountable.name
    if one.cover is not None:
        told = tr("{told}; {name} covers today", told=told, name=one.cover.name)
    if one.updaters:
        names = ", ".join(each.name for each in one.updaters)
        told = tr("{told}; updated by {names}", told=told, names=names)
    return told
