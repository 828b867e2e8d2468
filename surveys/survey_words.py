"""The words that survey programs write over their fixed columns, in the languages that they are met in."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.import_kinds import plain


class Program(models.TextChoices):
    """What made the export; each writes its questions and choices in its own way."""

    MICROSOFT = "microsoft", "Microsoft Forms"
    GOOGLE = "google", "Google Forms"
    LIMESURVEY = "limesurvey", "LimeSurvey"
    INDICO = "indico", "Indico"
    OTHER = "other", _("another table")


STAMP = (
    "Timestamp", "Tidsmerke", "Tidsstempel", "Tidsstämpel", "Tidstämpel", "Zeitstempel", "Horodateur",
    "Marca temporal", "Sygnatura czasowa",
)  # fmt: skip
META: dict[str, tuple[str, ...]] = {
    "id": ("ID", "Svar-ID", "Response ID", "Submission ID"),
    "started": (
        "Start time", "Starttidspunkt", "Starttid", "Begyndelsestidspunkt", "Hora de inicio", "Tidspunkt for start",
        "Date started", "Dato startet", "Startdato",
    ),
    "completed": (
        "Completion time", "Fullføringstidspunkt", "Fullføringstid", "Slutförandetid", "Fuldførelsestidspunkt",
        "Sluttidspunkt", "Sluttid", "Hora de finalización", "Submission Date", "Date submitted", "Dato levert",
        "Innsendt dato", "Submitted at", *STAMP,
    ),
    "modified": (
        "Last modified time", "Tidspunkt for siste endring", "Sist endret", "Sist endra",
        "Tidpunkt för senaste ändring",
        "Senast ändrad", "Tidspunkt for seneste ændring", "Senest ændret", "Hora de la última modificación",
        "Date last action", "Dato for siste handling",
    ),
    "email": (
        "Email", "E-mail", "E-postadresse", "E-post", "Epost", "Epostadresse", "Mail", "Mailadresse",
        "Correo electrónico", "Email Address", "E-postadress", "Submitter Email", "Username", "Brukernavn",
        "Användarnamn", "Brugernavn",
    ),
    "name": ("Name", "Navn", "Namn", "Namn1", "Nombre", "Submitter", "Full name", "Fullt navn"),
    "private": ("IP address", "IP-adresse", "Referrer URL", "Token", "Access code", "Tilgangskode"),
    "ignore": (
        "Language", "Språk", "Sprog", "Idioma", "Total points", "Quiz feedback", "Totalt antall poeng", "Totale poeng",
        "Tilbakemelding på quiz", "Totalpoäng", "Samlede point", "Poengsum", "Score", "Last page", "Siste side",
        "Start language", "Startspråk", "Seed", "Total time",
    ),
}  # fmt: skip
_META_WORDS = {plain(word): name for name, words in META.items() for word in words}
_STAMPS = {plain(word) for word in STAMP}
# LimeSurvey writes the code of the column before its words, and the words are of any language.
_CODES = {
    "id": "id", "startdate": "started", "submitdate": "completed", "datestamp": "modified", "token": "private",
    "ipaddr": "private", "refurl": "private", "lastpage": "ignore", "startlanguage": "ignore", "seed": "ignore",
    "interviewtime": "ignore", "completed": "ignore",
}  # fmt: skip
_CODED = re.compile(r"^(?P<code>[A-Za-z]\w*)(?P<sub>(?:\[[^\]]*\])*)(?:\._)?\.\s*(?P<words>\S.*)?$", re.DOTALL)
_TIMING = re.compile(r"^grouptime\d*$|^\w*\dtime$|^(group|question) time\b|^(gruppetid|spørsmålstid)\b", re.IGNORECASE)
_QUIZ = re.compile(r"^(points|feedback|poeng|tilbakemelding|poäng|point)\s+[-–]\s+(?P<title>.+)$", re.IGNORECASE)


def meta_of(title: str) -> str:
    """The fixed column that the title stands over, or ""."""
    if found := _META_WORDS.get(plain(title)):
        return found
    coded = _CODED.match(title)
    if coded and not coded["sub"]:
        return _CODES.get(coded["code"].lower(), "ignore" if _TIMING.match(coded["code"]) else "")
    return "ignore" if _TIMING.match(title) else ""


def quizzed(title: str, titles: set[str]) -> bool:
    """The points or the feedback of a quiz, which stand after the question that they are about."""
    found = _QUIZ.match(title)
    return bool(found) and plain(found["title"]) in titles  # type: ignore[index]


def is_stamp(title: str) -> bool:
    return plain(title) in _STAMPS


def coded(title: str) -> re.Match[str] | None:
    """«G1Q2[SQ001]. Which systems? [Payroll]» in its parts: code, sub and words."""
    return _CODED.match(title)


def is_other(title: str) -> bool:
    """Where LimeSurvey keeps the words that people wrote beside the boxes."""
    found = _CODED.match(title)
    return bool(found) and found["sub"].endswith("[other]")  # type: ignore[index]


def program_of(titles: list[str]) -> Program | None:
    """Which program wrote this row of titles; None when it is not known, or no row of titles."""
    fixed = [meta_of(title) for title in titles[:14]]
    if any(plain(title) == "submitter" for title in titles[:4]) and "completed" in fixed[:4]:
        return Program.INDICO
    codes = [found["code"].lower() for title in titles if (found := _CODED.match(title))]
    if len(codes) >= 3 and (len(set(codes) & set(_CODES)) >= 2 or len(codes) >= 0.8 * len(titles)):
        return Program.LIMESURVEY
    words = {plain(title) for title in titles[:14]}
    if {"responseid", "lastpage"} <= words or {"svarid", "sisteside"} <= words:
        return Program.LIMESURVEY
    if any(is_stamp(title) for title in titles[:2]):
        return Program.GOOGLE
    if len({name for name in fixed[:8] if name in ("id", "started", "completed", "email", "name")}) >= 3:
        return Program.MICROSOFT
    return None
