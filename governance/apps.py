from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    """Who we are and how we decide: municipalities, agreements, bodies, cases, meetings."""

    name = "governance"

    def ready(self) -> None:
        from django.urls import reverse  # noqa: PLC0415 -- apps are loaded first

        from digivesteralen.accounts import second_step  # noqa: PLC0415 -- apps are loaded first
        from digivesteralen.audit import places, wording  # noqa: PLC0415 -- apps are loaded first
        from digivesteralen.audit.log import looked_at_exempt  # noqa: PLC0415 -- apps are loaded first
        from digivesteralen.documents import registry  # noqa: PLC0415 -- apps are loaded first
        from digivesteralen.mail import closed  # noqa: PLC0415 -- apps are loaded first
        from digivesteralen.ui import menu  # noqa: PLC0415 -- apps are loaded first
        from governance import (  # noqa: PLC0415 -- apps are loaded first
            belonging,
            checks,  # noqa: F401, PLC0415 -- the checks register themselves
            consequences,
            documents,
            former_members,
            former_sections,
            kinds,
            on_behalf,
            permissions,
            proposal_panels,
            second_steps,
        )
        from governance.actions import agreement_exits, agreement_versions, collaborations  # noqa: PLC0415 -- apps are loaded first
        from governance.models import Person  # noqa: PLC0415 -- apps are loaded first

        registry.before_work(permissions.sync_today)
        registry.on_exempt_look(looked_at_exempt)
        registry.also_read_by(former_members.reads)
        places.known_by(belonging.collaboration_of, belonging.by_word)
        closed.also(Person.objects.closed_at)
        documents.register()
        kinds.register()
        former_sections.register()
        proposal_panels.register()
        consequences.on_adoption(collaborations.acceded)
        consequences.on_adoption(agreement_exits.decided)
        consequences.on_adoption(agreement_versions.falls)
        wording.tell("looked_with_emergency_access", _("looked, with emergency access"))
        wording.tell("minutes_exported", _("exported the minutes"))
        menu.register(
            _("Cases and meetings"), lambda place: reverse("meetings", args=[place.slug]) if place else "", order=20
        )
        menu.register(
            _("Agreements"), lambda place: reverse("agreements", args=[place.slug]) if place else "", order=40
        )
        second_step.ask(second_steps.asked_of)
        menu.capacities(on_behalf.shown)
