"""What marketing reaches: visits of pages, mail, events and forms, as touches."""

import numpy as np

from portal.demo.generated.campaigns import SOURCES, Campaigns
from portal.demo.generated.clock import Clock
from portal.demo.generated.draws import Draws, Floats, Ints
from portal.demo.generated.leads import Leads
from portal.demo.generated.tables import Table, ids, stacked

_VISITS = 265.0
_MAIL = 2_300.0
_WAVES = 4
_MAIL_SHARES = {
    "delivered": 0.972,
    "bounced": 0.028,
    "opened": 0.29,
    "clicked": 0.047,
    "responded": 0.026,
    "converted": 0.011,
}
_EVENTS = ("Webinar", "Event")
_ONLINE = ("Website", "Webinar", "Paid search", "Email")
_COMES = {"Webinar": 0.47, "Event": 0.68}


def touches(clock: Clock, made: Campaigns, leads: Leads) -> Table:
    """All touches, in the order of time."""
    parts = [_visits(clock), *_campaign_visits(clock, made), *_mail(clock, made)]
    parts += [*_events(clock, made), _forms(leads)]
    table = stacked(parts)
    order = np.argsort(table["at"], kind="stable")
    at = table["at"][order]
    return {
        "id": ids("X", np.arange(len(order))),
        "campaign_id": ids("K", table["campaign"][order].astype(np.int64)),
        "lead_id": ids("L", table["lead"][order].astype(np.int64)),
        "kind": [table["kind"][n] for n in order],
        "occurred_at": clock.moments(at),
        "count": table["count"][order].astype(np.int64),
    }


def _part(kind: str, campaign: int, at: Floats, count: Ints) -> Table:
    known = count > 0
    size = int(known.sum())
    return {
        "campaign": np.full(size, campaign),
        "lead": np.full(size, -1),
        "kind": [kind] * size,
        "at": at[known],
        "count": count[known],
    }


def _visits(clock: Clock) -> Table:
    draws = Draws("visits")
    day = np.arange(clock.end)
    calm = np.where(clock.weekend(day), 0.4, 1.24)
    return _part(
        "visited", -1, day + 0.5, draws.counts(_VISITS * (1 + 0.0004 * day) * calm, len(day))
    )


def _campaign_visits(clock: Clock, made: Campaigns) -> list[Table]:
    found = []
    for number in range(len(made.name)):
        draws = Draws(f"visits of {number}")
        day = np.arange(made.start[number], min(made.end[number], clock.end))
        many = 34.0 if number == made.bad else 19.0
        visits = draws.counts(many, len(day))
        found.append(_part("visited", number, day + 0.55, visits))
        # In a few of the visits somebody does what the campaign asked for.
        does = draws.counts(visits * (0.011 if number == made.bad else 0.034), len(day))
        found.append(_part("converted", number, day + 0.6, does))
    return found


def _mail(clock: Clock, made: Campaigns) -> list[Table]:
    found = []
    for number in range(len(made.name)):
        draws = Draws(f"mail of {number}")
        at = made.start[number] + 3 + 14.0 * np.arange(_WAVES) + 0.4
        at = at[at < clock.end - 1]
        sent = draws.counts(_MAIL * (1 + 0.0003 * at), len(at))
        found.append(_part("sent", number, at, sent))
        bounced = draws.counts(sent * _MAIL_SHARES["bounced"], len(at))
        found.append(_part("bounced", number, at + 0.02, bounced))
        found.append(_part("delivered", number, at + 0.02, sent - bounced))
        for kind in ("opened", "clicked", "responded", "converted"):
            worse = 0.45 if number == made.bad else 1.0
            some = draws.counts((sent - bounced) * _MAIL_SHARES[kind] * worse, len(at))
            found.append(_part(kind, number, at + 0.3, some))
    return found


def _events(clock: Clock, made: Campaigns) -> list[Table]:
    found = []
    for number, source in enumerate(made.source):
        name, draws = SOURCES[source], Draws(f"guests of {number}")
        if name not in _EVENTS:
            continue
        held = made.start[number] + np.array([21.0, 42.0])
        registers: Floats = held - 9
        size = draws.counts(88, 2)
        comes = draws.counts(size * _COMES[name], 2)
        early = registers < clock.end - 1
        found.append(_part("registered", number, registers[early] + 0.45, size[early]))
        late = held < clock.end - 1
        found.append(_part("attended", number, held[late] + 0.6, comes[late]))
    return found


def _forms(leads: Leads) -> Table:
    """A form for each lead that came over the pages, a little before the lead was there."""
    online = np.isin(leads.source, [SOURCES.index(name) for name in _ONLINE])
    rows = np.flatnonzero(online)
    return {
        "campaign": leads.campaign[rows],
        "lead": rows,
        "kind": ["form_submitted"] * len(rows),
        "at": leads.created[rows] - 0.002,
        "count": np.ones(len(rows), dtype=np.int64),
    }
