"""«Ditt syn i styringsgruppen»: what a director says in the body; never the municipality's own decision (rule 1)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import AgendaItem, Appointment, Body, Case, Opinion, Organisation, Role

RIGHT = "governance.give_view"


@transaction.atomic
def give_view(
    *, case: Case, organisation: Organisation, stance: str, text: str = "", version: int | None = None, by: Any
) -> Opinion:
    """Say what the municipality's director thinks of the proposal, until the meeting is held."""
    case = Case.objects.select_for_update(of=("self",)).select_related("body").get(pk=case.pk)
    require(by, RIGHT, on=case.body)
    seat = seats_of(by, case.body).filter(represents=organisation).first()
    if seat is None:
        raise NotAllowedNow(_("You hold no seat for this municipality in the body."))
    if not is_open(case):
        raise NotAllowedNow(_("Views can be given from the agenda is sent until the meeting is held."))
    opinion = Opinion.objects.select_for_update().filter(case=case, organisation=organisation).first()
    if opinion is None:
        opinion = Opinion(case=case, organisation=organisation, version=0)
    else:
        check_version(opinion, version)
    opinion.stance, opinion.text, opinion.person = stance, text, seat.person
    opinion.given_at = timezone.now()
    opinion.version += 1
    opinion.save()
    return opinion


def is_open(case: Case) -> bool:
    """Whether the case stands on an agenda that is out, in a meeting that is not held."""
    return (
        case.stage == Case.Stage.ON_AGENDA
        and AgendaItem.objects.filter(case=case, withdrawn=False, meeting__state__in=["called", "in_progress"]).exists()
    )


def seats_of(user: Any, body: Body) -> Any:
    """The seats a person fills in the body today, as member or substitute; one for each municipality."""
    if not user.is_authenticated:
        return Appointment.objects.none()
    return (
        Appointment.objects.active()
        .filter(person__user=user, body=body, role__in=[Role.STEERING, Role.SUBSTITUTE])
        .select_related("person", "represents")
        .order_by("represents_id", "role", "pk")
        .distinct("represents_id")
    )
