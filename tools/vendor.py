"""Fetches from npm what the browser gets of others, checks it by its hash, and cuts it to size.

Run by hand when a version changes: `python tools/vendor.py`. What it writes is committed, so that
neither building nor running the portal needs a network. It needs `npm` and its usual registry.
"""

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "portal" / "assets"
PACKAGES = {
    "plotly.js-basic-dist-min@4.1.1": "sha512-1oNF8PeQx2hv/y7tqEVWKD3JGwn/MGEMQ8mL9HUwsaqG9FGy/OU5FHUHvzqbqxN4mnwZGI9abTiE775C4kkjMQ==",  # noqa: E501
    "bootstrap-icons@1.13.2": "sha512-fAU1Ly3dH7hwRg+CB8EZ0Vl0fF80zgXHeUVJyfUOKzoURr+TbwISbCW5tKUoQLERaWYG2emTCybcPbD96hdD1A==",  # noqa: E501
    "@fontsource-variable/inter@5.3.0": "sha512-OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EIPPwHcdkF6b1oUA==",  # noqa: E501
}
"""Each package with the hash of its archive as npm prints it (sha512, base64)."""
RECORD = Path(__file__).with_name("vendored.sha256")
"""The hashes of what was written, as `sha256sum --check` reads them from the root."""
PLOTLY = ASSETS / "vendor" / "plotly-basic-4.1.1.min.js"
FONTS = ("inter-latin-wght-normal.woff2", "inter-latin-ext-wght-normal.woff2")
_PAINT = re.compile(r"<(path|circle|rect)[^>]*?/>")


def main() -> None:
    """Fetch, check, cut, write."""
    sys.path.insert(0, str(ROOT))
    from layouts.parts.icons import NAMES  # noqa: PLC0415  (the path above comes first)

    RECORD.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plotly, icons, inter = (
            _fetched(name, wanted, Path(folder)) for name, wanted in PACKAGES.items()
        )
        _write(PLOTLY, (plotly / "plotly-basic.min.js").read_bytes())
        _write(ASSETS / "vendor" / "plotly-LICENSE.txt", (plotly / "LICENSE").read_bytes())
        _write(ASSETS / "fonts" / "inter-LICENSE.txt", (inter / "LICENSE").read_bytes())
        for font in FONTS:
            _write(ASSETS / "fonts" / font, (inter / "files" / font).read_bytes())
        _write(ASSETS / "vendor" / "icons-LICENSE.txt", (icons / "LICENSE").read_bytes())
        _write(ASSETS / "50-icons.css", _sheet(icons / "icons", sorted(NAMES)).encode())


def _fetched(name: str, wanted: str, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", name]
    said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603  (fixed names)
    archive = folder / said.stdout.strip().splitlines()[-1]
    digest = hashlib.sha512(archive.read_bytes()).digest()
    found = f"sha512-{base64.b64encode(digest).decode()}"
    if found != wanted:
        raise SystemExit(f"{name}: the archive's hash is {found}, not {wanted}.")
    into = folder / archive.stem
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
    return into / "package"


def _sheet(folder: Path, names: list[str]) -> str:
    rules = [f'.i-{name}{{--i:url("{_data(folder / f"{name}.svg")}")}}' for name in names]
    return "/* Bootstrap Icons, MIT; cut out by tools/vendor.py */\n" + "\n".join(rules) + "\n"


def _data(path: Path) -> str:
    shapes = "".join(match[0] for match in _PAINT.finditer(path.read_text("utf-8")))
    shapes = re.sub(r"\s+", " ", shapes).replace('"', "'")
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>{shapes}</svg>"
    return "data:image/svg+xml," + quote(svg, safe=" =:/'(),;-.")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with RECORD.open("a", encoding="ascii") as record:
        record.write(f"{hashlib.sha256(content).hexdigest()}  {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
