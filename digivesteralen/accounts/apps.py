from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "digivesteralen.accounts"
    label = "accounts"

    def ready(self) -> None:
        from digivesteralen.accounts import checks  # noqa: F401, PLC0415 -- registers the checks
