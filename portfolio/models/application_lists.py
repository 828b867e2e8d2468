from __future__ import annotations

from datetime import date
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import Case, Collaboration, Organisation, locks
from portfolio.models.grants import Grant
from portfolio.models.ideas import Idea

# What a body has decided stands: no application is added, moved, changed or taken out afterwards (rule 7).
FROZEN = """
    IF EXISTS (SELECT 1 FROM portfolio_applicationlist WHERE id IN ({ids}) AND decided_on IS NOT NULL)
    THEN RAISE EXCEPTION 'The list is decided: it stands as it was.' USING ERRCODE = 'check_violation'; END IF;
    RETURN {row};
"""


class ApplicationListQuerySet(models.QuerySet["ApplicationList"]):
    def visible_to(self, user: Any) -> ApplicationListQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class ApplicationList(models.Model):
    """Applications for the same money, in the order that a body decides (R22, «30-23»).

    The secretariat proposes an order; the body may change it, and both are kept. Once decided, it stands.
    """

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="application_lists")
    title = models.CharField(_("title"), max_length=200)
    money = models.CharField(_("which money"), max_length=200, blank=True)
    grant = models.ForeignKey(
        Grant, models.PROTECT, null=True, blank=True, related_name="application_lists", verbose_name=_("grant")
    )
    who = models.CharField(_("who may apply"), max_length=300, blank=True)
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="application_lists", verbose_name=_("decided in case")
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ApplicationListQuerySet.as_manager()

    class Meta:
        verbose_name = _("application list")
        verbose_name_plural = _("application lists")
        ordering = [models.F("deadline").desc(nulls_first=True), "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="application_list_is_decided_in_a_case",
                condition=Q(case=None, decided_on=None) | Q(case__isnull=False, decided_on__isnull=False),
                violation_error_message=_("The order is decided in a case, on a day."),
            )
        ]
        triggers = [
            locks.never_deleted(),
            pgtrigger.Protect(
                name="decided_list_stands",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__decided_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("application_list", args=[self.collaboration.slug, self.pk])

    @property
    def is_decided(self) -> bool:
        return self.decided_on is not None

    def is_open_on(self, day: date | None = None) -> bool:
        """Applications are taken in: it is not decided, and the deadline is not past."""
        return not self.is_decided and (self.deadline is None or self.deadline >= (day or timezone.localdate()))


@pghistory.track()
class Application(models.Model):
    """One application in a list: an idea, who applies, and for how much."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", pgettext_lazy("application", "granted")
        NOT_PRIORITISED = "not_prioritised", pgettext_lazy("application", "not prioritised")

    list = models.ForeignKey(ApplicationList, models.PROTECT, related_name="applications")
    idea = models.ForeignKey(Idea, models.PROTECT, related_name="applications", verbose_name=_("idea"))
    applicant = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", verbose_name=_("who applies")
    )
    amount = models.DecimalField(_("amount applied for, NOK"), max_digits=14, decimal_places=2)
    position = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    proposed = models.PositiveSmallIntegerField(_("place proposed by the secretariat"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("application")
        ordering = ["position"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["list", "position"], name="application_place_once", deferrable=Deferrable.DEFERRED
            ),
            models.UniqueConstraint(
                fields=["list", "idea", "applicant"],
                name="application_once",
                violation_error_message=_("They have applied with this idea already."),
            ),
            models.CheckConstraint(
                name="application_amount_above_zero",
                condition=Q(amount__gt=0),
                violation_error_message=_("Write an amount above zero."),
            ),
            models.CheckConstraint(name="application_place_counts_from_one", condition=Q(position__gte=1)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="decided_list_takes_no_more", when=pgtrigger.Before, operation=pgtrigger.Insert,
                func=FROZEN.format(ids="NEW.list_id", row="NEW"),
            ),
            pgtrigger.Trigger(
                name="decided_application_stands", when=pgtrigger.Before, operation=pgtrigger.Update,
                func=FROZEN.format(ids="OLD.list_id, NEW.list_id", row="NEW"),
            ),
            pgtrigger.Trigger(
                name="decided_application_stays", when=pgtrigger.Before, operation=pgtrigger.Delete,
                func=FROZEN.format(ids="OLD.list_id", row="OLD"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.position}. {self.idea.title} ({self.applicant})"

    @property
    def moved(self) -> bool:
        """The body gave it another place than the secretariat proposed."""
        return self.proposed is not None and self.proposed != self.position
