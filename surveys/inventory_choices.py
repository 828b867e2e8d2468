"""The words that people write for a choice: its label in any language, its code, and what else is said for it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation

from surveys.import_kinds import plain
from surveys.models import SystemUse

YES, NO = ("ja", "j", "yes", "x", "sant", "true"), ("nei", "n", "no", "nej", "usant", "false")
NOT_NEEDED = ("ikke nødvendig", "ikkje naudsynt", "ikke relevant", "ikke aktuelt", "n/a", "na", "ikke påkrevd",
              "ikkje aktuelt", "ikkje relevant", "trengs ikke")  # fmt: skip
_DONE = {
    "done": (*YES, "gjennomført", "utført", "på plass", "ferdig", "inngått", "signert", "ok", "finnes", "udført",
             "gjennomført og godkjent", "indgået"),
    "underway": ("i gang", "pågår", "påbegynt", "under arbeid", "delvis", "under utarbeidelse", "i gong",
                 "under behandling"),
    "missing": (*NO, "mangler", "manglar", "ikke gjort", "ikke gjennomført", "ikke inngått", "ikke på plass"),
    "unneeded": NOT_NEEDED,
}  # fmt: skip
SAID: dict[str, dict[str, tuple[str, ...]]] = {
    "operation": {
        "supplier": ("leverandør", "leverandøren", "sky", "skytjeneste", "saas", "cloud", "leverandøren (sky)",
                     "leverandørdrift", "skyen"),
        "own": ("egen kommune", "kommunen selv", "kommunen", "lokal", "lokalt", "egen drift", "eigen drift",
                "egen it", "on-prem", "on premise", "kommunen sjølv"),
        "other": ("annen kommune", "driftes av annen kommune", "vertskommune", "vertskommunen", "en annen kommune",
                  "annan kommune", "nabokommune"),
        "it_collab": ("it-samarbeid", "ikt-samarbeid", "et it-samarbeid", "driftes av it-samarbeid",
                      "interkommunalt it-samarbeid", "ikt-samarbeidet", "it-samarbeidet"),
    },
    "hosting": {
        "cloud": ("sky", "skytjeneste", "skyteneste", "saas", "cloud", "hos leverandør", "i skyen", "azure",
                  "public cloud", "skyløsning"),
        "own": ("lokalt", "lokal", "egen server", "eget serverrom", "on-prem", "on premise", "egen drift",
                "lokal server", "eigen server"),
        "shared": ("felles serverrom", "felles drift", "felles server", "felles datasenter", "it-samarbeidet",
                   "interkommunalt"),
    },
    "contract_type": {
        "ssa_l": ("ssa-l", "løpende tjenester", "ssa-l lille", "løpande tenester"),
        "ssa_sky": ("ssa-sky", "sky", "skytjenester", "ssa-sky lille"),
        "ssa_v": ("ssa-v", "vedlikehold", "vedlikehald", "vedlikeholdsavtale"),
        "ssa_d": ("ssa-d", "drift", "driftsavtale"),
        "ssa_k": ("ssa-k", "kjøp", "kjøpsavtale"),
        "ramme": ("rammeavtale", "avrop", "avrop på rammeavtale", "rammekontrakt", "sski", "ski"),
        "supplier": ("leverandørens", "leverandørens vilkår", "leverandørens egne vilkår", "standardvilkår",
                     "leverandøravtale", "lisensavtale"),
        "other": ("annen", "annet", "andre", "annan"),
    },
    "notice_to": {
        "month": ("måned", "månad", "mnd", "månedsslutt", "utgangen av måneden"),
        "quarter": ("kvartal", "kvartalsslutt", "utgangen av kvartalet"),
        "year": ("år", "årsslutt", "årsskifte", "kalenderår", "utgangen av året", "kalenderåret"),
    },
    "criticality": {
        "low": ("lav", "låg", "lite", "lite kritisk", "ikke kritisk", "1"),
        "medium": ("middels", "medium", "moderat", "noe kritisk", "normal", "2"),
        "high": ("høy", "høg", "kritisk", "viktig", "høj", "3"),
        "critical": ("svært høy", "liv og helse", "svært kritisk", "samfunnskritisk", "virksomhetskritisk", "4",
                     "forretningskritisk", "livskritisk", "kritisk for liv og helse"),
    },
    "availability": {
        "working": ("arbeidstid", "kontortid", "i arbeidstida", "i arbeidstiden", "8-16", "dagtid"),
        "more": ("utvidet", "kveld og helg", "også kveld og helg", "utvida"),
        "always": ("24/7", "24/7/365", "døgnet rundt", "hele døgnet", "alltid", "døgnkontinuerlig", "heile døgnet"),
    },
    "personal_data": {
        "none": ("ingen", *NO, "ingen personopplysninger", "ikke"),
        "personal": (*YES, "personopplysninger", "alminnelige", "vanlige", "persondata",
                     "alminnelige personopplysninger"),
        "sensitive": ("sensitive", "særlige kategorier", "særlige", "sensitiv", "helseopplysninger",
                      "sensitive personopplysninger", "særlige kategorier av personopplysninger"),
    },
    "dpia": _DONE,
    "processing_agreement": _DONE,
    "archive_duty": {
        "yes": (*YES, "arkivpliktig", "har arkivplikt"),
        "no": (*NO, "ikke arkivpliktig", "ikke arkivplikt", "ingen"),
    },
}  # fmt: skip


def choices_of(field: str) -> list[tuple[str, Any]]:
    """Code and label of what the table knows; none for a field that is no choice."""
    described: Any = SystemUse._meta.get_field(field)
    return list(described.flatchoices)


@cache
def words_of(field: str) -> dict[str, str]:
    """Code by plain word; the labels in every language of the portal."""
    choices = choices_of(field)
    found = {plain(code): code for code, _label in choices}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {plain(str(label)): code for code, label in choices}
    return {plain(word): code for code, words in SAID[field].items() for word in words} | found


def labels_of(field: str) -> list[str]:
    """The words to choose among, as the page says them."""
    return [str(label) for _code, label in choices_of(field)]
