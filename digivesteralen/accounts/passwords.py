"""What a password must be, in our own words and against the words that people here think of first."""

import re
from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What people here write first when a password is asked for; with digits and signs around it, it is no better.
USUAL = {
    "passord", "passordet", "mittpassord", "hemmelig", "velkommen", "sommer", "sommeren", "vinter", "vinteren", "høst",
    "høsten", "vår", "våren", "kommune", "kommunen", "digivesteralen", "digivesterålen", "vesteralen", "vesterålen",
    "norge", "trøndelag", "qwerty", "qwertyuiopå", "fotball", "admin", "administrator", "portal", "portalen",
}  # fmt: skip


class LongEnough(MinimumLengthValidator):
    """A phrase of some words: long, and easy to remember (T30)."""

    def get_error_message(self) -> str:
        told = _("The password is too short. Write at least %(count)s characters, for example four words.")
        return told % {"count": self.min_length}

    def get_help_text(self) -> str:
        return _("At least %(count)s characters, for example four words.") % {"count": self.min_length}


class NotTheUsual:
    """Not a word that everybody thinks of, alone or with a year behind it; the library's list of them is English."""

    def validate(self, password: str, user: Any = None) -> None:
        word = re.sub(r"[\W\d_]+", "", password).lower()
        if word in USUAL:
            raise ValidationError(_("Many think of this password first. Write some words that do not belong together."))

    def get_help_text(self) -> str:
        return _("Not a word that many think of, with a number behind it.")
