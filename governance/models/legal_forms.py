from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models.agreements import Agreement
from governance.models.collaborations import Collaboration

# A form that has begun is history: a later one takes over from its own day. One that is still to come can be mended.
BEGUN_STAYS = """
    IF OLD.since IS NULL OR OLD.since <= (now() AT TIME ZONE 'Europe/Oslo')::date THEN
        RAISE EXCEPTION 'The organisational form has begun: register a new one from a later day.';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


@pghistory.track()
class LegalFormPeriod(models.Model):
    """The organisational form a collaboration has from a day on, and who decided it; the one before stays (R4, R6)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="legal_forms")
    form = models.CharField(_("organisational form"), max_length=10, choices=Collaboration.LegalForm)
    since = models.DateField(_("from"), null=True, blank=True)
    name = models.CharField(_("name under this form"), max_length=200, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=300, blank=True)
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="legal_forms", verbose_name=_("agreement")
    )
    example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("organisational form")
        default_permissions: ClassVar[tuple[str, ...]] = ()
        ordering: ClassVar = [F("since").desc(nulls_last=True)]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collaboration", "since"], nulls_distinct=False, name="one_legal_form_from_a_day"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="begun_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=BEGUN_STAYS,
            )
        ]

    def __str__(self) -> str:
        return self.get_form_display()

    @property
    def is_to_come(self) -> bool:
        return self.since is not None and self.since > timezone.localdate()


class FormReviewQuerySet(models.QuerySet["FormReview"]):
    def newest_first(self) -> FormReviewQuerySet:
        return self.order_by("-raised_on", "-pk")


@pghistory.track()
class FormReview(models.Model):
    """«Vurder organisasjonsform»: what made it necessary, and the dated assessment that answers it (R6)."""

    class Trigger(models.TextChoices):
        TASKS = "tasks", _("tasks are to move to the collaboration")
        AUTHORITY = "authority", _("decisions would be made on behalf of the municipalities")
        STAFF = "staff", _("the collaboration needs to employ, own or borrow")
        ROUTINE = "routine", _("the agreed review")
        OTHER = "other", _("something else")

    class Result(models.TextChoices):
        KEEP = "keep", _("the form is kept")
        CHANGE = "change", _("the form should change")

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="form_reviews")
    raised_on = models.DateField(_("raised on"), default=timezone.localdate)
    trigger = models.CharField(_("what makes it necessary"), max_length=10, choices=Trigger)
    note = models.TextField(_("what it is about"), blank=True)
    assessed_on = models.DateField(_("assessed on"), null=True, blank=True)
    assessed_by = models.CharField(_("assessed by"), max_length=200, blank=True)
    result = models.CharField(_("result"), max_length=6, choices=Result, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    next_review = models.DateField(_("next review"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = FormReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment of the organisational form")
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["collaboration"], condition=Q(assessed_on=None), name="one_open_form_review"
            ),
            models.CheckConstraint(
                name="form_review_assessed_says_what",
                condition=Q(assessed_on=None, result="", conclusion="", next_review=None)
                | (Q(assessed_on__gte=F("raised_on")) & ~Q(result="") & ~Q(conclusion="")),
                violation_error_message=_("Write the day, the result and the conclusion of the assessment."),
            ),
            models.CheckConstraint(
                name="form_review_next_is_later",
                condition=Q(next_review=None) | Q(next_review__gt=F("assessed_on")),
                violation_error_message=_("The next review must be after the assessment."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="assessed_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__assessed_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.get_trigger_display()

    @property
    def is_due_again(self) -> bool:
        return self.next_review is not None and self.next_review <= timezone.localdate()
