from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "digivesteralen.accounts"
    label = "accounts"

    def ready(self) -> None:
        from digivesteralen.accounts import session_limits, social  # noqa: PLC0415 -- needs the loaded apps

        user_logged_in.connect(session_limits.begin)
        user_logged_in.connect(social.remember_second_step)
