from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Body, Case, Collaboration
from portfolio.models import moments
from portfolio.models.moments import Precision
from portfolio.models.projects import Project

# A milestone with a body to be checked with is reached on that body's check alone; what was so before stays (B8).
CHECKED_BEFORE_REACHED = """
    IF NEW.reached_on IS NULL OR NEW.check_with_id IS NULL THEN RETURN NULL; END IF;
    IF TG_OP = 'UPDATE' AND OLD.reached_on IS NOT NULL AND OLD.check_with_id = NEW.check_with_id THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM portfolio_milestonecheck AS made
        WHERE made.milestone_id = NEW.id AND made.body_id = NEW.check_with_id AND made.result <> 'not_ok'
    ) THEN RAISE EXCEPTION 'The body has not checked the milestone.' USING ERRCODE = 'check_violation'; END IF;
    RETURN NULL;
"""


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, user: Any) -> MilestoneQuerySet:
        return self.filter(project__collaboration__in=Collaboration.objects.visible_to(user))

    def not_reached(self) -> MilestoneQuerySet:
        return self.filter(reached_on=None)

    def to_be_checked(self) -> MilestoneQuerySet:
        """Not reached, in a project that is alive, and waiting for its body's check."""
        passed = MilestoneCheck.objects.filter(
            milestone=models.OuterRef("pk"), body=models.OuterRef("check_with"), result__in=MilestoneCheck.PASSED
        )
        waiting = self.not_reached().filter(check_with__isnull=False).exclude(models.Exists(passed))
        return waiting.exclude(project__state__in=[Project.State.FINISHED, Project.State.STOPPED])


@pghistory.track()
class Milestone(models.Model):
    """A point on a project's way, planned and reached, known to the day, month, season or year (N13)."""

    # So long before its time a body is asked to check it.
    CHECKED_AHEAD = timedelta(days=30)

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=200)
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    planned_precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    reached_on = models.DateField(_("reached"), null=True, blank=True)
    reached_precision = models.CharField(max_length=6, choices=Precision, default=Precision.DAY)
    check_with = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="milestones", verbose_name=_("to be checked with")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        ordering = [models.functions.Coalesce("planned_on", "reached_on"), "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="milestone_has_a_day", condition=Q(planned_on__isnull=False) | Q(reached_on__isnull=False)
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="checked_before_reached",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=CHECKED_BEFORE_REACHED,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('milestones', args=[self.project.collaboration.slug, self.project.slug])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"milepel-{self.pk}"

    @property
    def planned(self) -> str:
        return moments.say(self.planned_on, self.planned_precision)

    @property
    def reached(self) -> str:
        return moments.say(self.reached_on, self.reached_precision)

    @property
    def is_late(self) -> bool:
        """Its time is over in a project that is alive; in one that has ended nobody waits for it."""
        alive = self.project.state not in (Project.State.FINISHED, Project.State.STOPPED)
        return alive and self.reached_on is None and self.over

    @property
    def over(self) -> bool:
        return self.planned_on is not None and moments.last_day(self.planned_on, self.planned_precision) < (
            timezone.localdate()
        )


@pghistory.track()
class MilestoneMove(models.Model):
    """That a milestone was planned anew: from when, to when and why. The first is what was planned to begin with."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="moves")
    from_on = models.DateField(_("moved from"))
    from_precision = models.CharField(max_length=6, choices=Precision)
    to_on = models.DateField(_("moved to"))
    to_precision = models.CharField(max_length=6, choices=Precision)
    reason = models.CharField(_("why it is moved"), max_length=300)
    moved_on = models.DateField(_("moved"), default=timezone.localdate)
    moved_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("move of a milestone")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="milestone_move_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Write why the milestone is moved."),
            )
        ]
        triggers = [pgtrigger.Protect(name="stands", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.moved_from} → {self.moved_to}"

    @property
    def moved_from(self) -> str:
        return moments.say(self.from_on, self.from_precision)

    @property
    def moved_to(self) -> str:
        return moments.say(self.to_on, self.to_precision)


@pghistory.track()
class MilestoneCheck(models.Model):
    """«Utsjekk ved milepæl»: what a body found, on which day, in which case if any (B8). Never changed."""

    class Result(models.TextChoices):
        OK = "ok", _("in order")
        REMARKS = "remarks", _("in order, with remarks")
        NOT_OK = "not_ok", _("not in order")

    PASSED: ClassVar[list[str]] = [Result.OK, Result.REMARKS]

    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="checks")
    body = models.ForeignKey(Body, models.PROTECT, related_name="milestone_checks", verbose_name=_("body"))
    checked_by = models.CharField(_("who checked"), max_length=200)
    checked_on = models.DateField(_("checked"))
    result = models.CharField(_("result"), max_length=7, choices=Result)
    remark = models.TextField(_("remark"), blank=True)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="milestone_checks", verbose_name=_("case")
    )
    written_by: Any = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("check of a milestone")
        ordering = ["checked_on", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="milestone_check_says_what_is_wrong",
                condition=Q(result="ok") | ~Q(remark=""),
                violation_error_message=_("Write the remark."),
            )
        ]
        triggers = [pgtrigger.Protect(name="stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.body}: {self.get_result_display()}"
