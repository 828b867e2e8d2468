from __future__ import annotations

from typing import Any

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration
from portfolio.models import moments
from portfolio.models.moments import Precision
from portfolio.models.projects import Project


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, user: Any) -> ActivityQuerySet:
        return self.filter(collaboration__in=Collaboration.objects.visible_to(user))


@pghistory.track()
class Activity(models.Model):
    """A line of the collaboration's activity plan: what, when, who answers for it. No line is «missing» (D19, N16)."""

    collaboration = models.ForeignKey(Collaboration, models.PROTECT, related_name="activities")
    title = models.CharField(_("activity"), max_length=200)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("project")
    )
    responsible = models.CharField(
        _("who answers for it"),
        max_length=100,
        blank=True,
        help_text=_("A role or a body, for example «sekretariatet»."),
    )
    starts_on = models.DateField(_("starts"))
    starts_precision = models.CharField(max_length=6, choices=Precision, default=Precision.MONTH)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    ends_precision = models.CharField(max_length=6, choices=Precision, default=Precision.MONTH)
    done_on = models.DateField(_("done"), null=True, blank=True)
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        ordering = ["starts_on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="planned_activity_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The activity must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> str:
        starts = moments.say(self.starts_on, self.starts_precision)
        ends = moments.say(self.ends_on, self.ends_precision)
        return f"{starts} – {ends}" if ends and ends != starts else starts

    @property
    def is_late(self) -> bool:
        return self.done_on is None and self.ends_on is not None and self.ends_on < timezone.localdate()
