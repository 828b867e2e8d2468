"""A treated case goes on to another body, and what comes back is told where it began (X5)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance import exemption
from governance.actions.cases import RIGHT, TEXTS, carry_over, locked
from governance.models import Body, Case, Forwarding, ResolutionPoint


@transaction.atomic
def forward_case(
    *,
    case: Case,
    body: Body | None = None,
    receiver: str = "",
    sent_on: date | None = None,
    note: str = "",
    example: bool = False,
    by: Any,
) -> Forwarding:
    """Send a treated case on; a body in the portal gets a case of its own, to prepare and number as its others."""
    case = locked(case, None)
    require(by, RIGHT, on=case.body.collaboration)
    day = sent_on or timezone.localdate()
    _may_be_forwarded(case, body, receiver, day)
    received = _received(case, body, by) if body else None
    return Forwarding.objects.create(
        case=case,
        body=body,
        receiver="" if body else receiver,
        sent_on=day,
        note=note,
        received_as=received,
        registered_by=by,
        example=example or case.example,
    )


@transaction.atomic
def register_answer(
    *, forwarding: Forwarding, version: int | None = None, answer: str, answered_on: date, by: Any
) -> Forwarding:
    """What the receiver answered, and when."""
    forwarding = Forwarding.objects.select_for_update().get(pk=forwarding.pk)
    check_version(forwarding, version)
    require(by, RIGHT, on=forwarding.case.body.collaboration)
    if not forwarding.sent_on <= answered_on <= timezone.localdate():
        raise NotAllowedNow(
            _("The case was forwarded on %(sent)s. The answer's day has to be between that and today.")
            % {"sent": wording.short_day(forwarding.sent_on)}
        )
    forwarding.answer, forwarding.answered_on = answer, answered_on
    forwarding.version += 1
    forwarding.save(update_fields=["answer", "answered_on", "version"])
    return forwarding


def _may_be_forwarded(case: Case, body: Body | None, receiver: str, day: date) -> None:
    if case.stage != Case.Stage.TREATED:
        raise NotAllowedNow(_("Only a case that the body has treated can be forwarded."))
    if bool(body) == bool(receiver):
        raise NotAllowedNow(_("Choose a body in the portal, or write the name of one outside it."))
    if day > timezone.localdate():
        raise NotAllowedNow(_("The day is in the future. Register it when the case is forwarded."))
    if body and body == case.body:
        raise NotAllowedNow(_("The case is treated by this body already."))
    if case.forwardings.filter(body=body, receiver="" if body else receiver).exists():
        raise NotAllowedNow(_("The case is already forwarded to %(body)s.") % {"body": body or receiver})


def _received(case: Case, body: Body, by: Any) -> Case:
    require(by, RIGHT, on=body.collaboration)
    own = {"case_officer", "asks_municipalities", "proposal"}
    texts = {name: getattr(case, name) for name in TEXTS if name not in own}
    points = ResolutionPoint.objects.filter(resolution__item__case=case).order_by("resolution", "number")
    resolution = "\n".join(points.values_list("text", flat=True))
    received = Case(body=body, proposal=resolution or case.proposal, example=case.example, **texts)
    exemption.require_lawful(received, body)
    received.save()
    carry_over(case, received)
    return received
