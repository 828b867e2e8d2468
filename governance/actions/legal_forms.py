"""The organisational form by date, and the assessment of whether it still fits (R4, R6)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from digivesteralen.accounts.access import NotAllowedNow, check_version, require
from digivesteralen.ui import wording
from governance import checklists
from governance.legal_forms import agreement_lacks
from governance.models import Agreement, Collaboration, FormReview, LegalFormPeriod

RIGHT = "governance.manage_collaboration"


def begin_with(collaboration: Collaboration, form: str) -> LegalFormPeriod:
    """The form a collaboration has from its first day, told by the one who makes it."""
    if refusal := checklists.name_lacks(form, collaboration.name):
        raise NotAllowedNow(refusal)
    return LegalFormPeriod.objects.create(collaboration=collaboration, form=form, name=collaboration.name)


@transaction.atomic
def change_form(
    *,
    collaboration: Collaboration,
    form: str,
    since: date,
    decided_by: str,
    name: str = "",
    agreement: Agreement | None = None,
    example: bool = False,
    by: Any,
) -> LegalFormPeriod:
    """Another form from a day; the forms before stay, and the rules of cases follow the day."""
    collaboration = Collaboration.objects.select_for_update(of=["self"]).get(pk=collaboration.pk)
    require(by, RIGHT, on=collaboration)
    name = name or collaboration.name
    if refusal := checklists.name_lacks(form, name, since):
        raise NotAllowedNow(refusal)
    if agreement is not None and agreement.collaboration_id != collaboration.pk:
        raise NotAllowedNow(_("Choose an agreement of this collaboration."))
    if refusal := agreement_lacks(form, since, agreement):
        raise NotAllowedNow(refusal)
    if collaboration.legal_form_on(since) == form:
        raise NotAllowedNow(_("The collaboration has this form already on that day."))
    facts = {"form": form, "name": name, "decided_by": decided_by, "agreement": agreement, "example": example}
    if refusal := _too_early(collaboration, since):
        raise NotAllowedNow(refusal)
    return LegalFormPeriod.objects.update_or_create(collaboration=collaboration, since=since, defaults=facts)[0]


@transaction.atomic
def take_back_form(*, period: LegalFormPeriod, by: Any) -> None:
    """A form that has not begun is taken back; it stays in the history."""
    period = LegalFormPeriod.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=period.pk)
    require(by, RIGHT, on=period.collaboration)
    if not period.is_to_come:
        raise NotAllowedNow(_("The form has begun, and stays in the history. Register a new form from a later day."))
    period.delete()


@transaction.atomic
def raise_review(
    *,
    collaboration: Collaboration,
    trigger: str,
    note: str = "",
    raised_on: date | None = None,
    example: bool = False,
    by: Any,
) -> FormReview:
    """Say that the organisational form must be assessed, and why; the flag stands until it is done."""
    collaboration = Collaboration.objects.select_for_update(of=["self"]).get(pk=collaboration.pk)
    require(by, RIGHT, on=collaboration)
    if collaboration.form_reviews.filter(assessed_on=None).exists():
        raise NotAllowedNow(_("An assessment is under way already. Write its conclusion first."))
    day = raised_on or timezone.localdate()
    if day > timezone.localdate():
        raise NotAllowedNow(_("The day is in the future. Write the day on which it was raised."))
    return FormReview.objects.create(
        collaboration=collaboration, trigger=trigger, note=note, raised_on=day, example=example
    )


@transaction.atomic
def assess(
    *,
    review: FormReview,
    version: int | None = None,
    result: str,
    conclusion: str,
    assessed_on: date,
    assessed_by: str = "",
    next_review: date | None = None,
    by: Any,
) -> FormReview:
    """The dated assessment: what was concluded, by whom, and when it is looked at again. It changes no form."""
    review = FormReview.objects.select_for_update(of=["self"]).select_related("collaboration").get(pk=review.pk)
    require(by, RIGHT, on=review.collaboration)
    check_version(review, version)
    if review.assessed_on is not None:
        raise NotAllowedNow(_("The assessment is made. Raise a new one if something has changed."))
    if not review.raised_on <= assessed_on <= timezone.localdate():
        raise NotAllowedNow(
            _("Write a day from %(day)s, when it was raised, until today.") % {"day": wording.day(review.raised_on)}
        )
    review.result, review.conclusion, review.assessed_on = result, conclusion, assessed_on
    review.assessed_by, review.next_review = assessed_by, next_review
    review.version += 1
    review.save()
    return review


def _too_early(collaboration: Collaboration, since: date) -> str:
    """History is not rewritten: a new form begins after those that have begun."""
    begun = [one for one in collaboration.legal_forms.all() if one.since and not one.is_to_come and one.since >= since]
    if not begun:
        return ""
    newest = max(one.since for one in begun if one.since)
    return _("The form in use began %(day)s. Choose a later day.") % {"day": wording.day(newest)}
