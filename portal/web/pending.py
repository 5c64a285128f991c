"""Between the steps of signing in: who proved what so far, signed in the browser, for minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from flask import session

from portal.services import signing_in
from portal.services.signing_in import Account

_NAME = "pending"


class Step(StrEnum):
    """What comes next."""

    COMPANY = "company"
    CODE = "code"
    SETUP = "setup"


_LASTS = {
    Step.COMPANY: timedelta(minutes=5),
    Step.CODE: timedelta(minutes=5),
    Step.SETUP: timedelta(minutes=15),
}
"""How long the first proof waits for the next; putting a secret into a telephone takes longest."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Whose first proof was right, when they gave it, and what is asked next."""

    step: Step
    accounts: Sequence[Account]
    proven_at: datetime | None


def keep(pending: Pending, now: datetime) -> None:
    """Keep, signed, what was proven; what stood there before is gone. No password is in it."""
    session.clear()
    session[_NAME] = {
        "step": pending.step.value,
        "until": (now + _LASTS[pending.step]).timestamp(),
        "proven": pending.proven_at.timestamp() if pending.proven_at else None,
        "accounts": [
            [one.tenant, one.tenant_name, str(one.person), one.stamp] for one in pending.accounts
        ],
    }


def kept(now: datetime) -> Pending | None:
    """Return what was kept, or None where it is too old or nothing was."""
    found = session.get(_NAME)
    if found is None or datetime.fromtimestamp(found["until"], UTC) < now:
        return None
    proven = found["proven"]
    return Pending(
        Step(found["step"]),
        [signing_in.account(*parts) for parts in found["accounts"]],
        datetime.fromtimestamp(proven, UTC) if proven is not None else None,
    )
