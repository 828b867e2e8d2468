from django.apps import AppConfig


class MailConfig(AppConfig):
    """E-mail: sent by jobs, logged, tried again, and what came back."""

    name = "digivesteralen.mail"
    label = "mail"

    def ready(self) -> None:
        from digivesteralen.mail import account  # noqa: PLC0415 -- needs the loaded apps

        account.register()
