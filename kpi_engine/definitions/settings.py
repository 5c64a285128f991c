"""The tenant's settings: limits, windows, weights and hours that definitions may use by name."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kpi_engine.definitions.setting_forms import (
    Check,
    business_hours,
    days_off,
    health_components,
    number,
    texts,
    time_span,
    word,
)
from kpi_engine.errors import KpiError, did_you_mean


class BadSettingsError(KpiError):
    """Settings cannot be used; `faults` has every reason, the text lists them a line each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: what it is for, what it is when nothing is said, and what it may be."""

    name: str
    description: str
    default: object
    check: Check
    """Returns the value in its plain form, or raises ValueError with the end of a sentence."""


_HEALTH: Mapping[str, Mapping[str, float]] = {
    "usage": {"weight": 7, "worst": 0, "best": 12, "days": 30},
    "tickets": {"weight": 5, "worst": 5, "best": 0, "days": 30},
    "satisfaction": {"weight": 8, "worst": 1, "best": 5, "days": 90},
    "renewal": {"weight": 3, "worst": 0, "best": 1, "days": 365},
    "contact": {"weight": 5, "worst": 120, "best": 14, "days": 365},
}
_HOURS = {
    "days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    "open": "09:00",
    "close": "17:00",
}

_ALL = (
    Setting("lead_response_limit", "A lead is answered in time within this.", "4h", time_span),
    Setting("qualification_window", "A lead may be qualified within this.", "30d", time_span),
    Setting(
        "opportunity_window", "A lead may become an opportunity within this.", "30d", time_span
    ),
    Setting(
        "onboarding_window", "A customer's onboarding may be done within this.", "60d", time_span
    ),
    Setting(
        "lead_score_threshold",
        "A lead with this score or more is expected to convert.",
        50,
        number(-1e6, 1e6),
    ),
    Setting(
        "proposal_stages",
        "The stages in which a proposal is made; none: those whose name has 'proposal' in it.",
        [],
        texts,
    ),
    Setting("gross_margin", "Share of revenue that is left after its cost.", 0.8, number(0, 1)),
    Setting(
        "fcr_reply_limit",
        "A ticket solved with at most so many replies was solved at first contact.",
        1,
        number(0, 1_000, whole=True),
    ),
    Setting("satisfied_from", "A rating of this or more is a satisfied one.", 4, number(-1e6, 1e6)),
    Setting(
        "outdated_contact_days",
        "A contact without update or activity for so many days is outdated.",
        180,
        number(1, 36_500, whole=True),
    ),
    Setting(
        "stale_deal_days",
        "An open deal without change for so many days is stale.",
        30,
        number(1, 36_500, whole=True),
    ),
    Setting(
        "health_threshold", "A customer with health under this is at risk.", 50, number(0, 100)
    ),
    Setting(
        "health_components",
        "What a customer's health is made of: weight, the figures that score 0 and 100, and the"
        " days that are looked at.",
        _HEALTH,
        health_components(_HEALTH),
    ),
    Setting(
        "forecast_category",
        "The category of forecasts that is compared with what was won, where forecasts have one.",
        "commit",
        word,
    ),
    Setting(
        "business_hours",
        "The working days and hours, in the tenant's zone.",
        _HOURS,
        business_hours(_HOURS),
    ),
    Setting("holidays", "Days off on which no business hour passes.", [], days_off),
)
SETTINGS: Mapping[str, Setting] = {setting.name: setting for setting in _ALL}
"""Every setting by name."""


class Settings(Mapping[str, object]):
    """The settings of one tenant: its own values, and the defaults for the rest. Frozen.

    A list comes as a tuple, a mapping as a dict that is the caller's own.
    """

    __slots__ = ("_text", "_values")

    def __init__(self, own: Mapping[str, object] | None = None) -> None:
        """Check `own` and fill in the defaults.

        Raises:
            BadSettingsError: naming every setting that is unknown or cannot be what it is.
        """
        own = own or {}
        faults = [
            f"There is no setting called '{name}'.{did_you_mean(str(name), SETTINGS)}"
            for name in own
            if name not in SETTINGS
        ]
        values: dict[str, object] = {}
        for name, setting in SETTINGS.items():
            try:
                values[name] = setting.check(own.get(name, setting.default))
            except ValueError as error:
                faults.append(f"The setting '{name}' {error}")
        if faults:
            raise BadSettingsError(tuple(faults))
        self._values: Mapping[str, object] = values
        self._text = json.dumps(values, sort_keys=True)

    def __getitem__(self, name: str) -> object:
        return copy.deepcopy(self._values[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(self._text)

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Settings) else NotImplemented

    def __repr__(self) -> str:
        return f"Settings({self._text})"
