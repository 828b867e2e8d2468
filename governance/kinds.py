"""The jobs and documents of who we are: whose they are, which right they take, how they are made."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents import registry
from governance import agreement_document, letters
from governance.models import Adoption, Agreement, Collaboration, Organisation


def register() -> None:
    """Called once, when the app is ready."""
    see, on_behalf = "governance.view_collaboration", "governance.register_on_behalf"
    for name, title in [("agreement", _("Agreement")), ("agreement_draft", _("Draft of an agreement"))]:
        registry.register(
            f"governance.{name}", container=of_agreement, right=see, work=agreement_document.make, title=title
        )
    registry.register("governance.extract", container=of_open_adoption, right=see, title=_("Extract"))
    registry.register(
        "governance.exempt_extract", container=municipality_of, right="governance.view_organisation", title=_("Extract")
    )
    registry.register(
        "governance.delegation_extract",
        container=delegating,
        right="governance.view_organisation",
        title=_("Extract"),
    )
    for name, work, title in [
        ("adoption_told", letters.adoption_told, _("E-mail about a registration on behalf of a municipality")),
        ("adoption_reminder", letters.adoption_reminder, _("Reminder to a municipality")),
    ]:
        registry.register(
            f"governance.{name}", container=of_adoption, right=on_behalf, work=work, title=title, queue="mail"
        )
    registry.register(
        "governance.invitation",
        container=of_person,
        right="governance.manage_collaboration",
        work=letters.invitation,
        title=_("Invitation to sign in"),
        queue="mail",
    )


def of_agreement(subject: str) -> Collaboration:
    return Agreement.objects.select_related("collaboration").get(pk=subject).collaboration


def of_adoption(subject: str) -> Collaboration:
    return Adoption.objects.select_related("collaboration").get(pk=subject).collaboration


def of_open_adoption(subject: str) -> Collaboration:
    """A case that became exempt takes the extracts with it (rule 8)."""
    adoption = Adoption.objects.select_related("collaboration", "case").get(pk=subject)
    if adoption.case is not None and adoption.case.exempt:
        raise ObjectDoesNotExist
    return adoption.collaboration


def municipality_of(subject: str) -> Organisation:
    return Adoption.objects.select_related("organisation").get(pk=subject).organisation


def delegating(subject: str) -> Organisation:
    return Organisation.objects.get(pk=subject)


def of_person(subject: str) -> Any:
    """The collaboration that registered the person first."""
    return Collaboration.objects.filter(known_people=int(subject)).earliest("pk")
