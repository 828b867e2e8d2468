from allauth.account.forms import ResetPasswordForm as LibraryResetPasswordForm

from digivesteralen.accounts.models import User


class ResetPasswordForm(LibraryResetPasswordForm):
    """A new password by e-mail, for those who have one: an invitation that is over is not renewed this way."""

    users: list[User]

    def clean_email(self) -> str:
        email = super().clean_email()
        self.users = [user for user in self.users if user.has_usable_password()]
        return str(email)
