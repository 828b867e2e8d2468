"""What the portal stores in a visitor's browser: facts, so that the page about privacy can't forget one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from digivesteralen.ui import sending
from digivesteralen.ui.preferences import SCHEME_COOKIE


@dataclass(frozen=True)
class Stored:
    name: str
    purpose: Any
    lasts: Any


def stored_in_the_browser() -> list[Stored]:
    hours = settings.SESSION_COOKIE_AGE // 3600
    return [
        Stored(
            settings.SESSION_COOKIE_NAME,
            _("Remembers that you have signed in."),
            _("until you sign out, %(hours)s hours at most") % {"hours": hours},
        ),
        Stored(settings.CSRF_COOKIE_NAME, _("Lets only the portal's own pages send a form."), _("a year")),
        Stored(settings.LANGUAGE_COOKIE_NAME, _("The language you chose."), _("a year")),
        Stored(SCHEME_COOKIE, _("The colours you chose."), _("a year")),
        Stored("messages", _("A message that is to be shown on the next page."), _("until it is read")),
        Stored(
            "draft:…, note:…",
            _("Text you have not saved yet; it never leaves your browser."),
            _("14 days at most"),
        ),
        Stored(
            f"{sending.COOKIE}, draft:sending",
            _("Which text was saved a moment ago, so that it is not offered to you again."),
            _("an hour at most"),
        ),
    ]
