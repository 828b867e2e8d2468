from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    """Who we are and how we decide: municipalities, agreements, bodies, cases, meetings."""

    name = "governance"

    def ready(self) -> None:
        from django.urls import reverse  # noqa: PLC0415 -- apps are loaded first

        from digivesteralen.audit import wording  # noqa: PLC0415 -- apps are loaded first
        from digivesteralen.documents import registry  # noqa: PLC0415 -- apps are loaded first
        from digivesteralen.ui import menu  # noqa: PLC0415 -- apps are loaded first
        from governance import (  # noqa: PLC0415 -- apps are loaded first
            checks,  # noqa: F401, PLC0415 -- the checks register themselves
            documents,
            kinds,
            permissions,
        )

        registry.before_work(permissions.sync_today)
        documents.register()
        kinds.register()
        wording.tell("minutes_exported", _("exported the minutes"))
        menu.register(
            _("Cases and meetings"), lambda place: reverse("meetings", args=[place.slug]) if place else "", order=20
        )
        menu.register(
            _("Agreements"), lambda place: reverse("agreements", args=[place.slug]) if place else "", order=40
        )
        menu.capacities(permissions.capacities)
