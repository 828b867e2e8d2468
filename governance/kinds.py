"""The jobs and documents of who we are: whose they are, which right they take, how they are made."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext_lazy as _

from digivesteralen.documents import registry
from governance import agreement_document, emergency, letters, proposal_mail
from governance.models import (
    Adoption,
    Agreement,
    Body,
    Case,
    Collaboration,
    Membership,
    Organisation,
    Proposal,
    ProposalStep,
)


def register() -> None:
    """Called once, when the app is ready."""
    see, on_behalf = "governance.view_collaboration", "governance.register_on_behalf"
    for name, title in [("agreement", _("Agreement")), ("agreement_draft", _("Draft of an agreement"))]:
        registry.register(
            f"governance.{name}",
            container=of_agreement,
            right=see,
            work=agreement_document.make,
            title=title,
            stays=name == "agreement",
        )
    # Read through the page of the attachment, which asks for more; by its own address for those who read all papers.
    registry.register(
        "governance.case_attachment",
        container=body_of_sent_case,
        right="governance.view_papers",
        title=_("Attachment"),
        erasable=True,
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
    registry.register("governance.membership_extract", container=of_member, right=see, title=_("Extract"))
    registry.register("governance.resolution_extract", container=of_agreement, right=see, title=_("Extract"))
    registry.register(
        "governance.membership_told",
        container=of_membership,
        right=on_behalf,
        work=letters.membership_told,
        title=_("E-mail about a registration on behalf of a municipality"),
        queue="mail",
    )
    registry.register(
        "governance.membership_contested",
        container=of_membership,
        right=on_behalf,
        work=letters.membership_contested,
        title=_("E-mail about a municipality that says it is not a member"),
        queue="mail",
    )
    for name, work, title in [
        ("adoption_told", letters.adoption_told, _("E-mail about a registration on behalf of a municipality")),
        ("adoption_reminder", letters.adoption_reminder, _("Reminder to a municipality")),
    ]:
        registry.register(
            f"governance.{name}", container=of_adoption, right=on_behalf, work=work, title=title, queue="mail"
        )
    for kind, container, work, title in [
        (proposal_mail.STEP, of_step, proposal_mail.send_step, _("E-mail about a proposal")),
        (proposal_mail.SIGNAL, of_proposal, proposal_mail.send_signal, _("E-mail to ask for a signal")),
    ]:
        prepare = "governance.prepare_meetings"
        registry.register(kind, container=container, right=prepare, work=work, title=title, queue="mail")
    registry.register(
        emergency.KIND,
        container=emergency.collaboration_of,
        right="governance.view_exempt",
        work=emergency.send,
        title=_("E-mail about an emergency access"),
        queue="mail",
    )
    registry.register(
        "governance.invitation",
        container=of_person,
        right="governance.manage_collaboration",
        work=letters.invitation,
        title=_("Invitation to sign in"),
        queue="mail",
    )


def body_of_sent_case(subject: str) -> Body:
    """«17:…»: the case that the file was attached to first."""
    return Case.objects.select_related("body").get(pk=subject.partition(":")[0], sequence__isnull=False).body


def of_member(subject: str) -> Collaboration:
    """«3:17»: the collaboration, and the municipality whose decision it is."""
    return Collaboration.objects.get(pk=subject.partition(":")[0])


def of_membership(subject: str) -> Collaboration:
    return Membership.objects.select_related("collaboration").get(pk=subject).collaboration


def of_agreement(subject: str) -> Collaboration:
    return Agreement.objects.select_related("collaboration").get(pk=subject).collaboration


def of_adoption(subject: str) -> Collaboration:
    return Adoption.objects.select_related("collaboration").get(pk=subject).collaboration


def of_open_adoption(subject: str) -> Collaboration:
    """A case that became exempt takes the extracts with it (rule 8)."""
    adoption = Adoption.objects.select_related("collaboration", "case").get(pk=subject)
    if adoption.case is not None and adoption.case.is_exempt:
        raise ObjectDoesNotExist
    return adoption.collaboration


def municipality_of(subject: str) -> Organisation:
    return Adoption.objects.select_related("organisation").get(pk=subject).organisation


def delegating(subject: str) -> Organisation:
    return Organisation.objects.get(pk=subject)


def of_step(subject: str) -> Collaboration:
    return ProposalStep.objects.select_related("collaboration").get(pk=subject).collaboration


def of_proposal(subject: str) -> Collaboration:
    return Proposal.objects.select_related("collaboration").get(pk=subject).collaboration


def of_person(subject: str) -> Any:
    """The collaboration that registered the person first."""
    return Collaboration.objects.filter(known_people=int(subject)).earliest("pk")
