from typing import Any

from allauth.account.forms import ResetPasswordForm as LibraryResetPasswordForm
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.core.cache import cache
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from digivesteralen.accounts.models import User


class ResetPasswordForm(LibraryResetPasswordForm):
    """A new password by e-mail, for those who have one: an invitation that is over is not renewed this way."""

    users: list[User]

    def clean_email(self) -> str:
        email = super().clean_email()
        self.users = [user for user in self.users if user.has_usable_password()]
        return str(email)


class _GoodOnce(BaseAuthenticateForm):
    """The library remembers a used code for half a minute; it holds for three, with the one before and after."""

    def clean_code(self) -> str:
        code = str(super().clean_code())
        key = f"second-step:used:{self.user.pk}:{''.join(code.split())}"
        if not cache.add(key, "y", timeout=app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_GoodOnce, AuthenticateForm):
    """The code of the app, or one for recovery, after the password; the page offers only what the person has."""

    @cached_property
    def held(self) -> set[str]:
        return set(Authenticator.objects.filter(user=self.user).values_list("type", flat=True))

    @property
    def takes_a_code(self) -> bool:
        return bool(self.held - {Authenticator.Type.WEBAUTHN})


class CodeAgainForm(_GoodOnce, ReauthenticateForm):
    """The same, where somebody who is signed in says once more who one is."""


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
