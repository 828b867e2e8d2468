from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed


class AuditConfig(AppConfig):
    """What happened, who did it, and when."""

    name = "digivesteralen.audit"
    label = "audit"

    def ready(self) -> None:
        from digivesteralen.audit import checks, signins  # noqa: F401, PLC0415 -- needs the loaded apps

        user_logged_in.connect(signins.signed_in)
        user_logged_out.connect(signins.signed_out)
        user_login_failed.connect(signins.refused)
