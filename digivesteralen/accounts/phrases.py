"""Texts of the library for sign-in that the portal says in its own words, so that one thing has one name.

They stand here to be in the portal's catalogues, which go before the library's own; in English too, where what it calls
a security key is a passkey.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

PHRASES = [
    # Passkeys
    _("Use a security key"),
    _("Security Keys"),
    ngettext_lazy("You have added %(count)s security key.", "You have added %(count)s security keys.", "count"),
    _("No security keys have been added."),
    _("Security key added."),
    _("Security key removed."),
    _("A new security key has been added."),
    _("Security Key Added"),
    _("A security key has been removed."),
    _("Security Key Removed"),
    _("Add Security Key"),
    _("Edit Security Key"),
    _("Remove Security Key"),
    _("Are you sure you want to remove this security key?"),
    _("Master key"),
    _("Backup key"),
    _("Key nr. {number}"),
    _("Passwordless"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, but imposes additional "
        "requirements such as biometrics or PIN protection."
    ),
    # Two steps
    _("Two-Factor Authentication"),
    _("Enter an authenticator code:"),
    _("Authenticator code"),
    _("Use authenticator app or code"),
    _("Authentication using an authenticator app is active."),
    _("An authenticator app is not active."),
    _("Deactivate Authenticator App"),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("Authenticator app activated."),
    _("Authenticator App Activated"),
    _("Authenticator app deactivated."),
    _("Authenticator App Deactivated"),
    _("Activate"),
    _("Deactivate"),
    _("Manage"),
    _("Alternative options"),
    # Recovery codes
    _("No recovery codes set up."),
    ngettext_lazy(
        "There is %(unused_count)s out of %(total_count)s recovery codes available.",
        "There are %(unused_count)s out of %(total_count)s recovery codes available.",
        "unused_count",
    ),
    _("You are about to generate a new set of recovery codes for your account."),
    _("This action will invalidate your existing codes."),
    _("A new set of recovery codes has been generated."),
    _("A new set of Two-Factor Authentication recovery codes has been generated."),
    _("Save them  in a secure location now — they won't be shown again."),
    _("Are you sure?"),
    _("Generate"),
    _("Generate new codes"),
    # Confirming who one is, and passwords
    _("Confirm Access"),
    _("Please reauthenticate to safeguard your account."),
    _("Enter your password:"),
    _("Forgot your password?"),
    _("Forgot Password?"),
    _("Change Password"),
    _("Password Reset"),
    _("Forgotten your password? Enter your email address below, and we'll send you an email allowing you to reset it."),
    _("Reset My Password"),
    _("Please contact us if you have any trouble resetting your password."),
    _(
        "We have sent you an email. If you have not received it please check your spam folder. Otherwise contact us if "
        "you do not receive it in a few minutes."
    ),
    _("Bad Token"),
    _(
        "The password reset link was invalid, possibly because it has already been used.  Please request a "
        '<a href="%(passwd_reset_url)s">new password reset</a>.'
    ),
    _("Too many failed login attempts. Try again later."),
]
