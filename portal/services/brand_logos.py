"""A company's logo as it was sent: checked by decoding it, and made small and plain."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal

from kpi_engine.language import tr
from portal.errors import BadInputError
from portal.services.brand_colours import DARK, LIGHT, contrast

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES: Final = 200_000
MOST_SIDE: Final = 2_000
"""Pixels of a side that are still decoded: 16 MB of memory, and no picture takes more."""
HIGHEST, WIDEST = 96, 480
"""Pixels of what is kept: more than twice what the header shows."""
_KINDS = ("PNG", "JPEG")
_SEEN, _ON_WHITE, _ON_DARK = 128, 1.5, 3.0
"""From which alpha on a pixel is looked at; the least contrast of a picture with its ground."""
Ground = Literal["", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as it is kept: a PNG without anything but its picture."""

    mark: str
    """The hash of its bytes: another picture has another mark, and so another address."""
    data: bytes
    width: int
    height: int
    ground: Ground
    """What it has to stand on to be seen; empty where it is seen on both themes."""


def checked(data: bytes) -> Logo:
    """Return what was sent as a logo.

    Raises:
        BadInputError: if it is too large, is no whole PNG or JPEG, or shows nothing.
    """
    if len(data) > MOST_BYTES:
        raise BadInputError(
            tr("The logo is larger than 200 kB. Save it smaller and choose it again.")
        )
    made = _small(data)
    kept = BytesIO()
    made.save(kept, "PNG", optimize=True)
    mark = hashlib.sha256(kept.getvalue()).hexdigest()[:32]
    return Logo(mark, kept.getvalue(), made.width, made.height, _ground(made))


def _small(data: bytes) -> "Image.Image":
    """Decode a picture and make it small; only its pixels are taken along."""
    # Loaded where a logo is sent: a process that only shows pages does without its memory.
    from PIL import Image, ImageOps  # noqa: PLC0415

    unread = BadInputError(
        tr("This file is no whole PNG or JPEG picture. Other kinds are not taken.")
    )
    try:
        found = Image.open(BytesIO(data), formats=_KINDS)
    except Exception as error:
        raise unread from error
    if not _has_end(found.format, data):
        raise unread
    # The size stands in the head of the file: nothing is unpacked before it is known.
    if max(found.size) > MOST_SIDE:
        raise BadInputError(tr("The logo is larger than 2,000 by 2,000 pixels."))
    try:
        plain = ImageOps.exif_transpose(found).convert("RGBA")
    # Decoders raise what they like on foreign bytes (SyntaxError, struct.error, OSError, ...).
    except Exception as error:
        raise unread from error
    share = min(1.0, HIGHEST / plain.height, WIDEST / plain.width)
    size = (max(1, round(plain.width * share)), max(1, round(plain.height * share)))
    bare = Image.new("RGBA", size)
    bare.paste(plain.resize(size, Image.Resampling.LANCZOS))
    return bare


def _has_end(kind: str | None, data: bytes) -> bool:
    """Say whether a file goes on to its end.

    What draws our papers has the decoders of its process fill up what a cut file lacks.
    """
    if kind == "PNG":
        return _PNG_ENDS in data
    return data.rfind(_JPEG_ENDS) > data.rfind(_JPEG_SCANS)


_PNG_ENDS = b"IEND\xaeB`\x82"
_JPEG_SCANS, _JPEG_ENDS = b"\xff\xda", b"\xff\xd9"


def _ground(made: "Image.Image") -> Ground:
    """Say what a picture has to stand on: of a white one nothing is seen on a light page."""
    from PIL import ImageStat  # noqa: PLC0415 - as above

    alpha = made.getchannel("A")
    if not any(alpha.histogram()[:_SEEN]):
        return ""
    seen = alpha.point([255 if level >= _SEEN else 0 for level in range(256)])
    if not seen.getbbox():
        raise BadInputError(tr("The logo shows nothing: every pixel of it is transparent."))
    mean = ImageStat.Stat(made.convert("RGB"), seen).mean
    colour = "#" + "".join(f"{round(part):02X}" for part in mean)
    if contrast(colour, LIGHT.surfaces[0]) < _ON_WHITE:
        return "dark"
    return "light" if contrast(colour, DARK.surfaces[0]) < _ON_DARK else ""
