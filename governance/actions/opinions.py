"""«Ditt syn i styringsgruppen»: what a director says in the body; never the municipality's own decision (rule 1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance import on_behalf
from governance.models import (
    AgendaItem,
    Appointment,
    Body,
    Case,
    Disqualification,
    Meeting,
    Opinion,
    Organisation,
    Role,
    RuleProfile,
)

RIGHT = "governance.give_view"


@transaction.atomic
def give_view(
    *,
    case: Case,
    organisation: Organisation,
    stance: str,
    text: str = "",
    accepts_writing: bool | None = None,
    version: int | None = None,
    by: Any,
    at: datetime | None = None,
) -> Opinion:
    """Say what the municipality's director thinks of the proposal: until the meeting is held, or by the deadline."""
    case = Case.objects.select_for_update(of=("self",)).select_related("body").get(pk=case.pk)
    require(by, RIGHT, on=case.body)
    seat = seats_of(by, case.body).filter(represents=organisation).first()
    if seat is None:
        raise NotAllowedNow(_("You hold no seat for this municipality in the body."))
    on_behalf.speak_for(by, organisation)
    require_open(case, at)
    _takes_part(case, seat)
    opinion = Opinion.objects.select_for_update().filter(case=case, organisation=organisation).first()
    if opinion is None:
        opinion = Opinion(case=case, organisation=organisation, version=0)
    else:
        check_version(opinion, version)
    opinion.stance, opinion.text, opinion.person = stance, text, seat.person
    opinion.accepts_writing = bool(accepts_writing) if asks_about_form(round_of(case)) else None
    opinion.given_at = at or timezone.now()
    opinion.version += 1
    opinion.save()
    return opinion


def _takes_part(case: Case, seat: Appointment) -> None:
    """Who is registered as disqualified in a written treatment of the case does not answer in it (rule 5)."""
    down = Disqualification.objects.filter(item__case=case, item__meeting__written=True, person=seat.person)
    if down.filter(state=Disqualification.State.DISQUALIFIED).exists():
        raise NotAllowedNow(
            _(
                "You are registered as disqualified in this case, so you don't answer in it. Your substitute can answer"
                " instead; if it is wrong, ask the secretariat to remove it."
            )
        )


def is_open(case: Case, at: datetime | None = None) -> bool:
    """Whether the case stands on an agenda that is out: in a meeting not held, or a round before its deadline."""
    return (
        case.stage == Case.Stage.ON_AGENDA
        and AgendaItem.objects.filter(case=case, withdrawn=False, meeting__in=Meeting.objects.taking_views(at)).exists()
    )


def require_open(case: Case, at: datetime | None = None) -> None:
    """Refuse with the sentence that fits: the deadline of a written treatment, or the meeting."""
    if is_open(case, at):
        return
    treatment = round_of(case)
    if treatment is None or treatment.answer_by is None:
        raise NotAllowedNow(_("Views can be given from the agenda is sent until the meeting is held."))
    if not treatment.is_out_for_answers or case.stage != Case.Stage.ON_AGENDA:
        raise NotAllowedNow(
            _("The written treatment is over, so no more answers are taken. The deadline was %(moment)s.")
            % {"moment": wording.moment(treatment.answer_by)}
        )
    raise NotAllowedNow(
        _("The deadline for answers was %(moment)s. Ask the secretariat if you need more time.")
        % {"moment": wording.moment(treatment.answer_by)}
    )


def round_of(case: Case) -> Meeting | None:
    """The written treatment the case was last sent to, if it was."""
    items = AgendaItem.objects.filter(case=case).select_related("meeting__body__collaboration")
    return written_treatment(items.order_by("-pk").first())


def written_treatment(newest: AgendaItem | None) -> Meeting | None:
    """… told by the agenda it was last put on."""
    return newest.meeting if newest and newest.meeting.written else None


def asks_about_form(treatment: Meeting | None) -> bool:
    """An elected body decides in writing only when every member agrees to that too, so each is asked."""
    return treatment is not None and treatment.profile.between_meetings == RuleProfile.Between.STRICT


def seats_of(user: Any, body: Body) -> Any:
    """The seats a person fills in the body today, as member or substitute; one for each municipality."""
    if not user.is_authenticated:
        return Appointment.objects.none()
    return (
        Appointment.objects.active()
        .filter(person__user=user, body=body, role__in=[Role.STEERING, Role.SUBSTITUTE], represents__isnull=False)
        .select_related("person", "represents")
        .order_by("represents_id", "role", "pk")
        .distinct("represents_id")
    )
