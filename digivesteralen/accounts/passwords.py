"""What a password must be, where the library has no Norwegian words for it."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """A phrase of some words: long, and easy to remember (T30)."""

    def get_error_message(self) -> str:
        told = _("The password is too short. Write at least %(count)s characters, for example four words.")
        return told % {"count": self.min_length}

    def get_help_text(self) -> str:
        return _("At least %(count)s characters, for example four words.") % {"count": self.min_length}
