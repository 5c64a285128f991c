"""What the KPI builder shows. Finished text; drawing works nothing out."""

from dataclasses import dataclass

from portal.readmodels.cards import Change, Choice, Head, Status
from portal.readmodels.kpi_page import RecordRow


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field; `group` is the heading it stands under."""

    value: str
    text: str
    chosen: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form, with what is wrong with it."""

    name: str
    label: str
    value: str = ""
    options: tuple[Option, ...] = ()
    error: str = ""
    hint: str = ""
    longest: int = 200
    area: bool = False
    wide: bool = False
    fixed: bool = False
    """Whether it cannot be changed: the key of a KPI that is there."""
    submits: bool = False
    """Whether a change of it changes which fields there are."""
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition: column, what is asked, and the fields of its values."""

    column: Field
    ask: Field | None
    values: tuple[Field, ...]
    error: str
    drop: str
    """The step that takes it out."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of one part."""

    title: str
    rows: tuple[ConditionRow, ...]
    add: str
    """The step that adds one; empty where there is no room."""
    error: str = ""
    optional: bool = True
    """Whether every record counts where there is none; a share needs one."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form."""

    title: str
    sub: str
    fields: tuple[Field, ...]
    conditions: tuple[Conditions, ...] = ()


@dataclass(frozen=True, slots=True)
class KindCard:
    """A kind of measure to choose."""

    step: str
    name: str
    says: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class TrialBar:
    """One period: its value, and its bar as a share of the scale."""

    label: str
    period: str
    value: str
    """Or the reason that there is none."""
    n: str
    filled: float | None
    old: str = ""
    old_filled: float | None = None
    change: str = ""
    crossed: str = ""
    """'Watch before, on target now'; empty where the status is the same."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The number while it is built."""

    title: str
    sub: str
    value: str
    absence: str
    change: Change | None
    bars: tuple[TrialBar, ...]
    formula: str
    scopes: tuple[Choice, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One column that the KPI needs, and how well it is filled."""

    column: str
    records: str
    share: str
    filled: float | None
    fresh: str
    status: Status | None


@dataclass(frozen=True, slots=True)
class Note:
    """One opinion on the definition: what, and how grave."""

    status: Status
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The first records behind the last period."""

    title: str
    sub: str
    columns: tuple[str, ...]
    numbers: frozenset[int]
    rows: tuple[RecordRow, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change would move: values, statuses, and what stands on the KPI."""

    sub: str
    finding: str
    bars: tuple[TrialBar, ...]
    facts: tuple[tuple[str, tuple[Choice, ...], str], ...]
    """A name, links, and words where there are no links."""


@dataclass(frozen=True, slots=True)
class BuilderPage:
    """The builder with a draft in it."""

    head: Head
    action: str
    """Where the form goes; a step is added to it."""
    kinds: tuple[KindCard, ...]
    sections: tuple[Section, ...]
    trial: Trial | None
    trial_absence: str
    notes: tuple[Note, ...]
    needs: tuple[NeedRow, ...]
    sample: Sample | None
    yaml: str
    drafts: tuple[Choice, ...]
    said: str = ""
    refused: str = ""
    impact: Impact | None = None
    proposes: bool = True
    forks: bool = False
    """Whether it can be made a KPI of its own instead of the next version."""
    reason: str = ""
