"""The library for sign-in hands its e-mail over to the one way out."""

from typing import Any

from django.contrib.sites.shortcuts import get_current_site

from digivesteralen.accounts import adapter
from digivesteralen.mail import account


class AccountAdapter(adapter.AccountAdapter):
    """Asks for a job where the library would send at once."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        about = {"email": email, "request": self.request, "current_site": get_current_site(self.request)}
        message = self.render_mail(template_prefix, email, about | context)
        account.ask(to=list(message.to), subject=str(message.subject), text=str(message.body))
