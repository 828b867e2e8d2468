"""The catalogue of translations: `python -m digivesteralen.ui.translations collect|compile|check`, without gettext.

``collect`` brings new texts from code and templates into ``locale/*/…/django.po`` and drops those no longer used,
``compile`` makes the files that Django reads, ``check`` says what is missing, unsure, or lost a placeholder.

English is what the texts are written in: its catalogue holds only what a library says in other words than we do.
Nynorsk is the language of a paper, not of the pages: its catalogue holds the texts of the files in ``PARTLY``, and the
texts of others that such a paper shows (a state, a duty), which are added by hand and stay as long as they are used.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("digivesteralen", "governance", "surveys", "portfolio", "templates")
# The languages that only some files are written in, by the beginning of the files' names.
PARTLY = {
    "nn": (
        "portfolio/council_paper/",
        "portfolio/actions/proposals.py",
        "portfolio/models/moments.py",
        "templates/pdf/base.html",
        "templates/pdf/council_paper.html",
    ),
    # The texts themselves are English; these are the library's, said in other words.
    "en": ("digivesteralen/accounts/phrases.py",),
}
HEADER = {
    "Project-Id-Version": "digivesteralen",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
# Which argument is the text, the plural and the context, by the function's name.
PLACES = {
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "_": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "npgettext": (1, 2, 0),
    "npgettext_lazy": (1, 2, 0),
}
STRING = r"""(?:u?"(?:\\.|[^"\\])*"|u?'(?:\\.|[^'\\])*')"""
CALL = re.compile(rf"\b({'|'.join(PLACES)})\(\s*({STRING}(?:\s*,\s*{STRING})*)", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass(frozen=True)
class Text:
    """One text that is shown to somebody, and the file that shows it."""

    text: str
    plural: str
    context: str | None
    file: str

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.text


def texts() -> Iterator[Text]:
    """All texts in code and templates, in the order of the files."""
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield from _in_code(path.read_text(), name)
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                yield from _in_template(path.read_text(), name)


def _in_code(source: str, file: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            values = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
            yield from _text(name, values, file)


def _in_template(source: str, file: str) -> Iterator[Text]:
    from django.utils.translation.template import templatize  # noqa: PLC0415 -- `compile` must not need Django

    # Django turns a template into calls that look like code, with everything else blanked out.
    for call in CALL.finditer(templatize(source, origin=file)):
        values = [ast.literal_eval(word) for word in re.findall(STRING, call[2], re.DOTALL)]
        yield from _text(call[1], values, file)


def _text(function: str, values: Sequence[object], file: str) -> Iterator[Text]:
    if function not in PLACES:
        return
    found = [values[place] if place is not None and place < len(values) else None for place in PLACES[function]]
    text, plural, context = (value if isinstance(value, str) else None for value in found)
    if text:
        yield Text(text, plural or "", context, file)


def catalogues() -> list[Path]:
    return sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po"))


def wanted(text: Text, language: str) -> bool:
    """Whether the text must be in the catalogue of the language."""
    return language not in PARTLY or text.file.startswith(PARTLY[language])


def collect() -> int:
    used: dict[tuple[str | None, str], list[Text]] = {}
    for text in texts():
        used.setdefault(text.key, []).append(text)
    for path in catalogues():
        language = path.parts[-3]
        old = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path)) if not entry.obsolete}
        new = polib.POFile(wrapwidth=120)
        new.metadata = {**HEADER, "Language": language}
        for key, places in used.items():
            own = [text for text in places if wanted(text, language)]
            if own or key in old:
                new.append(_entry(own or places[:1], old.get(key)))
        new.save(str(path))
        untranslated = len(new.untranslated_entries())
        print(f"{path.relative_to(ROOT)}: {len(new)} texts, {untranslated} without translation")
    return 0


def _entry(places: list[Text], old: polib.POEntry | None) -> polib.POEntry:
    first = places[0]
    plural = next((text.plural for text in places if text.plural), "")
    entry = polib.POEntry(msgid=first.text, msgctxt=first.context, msgid_plural=plural)
    entry.occurrences = [(file, "") for file in dict.fromkeys(text.file for text in places)]
    if PLACEHOLDER.search(first.text):
        entry.flags = ["python-format"] if "%" in first.text else ["python-brace-format"]
    if plural:
        entry.msgstr_plural = dict(old.msgstr_plural) if old and old.msgstr_plural else {0: "", 1: ""}
    elif old:
        entry.msgstr = old.msgstr
    if old:
        entry.tcomment = old.tcomment
        entry.flags += [flag for flag in old.flags if flag == "fuzzy"]
    return entry


def compile_all() -> int:
    for path in catalogues():
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return 0


def check() -> int:
    """Complete, sure, and with the same placeholders: one line for each text that is not."""
    found = list(texts())
    wrong = [line for path in catalogues() for line in _wrong(path, found)]
    print("\n".join(wrong) or f"All {len({text.key for text in found})} texts are translated.")
    return 1 if wrong else 0


def _wrong(path: Path, found: Iterable[Text]) -> Iterator[str]:
    """What the language of the catalogue must have, and what else stands in it."""
    entries = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path)) if not entry.obsolete}
    name = path.relative_to(ROOT)
    used = {text.key: text for text in found if text.key in entries or wanted(text, path.parts[-3])}
    for key, text in used.items():
        entry = entries.get(key)
        if entry is None:
            yield f"{name}: missing: {text.text!r} ({text.file})"
        elif not entry.translated():
            yield f"{name}: {'unsure' if entry.fuzzy else 'untranslated'}: {text.text!r} ({text.file})"
        elif not _same_placeholders(entry):
            yield f"{name}: other placeholders than in the text: {text.text!r} ({text.file})"


def _same_placeholders(entry: polib.POEntry) -> bool:
    """A plural may leave out the number, as in «one case»; it may not bring in a name that is not there."""
    given = _placeholders([entry.msgid, entry.msgid_plural])
    if entry.msgid_plural:
        return _placeholders(entry.msgstr_plural.values()) <= given
    return _placeholders([entry.msgstr]) == given


def _placeholders(texts: Iterable[str]) -> set[str]:
    return {found for text in texts for found in PLACEHOLDER.findall(text)}


def main(arguments: list[str]) -> int:
    commands = {"collect": collect, "compile": compile_all, "check": check}
    if len(arguments) != 1 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
