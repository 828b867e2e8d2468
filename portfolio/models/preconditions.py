from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portfolio.models import moments
from portfolio.models.moments import Precision
from portfolio.models.projects import Project


@pghistory.track()
class Deliverable(models.Model):
    """What a project is to hand over: when, when it was handed over, and who accepted it (D4)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="deliverables")
    title = models.CharField(_("deliverable"), max_length=200)
    due_on = models.DateField(_("due"), null=True, blank=True)
    due_precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    accepted_by = models.CharField(_("accepted by"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("deliverable")
        verbose_name_plural = _("deliverables")
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="deliverable_accepted_by_somebody",
                condition=Q(accepted_on=None, accepted_by="") | (Q(accepted_on__isnull=False) & ~Q(accepted_by="")),
                violation_error_message=_("Write both the day it was accepted and who accepted it."),
            ),
            models.CheckConstraint(
                name="deliverable_is_delivered_before_it_is_accepted",
                condition=Q(accepted_on=None) | Q(delivered_on__isnull=False, accepted_on__gte=F("delivered_on")),
                violation_error_message=_(
                    "It is accepted after it is delivered. Write the day it was delivered first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def due(self) -> str:
        return moments.say(self.due_on, self.due_precision)


@pghistory.track()
class Precondition(models.Model):
    """What must be in place before a project can do what it is asked to, as resources in the secretariat (R35)."""

    class Status(models.TextChoices):
        MISSING = "missing", _("not in place")
        PARTLY = "partly", _("partly in place")
        READY = "ready", _("in place")
        DROPPED = "dropped", _("no longer needed")

    OPEN = (Status.MISSING, Status.PARTLY)

    project = models.ForeignKey(Project, models.PROTECT, related_name="preconditions")
    text = models.CharField(_("precondition"), max_length=300)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.MISSING)
    responsible = models.CharField(_("who sees to it"), max_length=200, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("precondition")
        verbose_name_plural = _("preconditions")
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text
