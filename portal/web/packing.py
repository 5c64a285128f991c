"""Answers made small: scripts and styles once, by the best of brotli; pages as they are made."""

import gzip
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Flask, Response, request

_BEST, _QUICK, _GZIP = 11, 4, 6
_WORTH_IT = 1_000
_TEXT = frozenset({"text/html", "application/json", "text/css", "text/javascript", "image/svg+xml"})


@dataclass(frozen=True, slots=True)
class Packed:
    """One file in the forms that browsers take."""

    raw: bytes
    brotli: bytes | None
    gzip: bytes | None
    mimetype: str

    def response(self) -> Response:
        """Return the file in the smallest form that the browser takes."""
        encoding = _taken()
        packed = {"br": self.brotli, "gzip": self.gzip}.get(encoding or "")
        found = Response(packed or self.raw, mimetype=self.mimetype)
        if packed:
            found.headers["Content-Encoding"] = encoding
        found.headers["Vary"] = "Accept-Encoding"
        return found


def pack(raw: bytes, mimetype: str, folder: Path) -> Packed:
    """Return a file packed; what was packed before is found in `folder` by its content."""
    if mimetype not in _TEXT or len(raw) < _WORTH_IT:
        return Packed(raw, None, None, mimetype)
    kept = folder / f"{hashlib.sha256(raw).hexdigest()[:32]}.br"
    if not kept.exists():
        _keep(kept, brotli.compress(raw, quality=_BEST))
    return Packed(raw, kept.read_bytes(), gzip.compress(raw, _GZIP, mtime=0), mimetype)


def pack_answers(server: Flask) -> None:
    """Pack every answer of text that is worth it and is not packed already."""

    @server.after_request
    def pack_one(response: Response) -> Response:
        encoding = _taken()
        if (
            encoding is None
            or response.direct_passthrough
            or response.mimetype not in _TEXT
            or "Content-Encoding" in response.headers
            or len(raw := response.get_data()) < _WORTH_IT
        ):
            return response
        small = (
            brotli.compress(raw, quality=_QUICK) if encoding == "br" else gzip.compress(raw, _GZIP)
        )
        response.set_data(small)
        response.headers["Content-Encoding"] = encoding
        response.vary.add("Accept-Encoding")
        return response


def _taken() -> str | None:
    """The best packing that the browser takes."""
    return next((each for each in ("br", "gzip") if request.accept_encodings[each] > 0), None)


def _keep(file: Path, packed: bytes) -> None:
    """Write a file whole: several processes may start at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_bytes(packed)
    draft.replace(file)
