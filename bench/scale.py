"""How large a generated tenant is."""

from dataclasses import dataclass, fields
from datetime import date


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers of records; what is not named here follows from them."""

    reps: int
    teams: int
    accounts: int
    customers: int
    contacts: int
    campaigns: int
    touches: int
    leads: int
    opportunities: int
    activities: int
    tickets: int
    usage: int
    seed: int = 1
    start: date = date(2023, 1, 1)
    end: date = date(2026, 1, 1)

    def variables(self) -> dict[str, int]:
        """Return what the SQL of `bench/rows` reads with `getvariable`."""
        counts = {f.name: getattr(self, f.name) for f in fields(self) if f.type in (int, "int")}
        epoch = date(1970, 1, 1)
        return {
            **counts,
            "days": (self.end - self.start).days,
            "origin_us": (self.start - epoch).days * 86_400_000_000,
            "finish_us": (self.end - epoch).days * 86_400_000_000,
            # About what a rep wins in a month, so that quotas and forecasts make sense.
            "won_month": round(self.opportunities / self.reps / 36 * 0.3 * 8000),
        }


LARGE = Scale(
    reps=500,
    teams=40,
    accounts=60_000,
    customers=25_000,
    contacts=150_000,
    campaigns=300,
    touches=1_500_000,
    leads=1_000_000,
    opportunities=400_000,
    activities=10_000_000,
    tickets=500_000,
    usage=2_000_000,
)


def scaled(factor: float, *, reps: int, teams: int, seed: int = 1) -> Scale:
    """Return the large tenant made smaller by `factor`, with so many reps in so many teams."""
    return Scale(
        reps=reps,
        teams=teams,
        campaigns=max(12, round(LARGE.campaigns * factor**0.5)),
        **{
            name: max(8, round(getattr(LARGE, name) * factor))
            for name in (
                "accounts",
                "customers",
                "contacts",
                "touches",
                "leads",
                "opportunities",
                "activities",
                "tickets",
                "usage",
            )
        },
        seed=seed,
    )


SCALES = {
    "large": LARGE,
    "small": scaled(0.005, reps=25, teams=5),
    "tiny": scaled(0.0004, reps=8, teams=4),
}
