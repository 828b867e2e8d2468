from typing import Any

from allauth.account.forms import ResetPasswordForm as LibraryResetPasswordForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.models import User


class ResetPasswordForm(LibraryResetPasswordForm):
    """A new password by e-mail, for those who have one: an invitation that is over is not renewed this way."""

    users: list[User]

    def clean_email(self) -> str:
        email = super().clean_email()
        self.users = [user for user in self.users if user.has_usable_password()]
        return str(email)


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey that signs in by itself, unless the person wants it besides the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _told_apart(self.fields["name"])
        self.fields["passwordless"].initial = True


class NamePasskeyForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _told_apart(self.fields["name"])


def _told_apart(name: Any) -> None:
    name.label = _("What you call it")
    name.help_text = _("So that you know it again, for example «Work phone».")
