"""How a company shows itself around every page, and the page on which that is set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brand:
    """The name, the logo and the accent that pages carry; as it comes, Meridian's."""

    name: str = "Meridian"
    """In the header, and in the browser's title."""
    logo: str = ""
    """The address of the logo; empty for Meridian's mark."""
    alt: str = ""
    """What the logo says where no name stands beside it."""
    size: tuple[int, int] = (0, 0)
    """Width and height of the logo, in pixels."""
    ground: str = ""
    """What the logo has to stand on: 'light', 'dark', or empty for either."""
    icon: str = ""
    """The address of the browser's icon; empty for Meridian's."""
    sheet: str = ""
    """The address of the style sheet with the accent; empty for Meridian's."""
    own: bool = False
    """Whether the name or the logo is the company's."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on top of a paper; as it comes, nothing."""

    name: str = ""
    """The name that the company shows; empty where it shows none of its own."""
    logo: bytes = b""
    """PNG; empty without a logo."""
    ground: str = ""
    """What the logo has to stand on, as in `Brand`."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The accent on the pages of one theme, each colour `#RRGGBB`."""

    theme: str
    """'Light', 'Dark', in the reader's language."""
    surface: str
    ink: str
    brand: str
    on_brand: str
    soft: str
    told: str
    """What became of the accent: 'Shown as it is.', 'Darkened to #8A6D00, so that …'."""


@dataclass(frozen=True, slots=True)
class AppearanceForm:
    """What stands in the fields, and what is wrong with one of them."""

    version: str
    """Of what the fields were drawn from."""
    name: str
    accent: str
    wrong: str = ""
    """The field that was refused: 'name', 'accent', 'logo'; empty where it is none of them."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class AppearancePage:
    """What a company shows of itself, and the form that changes it."""

    company: str
    shown: Brand
    form: AppearanceForm
    samples: tuple[Sample, ...]
    """Of the accent, or of Meridian's where it is none."""
    longest: int
    """Letters of a name."""
    most: int
    """Bytes of a logo."""
    csrf: str
    own: bool
    """Whether anything of it is the company's own."""
    named: str
    """The name that is shown now; empty for Meridian's."""
