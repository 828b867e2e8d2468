import re
from pathlib import Path

from digivesteralen.ui import icons, vendor
from digivesteralen.ui.charts import letters

TEMPLATES = vendor.ROOT / "templates"


def test_the_lock_names_no_address_to_fetch_from() -> None:
    lock = (vendor.ROOT / "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "registry" not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')


def test_what_is_built_is_built_from_what_is_locked() -> None:
    assert not vendor.build(), "run make install: static/vendor/ was older than package-lock.json or the theme"
    assert "sourceMappingURL" not in (vendor.TARGET / "ds/designsystemet-web.js").read_text()


def test_every_package_brings_its_licence() -> None:
    found = {path.parent.name for path in vendor.TARGET.rglob("*") if re.match("LICENSE|NOTICE", path.name)}
    assert found == {"ds", "editor", "inter", "icons"}


def test_the_font_has_norwegian_and_sami_letters() -> None:
    for letter in "æøåÆØÅčđŋšŧžáČĐŊŠŦŽ–«»€":
        assert letters._widths()[letter] > 0


def test_templates_carry_no_inline_style_or_handler() -> None:
    for path in TEMPLATES.rglob("*.html"):
        if "pdf" in path.parts or "mail" in path.parts:
            continue
        source = path.read_text()
        assert not re.search(r'\s(style|onclick|onchange|onsubmit|hx-on[:\w-]*)="', source), path


def test_every_icon_in_templates_exists() -> None:
    for path in TEMPLATES.rglob("*.html"):
        for name in re.findall(r'{% icon "(\w+)"', path.read_text()):
            assert name in icons._drawings(), f"{path}: {name}"


def test_scripts_and_styles_name_no_other_host() -> None:
    for folder in ("css", "js"):
        for path in Path(vendor.ROOT / "static" / folder).glob("*"):
            addresses = re.findall(r"https?://(?!www\.w3\.org)", path.read_text())
            assert not addresses, path
