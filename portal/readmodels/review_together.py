"""What may be approved in one press."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TogetherRow:
    """A KPI that may be approved with others: `sends` is its id and version as the form has it."""

    sends: str
    name: str
    value: str
    owner: str
    href: str


@dataclass(frozen=True, slots=True)
class Together:
    """What who signs may approve in one press."""

    title: str
    sub: str
    button: str
    rows: tuple[TogetherRow, ...]
