"""The words on screen for what the history tells. An app adds the words of its own acts with ``tell``."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_words: dict[str, Any] = {
    "insert": _("registered"),
    "update": _("changed"),
    "delete": _("deleted"),
    "signed_in": _("signed in"),
    "signed_out": _("signed out"),
    "sign_in_refused": _("sign-in refused"),
    "refused": _("was refused access"),
    "exported": _("exported"),
    "printed": _("printed"),
    "history_exported": _("took out the history"),
    "looked_at_exempt": _("looked at something exempt from public disclosure"),
}


def tell(verb: str, words: Any) -> None:
    """Register the words of an act, in an AppConfig.ready: ``tell("minutes_exported", _("exported the minutes"))``."""
    _words[verb] = words


def verb_in_words(verb: str) -> str:
    return str(_words.get(verb, verb.replace("_", " ")))
