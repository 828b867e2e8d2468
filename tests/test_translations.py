"""The catalogue knows every text that is shown, and a translation loses nothing."""

import polib
import pytest

from digivesteralen.ui import translations


def test_texts_are_found_in_code() -> None:
    source = """
_('Plain')
gettext_lazy('Lazy')
ngettext('%(n)s case', '%(n)s cases', n)
pgettext('month', 'May')
_(variable)
"""
    found = [(text.context, text.text, text.plural) for text in translations._in_code(source, "a.py")]

    assert found == [(None, "Plain", ""), (None, "Lazy", ""), (None, "%(n)s case", "%(n)s cases"), ("month", "May", "")]


def test_texts_are_found_in_templates() -> None:
    source = """{% load i18n %}{% translate "Plain" %}{% translate "May" context "month" %}{{ _("Short") }}
    {% blocktranslate count n=n %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}
    {% blocktranslate trimmed %}
      Two (2)
      lines
    {% endblocktranslate %}{% include "x.html" with title=_("Given") %}"""
    found = [(text.context, text.text, text.plural) for text in translations._in_template(source, "a.html")]

    assert found == [
        (None, "Plain", ""),
        ("month", "May", ""),
        (None, "Short", ""),
        (None, "%(n)s case", "%(n)s cases"),
        (None, "Two (2) lines", ""),
        (None, "Given", ""),
    ]


@pytest.mark.parametrize(
    ("text", "plural", "translated", "same"),
    [
        ("%(n)s of %(total)s", "", "%(n)s av %(total)s", True),
        ("%(n)s of %(total)s", "", "%(n)s av alle", False),
        ("Hello {name}", "", "Hei {navn}", False),
        ("%(n)s case", "%(n)s cases", ["én sak", "%(n)s saker"], True),
        ("%(n)s case", "%(n)s cases", ["én sak", "%(antall)s saker"], False),
    ],
)
def test_a_translation_keeps_its_placeholders(text: str, plural: str, translated: str | list[str], same: bool) -> None:
    entry = polib.POEntry(msgid=text, msgid_plural=plural)
    if isinstance(translated, list):
        entry.msgstr_plural = dict(enumerate(translated))
    else:
        entry.msgstr = translated

    assert translations._same_placeholders(entry) is same


LEAST = {"nb": 1000, "nn": 60, "en": 40}


@pytest.mark.parametrize("language", LEAST)
def test_a_language_is_complete(language: str) -> None:
    """Every text that is written in it is in the catalogue, translated and sure, with its placeholders."""
    found = list(translations.texts())
    path = translations.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"

    assert len([text for text in found if translations.wanted(text, language)]) > LEAST[language]
    assert list(translations._wrong(path, found)) == []


@pytest.mark.parametrize("language", LEAST)
def test_a_language_has_no_unsure_and_no_forgotten_entry(language: str) -> None:
    catalogue = polib.pofile(str(translations.ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
    used = {text.key for text in translations.texts()}

    assert catalogue.untranslated_entries() + catalogue.fuzzy_entries() + catalogue.obsolete_entries() == []
    assert [entry.msgid for entry in catalogue if (entry.msgctxt, entry.msgid) not in used] == []


def test_nynorsk_is_the_language_of_a_paper_and_of_no_page() -> None:
    text = translations.Text("Portfolio", "", None, "portfolio/apps.py")

    assert translations.wanted(text, "nb")
    assert not translations.wanted(text, "nn")
