"""What external political bodies did with a matter: written down, since they do not meet here (B24)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from governance.models import Body, Case, ExternalTreatment

PREPARE = "governance.prepare_meetings"


@transaction.atomic
def record_treatment(
    *,
    body: Body,
    matter: str,
    treated_on: date,
    outcome: str,
    case: Case | None = None,
    case_number: str = "",
    text: str = "",
    link: str = "",
    example: bool = False,
    by: Any,
) -> ExternalTreatment:
    """Write down day, case number and outcome; it changes no municipality's answer (rule 1)."""
    require(by, PREPARE, on=body.collaboration)
    if body.meets:
        raise NotAllowedNow(_("%(body)s meets here: its resolutions are made in its meetings.") % {"body": body})
    _has_happened(treated_on)
    if case is not None and not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotAllowedNow(_("Choose a case that you may see."))
    return ExternalTreatment.objects.create(
        body=body,
        matter=matter,
        treated_on=treated_on,
        outcome=outcome,
        case=case,
        case_number=case_number,
        text=text,
        link=link,
        registered_by=by,
        example=example,
    )


@transaction.atomic
def correct_treatment(
    *, treatment: ExternalTreatment, version: int | None = None, by: Any, **facts: Any
) -> ExternalTreatment:
    """Mend what was written down; what stood before is in the history."""
    found = ExternalTreatment.objects.select_for_update(of=["self"]).select_related("body__collaboration")
    treatment = found.get(pk=treatment.pk)
    require(by, PREPARE, on=treatment.body.collaboration)
    check_version(treatment, version)
    for fact in ("matter", "treated_on", "outcome", "case_number", "text", "link"):
        setattr(treatment, fact, facts.get(fact, getattr(treatment, fact)))
    _has_happened(treatment.treated_on)
    treatment.version += 1
    treatment.save()
    return treatment


def _has_happened(day: date) -> None:
    if day > timezone.localdate():
        raise NotAllowedNow(_("The day has not come yet. Write the treatment down when it is done."))
