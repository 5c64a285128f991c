"""Leads: when they come, how soon they are answered, and which are worth pursuing."""

from dataclasses import dataclass

import numpy as np

from portal.demo.generated.campaigns import (
    BAD_SOURCE,
    QUALIFY,
    SHARES,
    SOURCES,
    Campaigns,
)
from portal.demo.generated.clock import Clock
from portal.demo.generated.companies import company_names, person_names
from portal.demo.generated.draws import Draws, Flags, Floats, Ints
from portal.demo.generated.people import HIDDEN_GEM, REGIONS, lead_share, region_of, seller_id
from portal.demo.generated.stories import BAD_LEADS_A_DAY, Stories
from portal.demo.generated.tables import Table, ids

_A_DAY = 5.5
_GROWTH = 0.00028
_SEASON = (1.0, 1.05, 1.08, 1.0, 1.0, 0.98, 0.88, 0.82, 1.03, 1.04, 1.04, 0.82)
_CONVERT = 0.56
_REASONS = ("No budget", "No need", "Wrong contact", "Competitor", "Student or private")


@dataclass(frozen=True, slots=True)
class Leads:
    """Every lead, by number, in the order in which they came."""

    created: Floats
    source: Ints
    campaign: Ints
    seller: Ints
    answered: Floats
    """When somebody of the company first got in touch; nothing where nobody did."""
    qualified: Floats
    converted: Floats
    dropped: Floats
    score: Floats
    bad: Flags

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.created)


def made_leads(clock: Clock, stories: Stories, campaigns: Campaigns) -> Leads:
    """Make the leads of the whole history."""
    draws = Draws("leads")
    created, bad = _arrivals(clock, stories, draws)
    count = len(created)
    source = np.where(bad, BAD_SOURCE, draws.pick(SHARES, count))
    campaign = np.where(bad, campaigns.bad, campaigns.of_lead(source, created))
    seller = draws.pick(lead_share(), count)
    answered = _answers(clock, created, seller, bad, draws)
    worth = np.array(QUALIFY)[source] * np.where(seller == HIDDEN_GEM, 1.2, 1.0)
    good = draws.chance(worth, count) & ~np.isnan(answered)
    qualified = np.where(good, answered + draws.spread(3.2, 0.7, count), np.nan)
    wins = good & draws.chance(_CONVERT, count)
    converted = np.where(wins, qualified + draws.spread(3.8, 0.7, count), np.nan)
    dropped = np.where(
        ~good & draws.chance(0.86, count), created + draws.spread(11, 0.6, count), np.nan
    )
    score = 44 + 15 * draws.normal(count) + 17 * good + 9 * wins - 12 * bad
    return Leads(
        created,
        source,
        campaign,
        seller,
        _known(answered, clock),
        _known(qualified, clock),
        _known(converted, clock),
        _known(dropped, clock),
        np.round(score).clip(1, 99),
        bad,
    )


def _known(when: Floats, clock: Clock) -> Floats:
    """Return the moments that lie before today."""
    return np.where(when < clock.end - 0.3, when, np.nan)


def _arrivals(clock: Clock, stories: Stories, draws: Draws) -> tuple[Floats, Flags]:
    """Return when leads come, and which are of the campaign of the story."""
    days = np.arange(int(clock.end))
    season = np.array([_SEASON[clock.day(float(day)).month - 1] for day in days])
    calm = np.where(clock.weekend(days.astype(np.float64)), 0.16, 1.33)
    usual = np.repeat(days, draws.counts(_A_DAY * (1 + _GROWTH * days) * season * calm, len(days)))
    start, end = stories.campaign
    lasts = np.arange(int(start), int(end))
    extra = np.repeat(lasts, draws.counts(BAD_LEADS_A_DAY, len(lasts)))
    day = np.concatenate([usual, extra]).astype(np.float64)
    bad = np.arange(len(day)) >= len(usual)
    created = day + (6 + 12 * draws.between(0, 1, len(day)) ** 1.2) / 24
    order = np.argsort(created, kind="stable")
    return created[order], bad[order]


def _answers(clock: Clock, created: Floats, seller: Ints, bad: Flags, draws: Draws) -> Floats:
    """Return when each lead is first answered; a few never are."""
    count = len(created)
    hours = draws.spread(1.5, 0.95, count)
    hours *= np.where(seller == HIDDEN_GEM, 0.35, 1.0) * np.where(bad, 3.0, 1.0)
    begins = clock.working(created, draws)
    answered = np.maximum(clock.working(begins + hours / 24, draws), created + 0.003)
    return np.where(draws.chance(np.where(bad, 0.88, 0.96), count), answered, np.nan)


def leads(made: Leads, clock: Clock, deals: Ints, accounts: Ints) -> Table:
    """The leads as records; `deals` and `accounts` are what the converted ones became, or -1."""
    draws, count = Draws("people of leads"), made.count
    given, family = person_names(draws, count)
    firm = company_names(count, skip=2_400)
    region = region_of(made.seller)
    country = draws.between(0, 1, count)
    reason = draws.any_of(len(_REASONS), count)
    lost = ~np.isnan(made.dropped)
    status = np.where(lost, "disqualified", "working")
    status = np.where(np.isnan(made.answered), "new", status)
    status = np.where(~np.isnan(made.qualified), "qualified", status)
    status = np.where(~np.isnan(made.converted), "converted", status)
    return {
        "id": ids("L", np.arange(count)),
        "name": [f"{g} {f}" for g, f in zip(given, family, strict=True)],
        "email": [
            f"{g}.{f}@{c.replace(' ', '-')}.example".lower()
            for g, f, c in zip(given, family, firm, strict=True)
        ],
        "company": firm,
        "country": [
            REGIONS[r].countries[int(share * len(REGIONS[r].countries))]
            for r, share in zip(region, country, strict=True)
        ],
        "lead_source": [SOURCES[n] for n in made.source],
        "campaign_id": ids("K", made.campaign),
        "owner_id": [seller_id(n) for n in made.seller],
        "status": status.tolist(),
        "score": made.score,
        "created_at": clock.moments(made.created),
        "qualified_at": clock.moments(made.qualified),
        "disqualified_at": clock.moments(made.dropped),
        "disqualified_reason": [
            _REASONS[n] if yes else None for n, yes in zip(reason, lost, strict=True)
        ],
        "converted_at": clock.moments(made.converted),
        "opportunity_id": ids("D", deals),
        "account_id": ids("A", accounts),
    }
