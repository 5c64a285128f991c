"""What is no small picture is refused whole, and what is kept is only its pixels."""

import random
import struct
import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageFile, PngImagePlugin

from portal.errors import BadInputError
from portal.services.brand_logos import HIGHEST, MOST_BYTES, WIDEST, checked


def _picture(kind: str = "PNG", size: tuple[int, int] = (600, 300)) -> bytes:
    kept = BytesIO()
    Image.new("RGB", size, "#6B2D5C").save(kept, kind)
    return kept.getvalue()


def _noise() -> bytes:
    kept = BytesIO()
    drawn = random.Random(1).randbytes(300 * 300 * 3)
    Image.frombytes("RGB", (300, 300), drawn).save(kept, "PNG")
    return kept.getvalue()


def _bomb(side: int) -> bytes:
    """The head of a PNG that says it is so large, and nothing behind it."""
    head = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    body = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_made_small_and_a_png(kind: str) -> None:
    logo = checked(_picture(kind))
    with Image.open(BytesIO(logo.data)) as found:
        assert (found.format, found.size) == ("PNG", (192, 96))
    assert (logo.width, logo.height) == (192, 96)


@pytest.mark.parametrize("size", [(2000, 10), (10, 2000), (1, 1), (2000, 2000)])
def test_no_shape_is_larger_than_its_place(size: tuple[int, int]) -> None:
    logo = checked(_picture(size=size))
    assert 1 <= logo.width <= WIDEST
    assert 1 <= logo.height <= HIGHEST


def test_what_is_written_in_a_picture_is_not_kept() -> None:
    kept, told = BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Comment", "<script>alert(1)</script>")
    Image.new("RGB", (9, 9)).save(kept, "PNG", pnginfo=told)
    assert b"script" in kept.getvalue()
    assert b"script" not in checked(kept.getvalue()).data


def test_the_same_picture_has_the_same_mark() -> None:
    assert checked(_picture()).mark == checked(_picture()).mark
    assert checked(_picture()).mark != checked(_picture(size=(40, 40))).mark


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        _picture("GIF"),
        _picture("WEBP"),
        _picture("TIFF", (9, 9)),
        _noise()[:900],
        _picture("JPEG")[:-9],
        b"\x89PNG\r\n\x1a\n<script>",
    ],
    ids=[
        "nothing",
        "svg",
        "html",
        "gif",
        "webp",
        "tiff",
        "truncated",
        "cut jpeg",
        "only the signature",
    ],
)
@pytest.mark.parametrize("filled_up", [False, True])
def test_what_is_no_whole_picture_is_refused(
    data: bytes, filled_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", filled_up)
    with pytest.raises(BadInputError, match="no whole PNG"):
        checked(data)


@pytest.mark.parametrize("side", [2001, 10_000, 60_000])
def test_a_bomb_is_refused_by_its_head(side: int) -> None:
    with pytest.raises(BadInputError, match=r"2,000 by 2,000|no whole PNG"):
        checked(_bomb(side))


def test_a_file_is_refused_by_its_size_before_it_is_read() -> None:
    with pytest.raises(BadInputError, match="200 kB"):
        checked(_noise() + b"0" * MOST_BYTES)
    assert checked(_picture() + b"0" * 100).width == 192


def test_what_hides_behind_a_picture_is_gone_and_what_begins_as_another_is_refused() -> None:
    sent = _picture() + b"<?php evil(); ?><script>alert(1)</script>PK\x03\x04"
    assert b"script" not in checked(sent).data
    with pytest.raises(BadInputError, match="no whole PNG"):
        checked(b"GIF89a/*" + _picture())


@pytest.mark.parametrize(
    ("colour", "ground"),
    [
        ((255, 255, 255, 255), ""),
        ((250, 250, 250, 0), "dark"),
        ((10, 20, 60, 0), "light"),
        ((120, 130, 150, 0), ""),
    ],
    ids=["no pixel is clear", "white letters", "navy letters", "read on both"],
)
def test_a_logo_says_on_what_it_is_seen(colour: tuple[int, int, int, int], ground: str) -> None:
    made = Image.new("RGBA", (60, 30), colour)
    made.paste((*colour[:3], 255), (10, 10, 50, 20))
    kept = BytesIO()
    made.save(kept, "PNG")
    assert checked(kept.getvalue()).ground == ground


def test_a_picture_of_nothing_is_refused() -> None:
    kept = BytesIO()
    Image.new("RGBA", (60, 30)).save(kept, "PNG")
    with pytest.raises(BadInputError, match="shows nothing"):
        checked(kept.getvalue())


def test_a_picture_turned_by_its_camera_stands_upright() -> None:
    kept, turned = BytesIO(), Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (60, 30)).save(kept, "JPEG", exif=turned)
    logo = checked(kept.getvalue())
    assert (logo.width, logo.height) == (30, 60)


def test_no_decoder_is_loaded_before_a_logo_is_sent() -> None:
    # Plotly loads the rest of Pillow, for figures that hold pictures.
    code = "import sys, portal.app; sys.exit('PIL.PngImagePlugin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
