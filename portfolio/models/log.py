from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.models import Case, Collaboration
from portfolio.models.projects import Project


class LogQuerySet(models.QuerySet["LogEntry"]):
    def visible_to(self, user: Any) -> LogQuerySet:
        return self.filter(project__collaboration__in=Collaboration.objects.visible_to(user))

    def standing(self) -> LogQuerySet:
        """Without those that a later entry corrects."""
        return self.filter(corrected_by=None)

    def lessons(self) -> LogQuerySet:
        return self.standing().exclude(lesson="")


@pghistory.track()
class LogEntry(models.Model):
    """What happened in a project, and what was learned (D16, K2, P7). Written once; a correction names the first."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("comment, concern or event")
        CHANGE = "change", _("change request")
        DEVIATION = "deviation", _("deviation")
        DECISION = "decision", _("decision")

    class Concerns(models.TextChoices):
        SCOPE = "scope", _("scope")
        TIME = "time", _("time")
        COST = "cost", _("cost")
        OTHER = "other", _("something else")

    # A change of these names how it was before and how it is after.
    NAMED: ClassVar[list[str]] = [Concerns.SCOPE, Concerns.TIME, Concerns.COST]

    project = models.ForeignKey(Project, models.PROTECT, related_name="log")
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.COMMENT)
    happened_on = models.DateField(_("date"))
    text = models.TextField(_("what happened"))
    reason = models.TextField(_("reason"), blank=True)
    consequence = models.TextField(_("consequence"), blank=True)
    recommendation = models.TextField(_("recommendation"), blank=True)
    lesson = models.TextField(_("lesson"), blank=True)
    concerns = models.CharField(_("concerns"), max_length=5, choices=Concerns, blank=True)
    before = models.CharField(_("before"), max_length=300, blank=True)
    after = models.CharField(_("after"), max_length=300, blank=True)
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="project_log", verbose_name=_("case")
    )
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    written_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    example = models.BooleanField(_("example"), default=False)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["-happened_on", "-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="log_number_once"),
            models.CheckConstraint(
                name="log_entry_says_what",
                condition=~Q(text=""),
                violation_error_message=_("Write what happened."),
            ),
            models.CheckConstraint(
                name="log_change_says_what_it_concerns",
                condition=~Q(kind="change") | ~Q(concerns=""),
                violation_error_message=_("Say what the change concerns: scope, time, cost or something else."),
            ),
            models.CheckConstraint(
                name="log_change_names_before_and_after",
                condition=~Q(concerns__in=["scope", "time", "cost"]) | (~Q(before="") & ~Q(after="")),
                violation_error_message=_(
                    "A change of scope, time or cost names how it was before and how it is after."
                ),
            ),
            models.CheckConstraint(
                name="log_decision_says_who",
                condition=~Q(kind="decision") | Q(case__isnull=False) | ~Q(decided_by=""),
                violation_error_message=_("Say who decided, or choose the case it was decided in."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="written_is_written", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.project}: {self.number}"
