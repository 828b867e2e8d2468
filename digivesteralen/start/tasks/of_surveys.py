"""What waits in surveys and inventories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digivesteralen.accounts.access import allowed
from digivesteralen.start.tasks.task import Task
from governance.models import (
    Appointment,
    Body,
    Collaboration,
    Organisation,
)
from surveys import answering
from surveys.actions.looking_over import open_for
from surveys.addresses import own_url
from surveys.models import ContractAlert, ImportJob, Inventory, Survey, SystemUse
from surveys.rounds import is_delivered


def inventories(user: Any) -> Iterator[Task]:
    """The IT leader's own inventory: an open round, fill in and submit; confirm what others uploaded."""
    own = Inventory.objects.editable_by(user).filter(municipality__kind=Organisation.Kind.MUNICIPALITY)
    for inventory in own.select_related("municipality"):
        place = str(inventory.municipality)
        if SystemUse.objects.awaiting().filter(inventory=inventory).exists():
            yield Task(_("Confirm the systems that were uploaded for you"), inventory.get_absolute_url(), place)
        waiting = [one for one in open_for(inventory.municipality) if not is_delivered(one, inventory)]
        for one in waiting:
            title = _("Confirm or correct the systems: %(round)s") % {"round": one}
            url = reverse("round_own", args=[inventory.municipality.number, one.pk])
            yield Task(title, url, place, one.answer_by, one.example)
        if inventory.is_draft and not waiting:
            title = _("Complete and submit the overview of systems")
            yield Task(title, inventory.get_absolute_url(), place, example=inventory.example)
    missing = allowed(Organisation.objects.municipalities(), user, "governance.edit_inventory").filter(inventory=None)
    for organisation in missing:
        url = reverse("inventory", args=[organisation.number])
        yield Task(_("Begin the overview of systems"), url, str(organisation))


def contract_alerts(user: Any) -> Iterator[Task]:
    """How many days in the own contracts are near, and the nearest of them."""
    near = ContractAlert.objects.visible_to(user).open().order_by()
    owners = near.values("use__inventory__municipality").annotate(count=Count("pk"), first=Min("due_on"))
    counted = {one["use__inventory__municipality"]: one for one in owners}
    for owner in Organisation.objects.filter(pk__in=counted):
        one = counted[owner.pk]
        title = ngettext("%(count)s alert of a contract", "%(count)s alerts of contracts", one["count"])
        url = own_url(owner, "contract_alerts")
        yield Task(title % {"count": one["count"]}, url, str(owner), one["first"])


def reviews(user: Any) -> Iterator[Task]:
    """Inventories that wait to be gone through in the working group that the person sits in."""
    groups = Appointment.objects.active().filter(person__user=user, body__kind=Body.Kind.WORKING)
    for seat in groups.select_related("body__collaboration"):
        assert seat.body is not None
        submitted = Inventory.objects.of(seat.body.collaboration).filter(state=Inventory.State.SUBMITTED)
        for inventory in submitted.select_related("municipality"):
            title = _("Go through the systems of %(municipality)s") % {"municipality": inventory.municipality}
            url = reverse("inventory_systems", args=[seat.body.collaboration.slug])
            place = inventory.municipality.number
            yield Task(title, f"{url}?kommune={place}", str(seat.body), example=inventory.example)


def surveys_to_import(user: Any) -> Iterator[Task]:
    """Open surveys without answers, and imports that were looked at and not applied."""
    places = allowed(Collaboration.objects.all(), user, "governance.manage_surveys")
    imported = Survey.objects.filter(in_portal=False, responses=None)
    open_now = imported.filter(collaboration__in=places, opens_on__lte=timezone.localdate())
    for survey in open_now.filter(Q(closes_on=None) | Q(closes_on__gte=timezone.localdate())):
        title = _("Import the answers to «%(survey)s»") % {"survey": survey}
        yield Task(title, survey.get_absolute_url(), str(survey.collaboration), survey.closes_on, survey.example)
    for job in ImportJob.objects.filter(asked_by=user, state="previewed"):
        title = _("Look over and finish the import of %(file)s") % {"file": job}
        yield Task(title, job.get_absolute_url(), _("Import"))


def surveys_to_answer(user: Any) -> Iterator[Task]:
    """What is open in the portal, for each municipality that the person may answer for."""
    for asked in answering.open_for(user):
        if asked.answered:
            continue
        survey, place = asked.survey, asked.municipality
        title = _("Answer «%(survey)s»") if survey.personal_opinion else _("Answer «%(survey)s» for %(municipality)s")
        url = reverse("answer_survey", args=[survey.collaboration.slug, survey.slug, place.number])
        told = {"survey": survey, "municipality": place}
        yield Task(title % told, url, str(survey.collaboration), survey.closes_on, survey.example)
