"""Builds ``static/vendor/`` from ``node_modules/``: style sheets, scripts, the editor, font, icons and letter widths.

Run by ``make install`` after ``npm ci`` as ``python -m digivesteralen.ui.vendor``. Does nothing when nothing changed.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
TARGET = ROOT / "static" / "vendor"
THEME = Path(__file__).resolve().parent / "theme" / "digivesteralen.css"
EDITOR = Path(__file__).resolve().parent / "editor"
FONT = "inter/InterVariable-nordic.woff2"
STAMP = "stamp.txt"

# Norwegian, Swedish, Finnish, English and the Sami languages, and the signs that our texts and charts use.
LETTERS = (
    "0020-007E 00A0-017F 018F 01B7 01E4-01E9 01EE-01EF 0292 2010-2015 2018-201E 2020-2022 2026 202F 2030 "
    "2032-2033 2039-203A 20AC 2116 2122 2190-2193 2212 2248 2260 2264-2265 25A0 25CF 2713 2717"
)
FEATURES = [
    "kern",
    "liga",
    "calt",
    "ccmp",
    "locl",
    "mark",
    "mkmk",
    "tnum",
    "pnum",
    "case",
    "cv05",
    "zero",
    "frac",
    "sups",
    "subs",
]


def build() -> bool:
    """Make the folder anew; false when it already was what it should be."""
    if _is_current():
        return False
    if not MODULES.is_dir():
        raise SystemExit("node_modules/ is missing: run npm ci first.")

    shutil.rmtree(TARGET, ignore_errors=True)
    for step in (_designsystemet, _editor, _font, _icons):
        step()
    (TARGET / STAMP).write_text(_fingerprint())
    return True


def _is_current() -> bool:
    stamp = TARGET / STAMP
    return stamp.is_file() and stamp.read_text() == _fingerprint()


def _fingerprint() -> str:
    sources = (ROOT / "package-lock.json", THEME, Path(__file__), *sorted(EDITOR.glob("*.js")))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _designsystemet() -> None:
    css, web = MODULES / "@digdir/designsystemet-css", MODULES / "@digdir/designsystemet-web"
    _copy(css / "dist/src/index.css", "ds/designsystemet.css")
    _copy(THEME, "ds/theme.css")
    _copy(css / "LICENSE", "ds/LICENSE-designsystemet-css.txt")
    _copy(web / "LICENSE", "ds/LICENSE-designsystemet-web.txt")
    # The fingerprinting storage would look for the source map, which is not shipped.
    _copy(
        web / "dist/umd/index.js",
        "ds/designsystemet-web.js",
        lambda text: re.sub(r"\n?//# sourceMappingURL=.*", "", text),
    )


def _editor() -> None:
    """The editor and what it stands on in one file, with the licences of what is in it."""
    program = next((MODULES / "@esbuild").glob("*/bin/esbuild"), None) or next((MODULES / "@esbuild").glob("*/*.exe"))
    target = TARGET / "editor/editor.js"
    options = [
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2021",
        "--legal-comments=none",
        "--log-level=warning",
    ]
    # The sources lie outside node_modules/, and find their packages there all the same.
    found = {"NODE_PATH": str(MODULES)}
    subprocess.run([program, EDITOR / "editor.js", *options, f"--outfile={target}"], check=True, env=found)  # noqa: S603
    licences = [(path.parent.name, path.read_text()) for path in sorted(MODULES.glob("prosemirror-*/LICENSE"))]
    (TARGET / "editor/LICENSES.txt").write_text("\n".join(f"{name}\n\n{text}" for name, text in licences))


def _font() -> None:
    from fontTools.subset import Options, Subsetter, load_font, save_font  # noqa: PLC0415 -- only this step needs it

    options = Options(flavor="woff2", layout_features=FEATURES)
    font = load_font(str(MODULES / "inter-ui/variable/InterVariable.woff2"), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=list(_code_points()))
    subsetter.subset(font)
    path = TARGET / FONT
    path.parent.mkdir(parents=True)
    save_font(font, str(path), options)
    _copy(MODULES / "inter-ui/LICENSE.txt", "inter/LICENSE.txt")

    advances, cmap, em = font["hmtx"].metrics, font.getBestCmap(), font["head"].unitsPerEm
    widths = {chr(code): round(advances[name][0] / em, 4) for code, name in cmap.items()}
    (TARGET / "inter/widths.json").write_text(json.dumps(widths, ensure_ascii=False))


def _code_points() -> Iterator[int]:
    for part in LETTERS.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _icons() -> None:
    """All outlined icons in one file, which the ``icon`` tag writes into the pages."""
    package = MODULES / "@navikt/aksel-icons"
    drawings = {}
    for path in sorted((package / "dist/svg").glob("*.svg")):
        inner = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(), re.DOTALL)
        if inner and not path.stem.endswith("Fill"):
            drawings[path.stem] = inner.group(1).strip()
    folder = TARGET / "icons"
    folder.mkdir(parents=True)
    (folder / "icons.json").write_text(json.dumps(drawings))
    about = json.loads((package / "package.json").read_text())
    (folder / "NOTICE.txt").write_text(
        f"{about['name']} {about['version']}, {about['author']}, licence {about['license']}, {about['homepage']}\n"
    )


def _copy(source: Path, target: str, change: Callable[[str], str] | None = None) -> None:
    path = TARGET / target
    path.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text()
    path.write_text(change(text) if change else text)


if __name__ == "__main__":
    sys.stdout.write("static/vendor/ is built.\n" if build() else "static/vendor/ is up to date.\n")
