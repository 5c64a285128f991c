"""What is said of a KPI besides its measure: class, stage, department, timing, direction."""

from enum import StrEnum


class KpiClass(StrEnum):
    """Effort, the value of the effort, or its result."""

    ACTIVITY = "activity"
    QUALITY = "quality"
    OUTCOME = "outcome"


class Stage(StrEnum):
    """Stages of the customer journey, and the two rooms beside it."""

    AWARENESS = "awareness"
    LEAD_GENERATION = "lead_generation"
    QUALIFICATION = "qualification"
    SALES = "sales"
    ONBOARDING = "onboarding"
    RETENTION = "retention"
    SERVICE = "service"
    DATA_QUALITY = "data_quality"


class Department(StrEnum):
    """Who works on it."""

    SALES = "sales"
    MARKETING = "marketing"
    SERVICE = "service"
    SUCCESS = "success"
    OPERATIONS = "operations"


class Timing(StrEnum):
    """Whether it tells before or after the result."""

    LEADING = "leading"
    LAGGING = "lagging"


class Better(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"
