from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StartConfig(AppConfig):
    """The start page: what waits for whom."""

    name = "digivesteralen.start"
    label = "start"

    def ready(self) -> None:
        from django.urls import reverse  # noqa: PLC0415 -- needs the apps

        from digivesteralen.ui import menu  # noqa: PLC0415

        menu.register(_("My tasks"), url=lambda collaboration: reverse("start"), order=10)
