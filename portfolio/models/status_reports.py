from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models import Collaboration, Meeting
from portfolio.models.projects import Project

LIGHTS = ["overall", "progress", "economy", "quality", "risk", "benefit"]


class StatusReportQuerySet(models.QuerySet["StatusReport"]):
    def visible_to(self, user: Any) -> StatusReportQuerySet:
        """What is published is read by all in the collaboration, a draft by those who may write it."""
        seen = Collaboration.objects.visible_to(user)
        own = Project.objects.reported_by(user)
        return self.filter(Q(state=StatusReport.State.PUBLISHED) | Q(project__in=own), project__collaboration__in=seen)

    def published(self) -> StatusReportQuerySet:
        return self.filter(state=StatusReport.State.PUBLISHED)

    def drafts(self) -> StatusReportQuerySet:
        return self.filter(state=StatusReport.State.DRAFT)

    def newest_first(self) -> StatusReportQuerySet:
        return self.order_by("-reported_for", "-pk")

    def newest(self) -> StatusReportQuerySet:
        """The last published report of each project."""
        return self.published().order_by("project_id", "-reported_for", "-pk").distinct("project_id")


@pghistory.track()
class StatusReport(models.Model):
    """How a project stands: one light and three lines, or six lights with comments (D15). draft → published, frozen.

    A published report is what the steering group read: a correction is the next report, also on the same day (rule 7).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    class Light(models.TextChoices):
        GREEN = "green", _("as planned")
        YELLOW = "yellow", _("needs attention")
        RED = "red", _("needs action")

    class Progress(models.TextChoices):
        AHEAD = "ahead", _("ahead of the plan")
        ON_PLAN = "on_plan", _("on plan")
        SMALL_DELAY = "small_delay", _("minor delays")
        DELAYED = "delayed", _("delayed")

    class Economy(models.TextChoices):
        UNDER = "under", _("under budget")
        ON_BUDGET = "on_budget", _("on budget")
        SMALL_OVERRUN = "small_overrun", _("minor overruns")
        OVER = "over", _("over budget")
        UNKNOWN = "unknown", _("not known")

    class Quality(models.TextChoices):
        BETTER = "better", _("better than specified")
        AS_SPECIFIED = "as_specified", _("as specified")
        SMALL_DEVIATION = "small_deviation", _("minor deviations")
        LARGE_DEVIATION = "large_deviation", _("major deviations")

    class Risk(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    class Benefits(models.TextChoices):
        NOT_BEGUN = "not_begun", _("not begun")
        AHEAD = "ahead", _("ahead of the plan")
        ON_PLAN = "on_plan", _("on plan")
        SMALL_DELAY = "small_delay", _("minor delays")
        DELAYED = "delayed", _("delayed")

    # What colour each answer of the other lights has; the word always stands beside it.
    COLOURS: ClassVar[dict[str, str]] = {
        "green": "success", "yellow": "warning", "red": "danger",
        "ahead": "success", "on_plan": "success", "small_delay": "warning", "delayed": "danger",
        "under": "success", "on_budget": "success", "small_overrun": "warning", "over": "danger", "unknown": "neutral",
        "better": "success", "as_specified": "success", "small_deviation": "warning", "large_deviation": "danger",
        "low": "success", "medium": "warning", "high": "danger", "not_begun": "neutral",
    }  # fmt: skip

    project = models.ForeignKey(Project, models.PROTECT, related_name="status_reports")
    reported_for = models.DateField(_("status on"))
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="status_reports", verbose_name=_("for the meeting")
    )
    full = models.BooleanField(_("six lights"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    unchanged = models.BooleanField(_("unchanged since the last"), default=False)
    overall = models.CharField(_("overall status"), max_length=16, choices=Light, blank=True)
    overall_text = models.TextField(_("in short"), blank=True)
    progress = models.CharField(_("progress"), max_length=16, choices=Progress, blank=True)
    progress_text = models.TextField(_("progress, comment"), blank=True)
    economy = models.CharField(_("economy"), max_length=16, choices=Economy, blank=True)
    economy_text = models.TextField(_("economy, comment"), blank=True)
    quality = models.CharField(_("quality"), max_length=16, choices=Quality, blank=True)
    quality_text = models.TextField(_("quality, comment"), blank=True)
    risk = models.CharField(_("risk and opportunities"), max_length=16, choices=Risk, blank=True)
    risk_text = models.TextField(_("risk and opportunities, comment"), blank=True)
    benefit = models.CharField(_("benefits"), max_length=16, choices=Benefits, blank=True)
    benefit_text = models.TextField(_("benefits, comment"), blank=True)
    facts = models.JSONField(_("figures as they stood when it was published"), default=dict)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    written_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    example = models.BooleanField(_("example"), default=False)
    version = models.PositiveIntegerField(default=1)

    objects = StatusReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("status report")
        verbose_name_plural = _("status reports")
        ordering = ["-reported_for", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state="draft"), name="status_report_one_draft_at_a_time"
            ),
            # Pressed twice, «unchanged» is said once.
            models.UniqueConstraint(
                fields=["project", "reported_for"],
                condition=Q(unchanged=True),
                name="status_report_unchanged_once_a_day",
            ),
            models.CheckConstraint(
                name="status_report_published_has_a_light",
                condition=Q(state="draft", overall="") | Q(overall__in=["green", "yellow", "red"]),
                violation_error_message=_("Choose a light before the report is published."),
            ),
            models.CheckConstraint(
                name="status_report_published_has_a_moment",
                condition=Q(state="draft", published_at=None) | Q(state="published", published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="status_report_full_has_six_lights",
                condition=Q(full=False)
                | Q(state="draft")
                | ~(Q(progress="") | Q(economy="") | Q(quality="") | Q(risk="") | Q(benefit="")),
                violation_error_message=_("Answer all six before the report is published."),
            ),
            models.CheckConstraint(
                name="status_report_says_something",
                condition=Q(state="draft")
                | (Q(full=True) & ~Q(overall_text=""))
                | (Q(full=False) & ~(Q(progress_text="") | Q(economy_text="") | Q(risk_text=""))),
                violation_error_message=_("Write the three lines before the report is published."),
            ),
        ]
        indexes = [models.Index(fields=["project", "-reported_for", "-id"], name="status_report_newest_first")]
        triggers = [
            pgtrigger.Protect(
                name="published_is_published",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="published"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.reported_for:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("status_report", args=[self.project.collaboration.slug, self.project.slug, self.pk])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def lights(self) -> list[tuple[str, str, str, str]]:
        """What it is about, the answer in words, its colour and the comment; three lines have comments alone."""
        names = {name: self._meta.get_field(name).verbose_name for name in LIGHTS}  # type: ignore[union-attr]
        if not self.full:
            names = {"overall": names["overall"], "progress": _("progress"), "economy": _("economy"), "risk": _("risk")}
        return [
            (
                str(label),
                str(getattr(self, f"get_{name}_display")()),
                self.COLOURS.get(getattr(self, name), "neutral"),
                getattr(self, f"{name}_text"),
            )
            for name, label in names.items()
        ]
