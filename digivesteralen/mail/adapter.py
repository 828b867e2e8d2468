"""The library for sign-in hands its e-mail over to the one way out."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site

from digivesteralen.accounts import adapter
from digivesteralen.mail import account
from digivesteralen.ui import wording


class AccountAdapter(adapter.AccountAdapter):
    """Asks for a job where the library would send at once, in the portal's own words and under its own address."""

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Under the portal's own address, whatever the request called it."""
        return settings.PORTAL_ADDRESS + urlsplit(super().get_reset_password_from_key_url(key)).path

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        about = {"email": email, "request": self.request, "current_site": get_current_site(self.request)}
        about |= {"portal": settings.PORTAL_ADDRESS, "browser": wording.browser(context.get("user_agent", ""))}
        message = self.render_mail(template_prefix, email, about | context)
        account.ask(to=list(message.to), subject=str(message.subject), text=str(message.body))
