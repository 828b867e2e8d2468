from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """What the portal knows about a person, how long it is kept, and how it goes."""

    name = "digivesteralen.privacy"
    label = "privacy"

    def ready(self) -> None:
        from digivesteralen.audit.wording import tell  # noqa: PLC0415 -- needs the loaded apps

        tell("personal_data_looked_at", _("looked at the personal data"))
        tell("personal_data_exported", _("took out the personal data"))
        tell("contact_data_erased", _("erased the contact data"))
        tell("contact_data_erased_in_history", _("erased the contact data in the history"))
